"""The tables, and what a click on one of their rows asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

import streamlit as st

from trainingloop.analytics_app._markup import COLOURS, KIND_LABELS, KIND_TONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from streamlit.typing import DataframeState

    from trainingloop.analytics_app._view import View

_TIME: Final = "YYYY-MM-DD HH:mm:ss"


def decision_table(decisions: pd.DataFrame, view: View, *, key: str) -> str:
    """Draw a page of decisions; return the id of the one that was clicked, or ""."""
    shown = decisions.assign(
        # A list, because only the column of lists draws its values as coloured pills.
        kind=decisions["decision_kind"].map(lambda kind: [KIND_LABELS.get(str(kind), str(kind))]),
        link=[_href("decision", view, id=str(name)) for name in decisions["decision_id"]],
        said=[_one_line(row) for row in decisions.to_dict("records")],
    )
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        height="content",
        placeholder="",
        column_order=(
            "link",
            "occurred_at",
            "kind",
            "input_preview",
            "said",
            "model",
            "cohort",
            "code_version",
            "status",
            "duration_ms",
            "redaction_count",
        ),
        column_config={
            "link": st.column_config.LinkColumn(
                "", display_text=":material/open_in_new:", width=40, help="Open in a new tab"
            ),
            "occurred_at": st.column_config.DatetimeColumn(
                "Time (UTC)", format=_TIME, timezone="UTC", width=150
            ),
            "kind": _kind_column(),
            "input_preview": st.column_config.TextColumn("The customer said", width="medium"),
            "said": st.column_config.TextColumn("Decided", width="large"),
            "model": st.column_config.TextColumn("Model", width="small"),
            "cohort": st.column_config.TextColumn("Cohort", width="small"),
            "code_version": st.column_config.TextColumn("Code", width="small"),
            "status": st.column_config.TextColumn("Status", width=70),
            "duration_ms": st.column_config.NumberColumn("Latency", format="%.0f ms", width=80),
            "redaction_count": st.column_config.NumberColumn(
                "Redacted", width=80, help="Values of personal data that were replaced"
            ),
        },
    )
    row = clicked_row(event)
    return "" if row is None else str(decisions["decision_id"].iloc[row])


def version_table(versions: pd.DataFrame, *, key: str) -> Mapping[str, str] | None:
    """Draw the versions; return the filters of the one that was clicked, or None."""
    event = st.dataframe(
        versions,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        column_order=(
            "cohort",
            "model",
            "code_version",
            "decisions",
            "messages",
            "tool_calls",
            "playbook_decisions",
            "duration_ms_p50",
            "duration_ms_p95",
            "input_tokens_sum",
            "output_tokens_sum",
            "errors",
            "first_at",
            "last_at",
        ),
        column_config={
            "cohort": st.column_config.TextColumn("Cohort", pinned=True, width="medium"),
            "model": st.column_config.TextColumn("Model"),
            "code_version": st.column_config.TextColumn("Code"),
            "decisions": _bars("Decisions", versions, "decisions"),
            "messages": _number("Messages"),
            "tool_calls": _number("Tool calls"),
            "playbook_decisions": _number("Playbook"),
            "duration_ms_p50": st.column_config.NumberColumn("p50", format="%.0f ms"),
            "duration_ms_p95": st.column_config.NumberColumn("p95", format="%.0f ms"),
            "input_tokens_sum": _number("Tokens in"),
            "output_tokens_sum": _number("Tokens out"),
            "errors": _number("Errors"),
            "first_at": st.column_config.DatetimeColumn(
                "First (UTC)", format=_TIME, timezone="UTC"
            ),
            "last_at": st.column_config.DatetimeColumn("Last (UTC)", format=_TIME, timezone="UTC"),
        },
    )
    row = clicked_row(event)
    if row is None:
        return None
    names = ("cohort", "model", "code_version")
    return {name: str(versions[name].iloc[row]) for name in names}


def tool_table(tools: pd.DataFrame) -> None:
    """Draw the tool calls by tool."""
    st.dataframe(
        tools,
        hide_index=True,
        placeholder="",
        column_config={
            "tool": st.column_config.TextColumn("Tool", width="medium"),
            "calls": _bars("Calls", tools, "calls"),
            "executed": _number("Runs recorded"),
            "failed": _number("Failed"),
            "duration_ms_p50": st.column_config.NumberColumn("p50", format="%.0f ms"),
        },
    )


def loss_table(losses: pd.DataFrame) -> None:
    """Draw what each recording process emitted, dropped and has stored."""
    st.dataframe(
        losses,
        hide_index=True,
        placeholder="",
        column_order=(
            "service",
            "instance",
            "emitted",
            "dropped",
            "stored",
            "missing",
            "failed_values",
            "last_at",
        ),
        column_config={
            "service": st.column_config.TextColumn("Service"),
            "instance": st.column_config.TextColumn("Process", width="small"),
            "emitted": _number("Emitted"),
            "dropped": _number("Dropped"),
            "stored": _number("Stored"),
            "missing": st.column_config.NumberColumn(
                "Missing", format="localized", help="Emitted, not dropped, and not here (yet)"
            ),
            "failed_values": st.column_config.NumberColumn(
                "Not redacted, withheld", format="localized"
            ),
            "last_at": st.column_config.DatetimeColumn(
                "Last heard (UTC)", format=_TIME, timezone="UTC"
            ),
        },
    )


def thread_table(threads: pd.DataFrame, view: View, *, key: str) -> str:
    """Draw the conversations; return the id of the one that was clicked, or ""."""
    shown = threads.assign(
        link=[_href("conversation", view, thread=str(name)) for name in threads["thread_id"]]
    )
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        placeholder="",
        column_order=(
            "link",
            "last_at",
            "thread_id",
            "decisions",
            "errors",
            "channel_name",
            "cohorts",
            "first_at",
        ),
        column_config={
            "link": st.column_config.LinkColumn(
                "", display_text=":material/open_in_new:", width=40, help="Open in a new tab"
            ),
            "last_at": st.column_config.DatetimeColumn(
                "Last decision (UTC)", format=_TIME, timezone="UTC"
            ),
            "thread_id": st.column_config.TextColumn("Conversation", width="medium"),
            "decisions": _bars("Decisions", threads, "decisions"),
            "errors": _number("Errors"),
            "channel_name": st.column_config.TextColumn("Channel"),
            "cohorts": st.column_config.ListColumn("Cohorts", width="medium"),
            "first_at": st.column_config.DatetimeColumn(
                "First decision (UTC)", format=_TIME, timezone="UTC"
            ),
        },
    )
    row = clicked_row(event)
    return "" if row is None else str(threads["thread_id"].iloc[row])


def clicked_row(event: DataframeState) -> int | None:
    """The row of the cell that was clicked."""
    selection = cast("Mapping[str, Any]", event).get("selection", {})
    cells = cast("list[tuple[int, str]]", selection.get("cells", []))
    return int(cells[0][0]) if cells else None


def _href(page: str, view: View, **more: str) -> str:
    return f"/{page}?{urlencode(view.query(**more))}"


def _one_line(row: Mapping[Any, Any]) -> str:
    """What a decision did, in one line: its text, its tools or its rules."""
    said = str(row["output_preview"])
    if said:
        return said
    if row["rules_fired"]:
        return "rules: " + ", ".join(map(str, row["rules_fired"]))
    return ", ".join(f"{name}()" for name in row["tool_names"])


def _kind_column() -> Any:
    return st.column_config.MultiselectColumn(
        "Kind",
        options=list(KIND_LABELS.values()),
        color=[COLOURS[KIND_TONES[kind]] for kind in KIND_LABELS],
        width=95,
    )


def _number(label: str) -> Any:
    return st.column_config.NumberColumn(label, format="localized")


def _bars(label: str, rows: pd.DataFrame, column: str) -> Any:
    most = int(rows[column].max()) if len(rows) else 1
    return st.column_config.ProgressColumn(
        label, format="localized", min_value=0, max_value=max(most, 1)
    )
