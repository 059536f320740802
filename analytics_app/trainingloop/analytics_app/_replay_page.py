"""The Replay page without a run: what there is, and how to begin."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _replay_words
from trainingloop.analytics_app._compare_look import RUN
from trainingloop.analytics_app._format import count, counted, dollars, moment
from trainingloop.analytics_app._view import script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.analytics_app._replay import RunLine
    from trainingloop.analytics_app._view import View
    from trainingloop.replay.sets import CaseSet

SET: Final = "set"
NEW: Final = "new"
FROM: Final = "from"
"""The run whose candidate the form begins with."""
_LIST_KEY: Final = "replay.list"


def begin_link(view: View, label: str = "New replay") -> None:
    """The way to the first step."""
    st.page_link(
        script("replay"),
        label=label,
        icon=":material/add:",
        query_params=view.query(**{NEW: "1"}),
    )


def nothing_yet(view: View) -> None:
    """Say what a replay is, and how to begin one."""
    st.info("**Nothing has been replayed yet.**", icon=":material/replay:")
    st.markdown(
        "A replay asks another model, prompt or playbook what it would have done in the place of "
        "recorded decisions, and compares. It calls no tool, writes to no customer and changes "
        "nothing but its own results.\n\n"
        "1. **Choose decisions**: those of a filter, such as all that were handed to a human, or "
        "thumbs down. They are frozen as a set.\n"
        "2. **Say what to ask instead**: a model, a prompt, a playbook, other tools.\n"
        "3. **See what it would take** in tokens, money and time; then run it.\n"
    )
    begin_link(view, "Choose decisions")
    st.caption("On the command line: `trainingloop replay run --help`.")


def run_list(view: View, lines: Sequence[RunLine]) -> str:
    """Every run, the newest first; return the id of the one that was clicked, or ""."""
    rows = pd.DataFrame([_row(view, line) for line in lines])
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    event = st.dataframe(
        rows,
        hide_index=True,
        height="content",
        key=_LIST_KEY,
        on_select="rerun",
        selection_mode="single-cell",
        column_config={
            "link": st.column_config.LinkColumn(
                "", display_text=":material/open_in_new:", width=36, help="Open in a new tab"
            ),
            "name": text("Run", width=220),
            "candidate": text("Candidate", width=110),
            "set": text("Decisions of", width=150),
            "state": text("State", width=80),
            "done": text("Results", width=95, help="Decisions, each for every arm"),
            "newly_unsafe": number("Newly unsafe", width=85),
            "spent": text("Spent", width=70, help="Of the answers whose price is known"),
            "tokens": number("Tokens", format="localized", width=70),
            "created_at": st.column_config.DatetimeColumn(
                "Made (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC", width=120
            ),
        },
    )
    selection = cast("Mapping[str, Any]", event).get("selection", {})
    cells = cast("list[tuple[int, str]]", selection.get("cells", []))
    return lines[int(cells[0][0])].run.run_id if cells else ""


def _row(view: View, line: RunLine) -> dict[str, object]:
    run = line.run
    return {
        "link": f"/replay?{urlencode(view.query(**{RUN: run.run_id}))}",
        "name": run.name,
        "candidate": str(run.candidate.get("model") or run.candidate.get("name") or ""),
        "set": line.set_name,
        "state": _replay_words.RUN_STATES[run.state][0],
        "done": f"{count(line.done)} of {count(line.all)}",
        "newly_unsafe": line.newly_unsafe,
        "spent": dollars(line.paid_usd),
        "tokens": line.paid_tokens,
        "created_at": run.created_at,
    }


def set_list(view: View, sets: Sequence[CaseSet]) -> None:
    """Every frozen set, with a way to replay it."""
    if not sets:
        return
    st.subheader("Sets of decisions", anchor=False)
    for one in sets:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            told = (
                f"{counted(one.size, 'decision')} of {count(one.matched)} · "
                f"{moment(one.frozen_at)} {one.created_by}"
            )
            _draw.html(_markup.strong(f"{one.name} "), _markup.inline(told))
            st.page_link(
                script("replay"),
                label="Replay it",
                icon=":material/replay:",
                query_params=view.query(**{SET: one.set_id}),
            )
