"""The list of decisions: its count, its pages, its downloads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _tables
from trainingloop.analytics_app._cached import DirectReads
from trainingloop.analytics_app._export import MOST_ROWS, as_csv, as_jsonl
from trainingloop.analytics_app._format import count, counted
from trainingloop.analytics_app._service import Decisions
from trainingloop.analytics_app._view import PAGE_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trainingloop.analytics_app._view import View

ROWS: Final = 50
_PAGE_KEY: Final = "decisions.page"


def decision_list(view: View, total: int) -> str:
    """Draw the page of the list that the URL asks for; return the id that was clicked, or ""."""
    pages = max(-(-total // ROWS), 1)
    number = _number(pages)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(f"{counted(total, 'decision')}. Times are UTC. Click a row to open it.")
        if total:
            _downloads(view, total)
    if not total:
        st.info("No decision matches these filters.", icon=":material/filter_alt_off:")
        return ""
    shown = view.decisions.page(view.filters, view.period, number=number, rows=ROWS)
    opened = _tables.decision_table(shown, view)
    if pages > 1:
        # The URL decides: another page, or another number of pages, is another widget.
        key = f"{_PAGE_KEY}.{number}.{pages}"
        st.pagination(pages, default=number, key=key, on_change=_turned, args=(key,))
    return opened


def _number(pages: int) -> int:
    asked = st.query_params.get(PAGE_NUMBER, "1")
    return min(max(int(asked), 1), pages) if asked.isdecimal() else 1


def _turned(key: str) -> None:
    st.query_params[PAGE_NUMBER] = str(st.session_state[key])


def _downloads(view: View, total: int) -> None:
    """Both files are made when they are asked for, not on every run of the page."""
    note = f"The oldest {count(MOST_ROWS)} of them" if total > MOST_ROWS else "All of them"
    with st.container(horizontal=True, width="content"):
        st.download_button(
            "JSONL",
            data=partial(_file, as_jsonl, view),
            file_name="decisions.jsonl",
            mime="application/jsonl",
            icon=":material/download:",
            help=f"{note}, whole, one a line",
            on_click="ignore",
        )
        st.download_button(
            "CSV",
            data=partial(_file, as_csv, view),
            file_name="decisions.csv",
            mime="text/csv",
            icon=":material/download:",
            help=f"{note}, whole, one a row",
            on_click="ignore",
        )


def _file(written: Callable[[Iterable[Mapping[str, object]]], bytes], view: View) -> bytes:
    """The whole list, past the cache, which is for pages and not for files."""
    whole = Decisions(DirectReads(view.tenant)).whole
    return written(whole(view.filters, view.period, most=MOST_ROWS))
