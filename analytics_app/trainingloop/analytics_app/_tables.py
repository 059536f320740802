"""The tables, and what a click on one of their rows asks for."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

import streamlit as st

from trainingloop.analytics_app._markup import COLOURS, KIND_LABELS, KIND_TONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from trainingloop.analytics_app._view import PageName, View

    Columns = Mapping[str, Any]

_TIME: Final = "YYYY-MM-DD HH:mm:ss"


def decision_table(decisions: pd.DataFrame, view: View) -> str:
    """Draw a page of decisions; return the id of the one that was clicked, or ""."""
    shown = _measured(decisions).assign(
        # A list, because only the column of lists draws its values as coloured pills.
        kind=decisions["decision_kind"].map(lambda kind: [KIND_LABELS.get(str(kind), str(kind))]),
        link=[_href("decision", view, id=str(name)) for name in decisions["decision_id"]],
        said=[_one_line(row) for row in decisions.to_dict("records")],
        state=[row["error_type"] or row["status"] for row in decisions.to_dict("records")],
    )
    columns = {
        "link": _link(),
        "occurred_at": _time("Time (UTC)"),
        "kind": st.column_config.MultiselectColumn(
            "Kind",
            options=list(KIND_LABELS.values()),
            color=[COLOURS[KIND_TONES[kind]] for kind in KIND_LABELS],
            width=95,
        ),
        "input_preview": _text("The customer said", width=230),
        "said": _text("Decided", width=300),
        "outcomes": st.column_config.ListColumn("Outcomes", width=210),
        "model": _text("Model", width=120),
        "cohort": _text("Cohort", width=150),
        "code_version": _text("Code", width=80),
        "state": _text("Status", width=80),
        "duration_ms": _milliseconds("Latency"),
        "redaction_count": _number("Redacted", "Values of personal data that were replaced"),
    }
    row = _table(shown, columns, key="decisions.table")
    return "" if row is None else str(decisions["decision_id"].iloc[row])


def version_table(versions: pd.DataFrame) -> Mapping[str, str] | None:
    """Draw the versions; return the filters of the one that was clicked, or None."""
    columns = {
        "cohort": _text("Cohort", width=180),
        "model": _text("Model", width=145),
        "code_version": _text("Code", width=80),
        "decisions": _bars("Decisions", versions, "decisions"),
        "messages": _number("Messages"),
        "tool_calls": _number("Tool calls"),
        "playbook_decisions": _number("Playbook"),
        "errors": _number("Errors"),
        "duration_ms_p50": _milliseconds("p50"),
        "duration_ms_p95": _milliseconds("p95"),
        "input_tokens_sum": _number("Tokens in"),
        "output_tokens_sum": _number("Tokens out"),
        "first_at": _time("First (UTC)"),
        "last_at": _time("Last (UTC)"),
    }
    row = _table(_measured(versions), columns, key="overview.versions")
    if row is None:
        return None
    names = ("cohort", "model", "code_version")
    return {name: str(versions[name].iloc[row]) for name in names}


def tool_table(tools: pd.DataFrame) -> str:
    """Draw the tool calls by tool; return the tool that was clicked, or ""."""
    columns = {
        "tool": _text("Tool", width=200),
        "calls": _bars("Calls", tools, "calls"),
        "executed": _number("Runs"),
        "failed": _number("Failed"),
        "duration_ms_p50": _milliseconds("p50"),
    }
    row = _table(_measured(tools), columns, key="overview.tools")
    return "" if row is None else str(tools["tool"].iloc[row])


def loss_table(losses: pd.DataFrame) -> None:
    """Draw what each recording process emitted, dropped and has stored."""
    columns = {
        "service": _text("Service", width=150),
        "instance": _text("Process", width=150),
        "emitted": _number("Emitted"),
        "dropped": _number("Dropped", "Lost in the recording process, and counted there"),
        "stored": _number("Stored"),
        "missing": _number("Missing", "Emitted, not dropped, and not here, or not yet"),
        "failed_values": _number("Values withheld", "They could not be redacted"),
        "last_at": _time("Last heard (UTC)"),
    }
    _table(losses, columns)


def thread_table(threads: pd.DataFrame, view: View) -> str:
    """Draw the conversations; return the id of the one that was clicked, or ""."""
    shown = threads.assign(
        link=[_href("conversation", view, thread=str(name)) for name in threads["thread_id"]]
    )
    columns = {
        "link": _link(),
        "last_at": _time("Last decision (UTC)"),
        "thread_id": _text("Conversation", width=260),
        "decisions": _bars("Decisions", threads, "decisions"),
        "errors": _number("Errors"),
        "channel_name": _text("Channel", width=100),
        "cohorts": st.column_config.ListColumn("Cohorts", width=240),
        "first_at": _time("First decision (UTC)"),
    }
    row = _table(shown, columns, key="conversation.table")
    return "" if row is None else str(threads["thread_id"].iloc[row])


def _table(rows: pd.DataFrame, columns: Columns, *, key: str = "") -> int | None:
    """Draw ``columns`` of ``rows``; with a key, return the row of the cell that was clicked."""
    fixed: dict[str, Any] = {
        "hide_index": True,
        "height": "content",
        "placeholder": "",
        "column_order": tuple(columns),
        "column_config": columns,
    }
    if not key:
        st.dataframe(rows, **fixed)
        return None
    event = st.dataframe(rows, key=key, on_select="rerun", selection_mode="single-cell", **fixed)
    selection = cast("Mapping[str, Any]", event).get("selection", {})
    cells = cast("list[tuple[int, str]]", selection.get("cells", []))
    return int(cells[0][0]) if cells else None


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with nothing where a duration is zero: a transcript has none."""
    names = [name for name in rows.columns if str(name).startswith("duration_ms")]
    return rows.assign(**{str(name): rows[name].where(rows[name] > 0) for name in names})


def _href(page: PageName, view: View, **more: str) -> str:
    return f"/{page}?{urlencode(view.query(**more))}"


def _one_line(row: Mapping[Any, Any]) -> str:
    """What a decision did, in one line: its text, its rules or its tools."""
    said = str(row["output_preview"])
    if said:
        return said
    if row["status"] == "error":
        return f"failed: {row['error_type'] or 'error'}"
    if row["rules_fired"]:
        return "rules: " + ", ".join(map(str, row["rules_fired"]))
    return ", ".join(f"{name}()" for name in row["tool_names"])


def _link() -> object:
    return st.column_config.LinkColumn(
        "", display_text=":material/open_in_new:", width=36, help="Open in a new tab"
    )


def _text(label: str, *, width: int) -> object:
    return st.column_config.TextColumn(label, width=width)


def _time(label: str) -> object:
    return st.column_config.DatetimeColumn(label, format=_TIME, timezone="UTC", width=150)


def _number(label: str, meaning: str | None = None) -> object:
    return st.column_config.NumberColumn(label, format="localized", help=meaning, width=80)


def _milliseconds(label: str) -> object:
    return st.column_config.NumberColumn(label, format="%.0f ms", width=80)


def _bars(label: str, rows: pd.DataFrame, column: str) -> object:
    most = int(rows[column].max()) if len(rows) else 1
    return st.column_config.ProgressColumn(
        label, format="localized", min_value=0, max_value=max(most, 1), width=120
    )
