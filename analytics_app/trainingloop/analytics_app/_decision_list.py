"""The list of decisions: its count, its pages, its downloads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _outcomes_parts, _tables
from trainingloop.analytics_app._cached import DirectReads
from trainingloop.analytics_app._export import MOST_ROWS, as_archive, as_csv, as_file
from trainingloop.analytics_app._format import count, counted
from trainingloop.analytics_app._view import PAGE_NUMBER
from trainingloop.exports import ExportForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.analytics_app._view import View

ROWS: Final = 50
_PAGE_KEY: Final = "decisions.page"
_ARCHIVES: Final = {
    ExportForm.SFT: (
        "Fine-tuning examples",
        (
            "Decisions with a thumb up or a correction, as OpenAI takes them, with a file that "
            "says where each comes from and one that says what was left out"
        ),
    ),
    ExportForm.DPO: (
        "Preference pairs",
        "Corrections beside what was answered, and answers to one question with opposite votes",
    ),
    ExportForm.EVAL: (
        "Evaluation cases",
        "Questions with the answer that is expected, where somebody corrected or liked one",
    ),
}
_MIME: Final = {
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
}


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
    opened = _tables.decision_table(_outcomes_parts.listed(view, shown), view)
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
    """Files are made when they are asked for, not on every run of the page."""
    note = f"The oldest {count(MOST_ROWS)} of them" if total > MOST_ROWS else "All of them"
    note = f"{note}, but for those without proof of redaction"
    parameters = view.filters.parameters(view.period)
    with st.container(horizontal=True, width="content"):
        reads = DirectReads(view.tenant)
        whole = partial(as_file, ExportForm.JSONL, reads, parameters)
        table = partial(as_file, ExportForm.PARQUET, reads, parameters)
        _download("JSONL", whole, "decisions.jsonl", f"{note}, whole, one a line")
        _download("CSV", partial(as_csv, reads, parameters), "decisions.csv", f"{note}, one a row")
        with st.popover("More", icon=":material/download:"):
            for form, (label, meaning) in _ARCHIVES.items():
                archive = partial(as_archive, form, reads, parameters)
                _download(label, archive, f"{form.value}.zip", meaning)
            _download("Parquet", table, "decisions.parquet", f"{note}, as a table")


def _download(label: str, made: Callable[[], bytes], name: str, meaning: str) -> None:
    st.download_button(
        label,
        data=made,
        file_name=name,
        mime=_MIME[name.rpartition(".")[2]],
        icon=":material/download:",
        help=meaning,
        on_click="ignore",
    )
