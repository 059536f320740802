"""The parts of the Compare page: which run, which of its pairs, and the list of them."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd
import streamlit as st

from trainingloop.analytics_app import _compare_look, _compare_pair, _draw, _markup, _replay_words
from trainingloop.analytics_app._cached import CachedReads, DirectReads
from trainingloop.analytics_app._compare import Pairs
from trainingloop.analytics_app._compare_look import FACETS, FILTERS, ONLY, PLACE, ROWS, RUN, WORDS
from trainingloop.analytics_app._compare_records import Rank
from trainingloop.analytics_app._format import count, counted, moment
from trainingloop.analytics_app._view import script
from trainingloop.replay import AnswerState
from trainingloop.replay.runs import runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trainingloop.analytics_app._compare_look import Look
    from trainingloop.analytics_app._compare_records import FacetCount, PairLine
    from trainingloop.analytics_app._service import Reads
    from trainingloop.analytics_app._view import View
    from trainingloop.replay.runs import Run

_RUN_KEY: Final = "compare.run"
_ONLY_KEY: Final = "compare.only"
_WORDS_KEY: Final = "compare.words"
_FACET_KEY: Final = "compare.facet."
_LIST_KEY: Final = "compare.list"
_LIST_PIXELS: Final = 35 * (ROWS + 1) + 3


def chosen_run(view: View, reads: Reads) -> Run | None:
    """Draw the choice of a run; return it, or None where there is none."""
    found = {run.run_id: run for run in runs(reads)}
    asked = st.query_params.get(RUN, "")
    run_id = asked if asked in found else next(iter(found), "")
    if asked and asked not in found:
        st.warning("**There is no such run.**", icon=":material/search_off:")
        _draw.html(_markup.muted(f"Asked for, of the tenant {view.tenant!r}:"))
        _draw.html(_markup.quoted(asked))
    if not found:
        return None
    st.session_state[_RUN_KEY] = run_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Run",
            list(found),
            format_func=lambda name: _run_label(found[name]),
            key=_RUN_KEY,
            on_change=_run_changed,
        )
        st.page_link(
            script("replay"),
            label="How it was run",
            icon=":material/replay:",
            query_params=view.query(**{RUN: run_id}),
        )
    return found[run_id]


def _run_label(run: Run) -> str:
    state, _, _ = _replay_words.RUN_STATES[run.state]
    return f"{run.name} · {moment(run.created_at)} · {state}"


def nothing_to_compare(view: View) -> None:
    """Say what makes a comparison."""
    st.info("**No replay has been run yet.**", icon=":material/replay:")
    st.markdown(
        "A replay asks another model, prompt or playbook what it would have done in the place of "
        "recorded decisions. This page then shows, pair by pair, what differs: what became unsafe "
        "first."
    )
    st.page_link(
        script("replay"), label="Set up a replay", icon=":material/add:", query_params=view.query()
    )


def pairs_of(view: View, run: Run) -> None:
    """The pairs of a run: which of them, a list, and the open one."""
    pairs = Pairs(CachedReads(view.tenant), run.run_id)
    look = _compare_look.look_from_query(st.query_params)
    ranks = pairs.ranks(look)
    st.subheader("Pairs", anchor=False)
    _rank_control(ranks, look)
    _filter_controls(pairs.facets(), look)
    here = _place(pairs, look, ranks, run.run_id)
    if here is None:
        _nothing_left(look, ranks)
        _unchanged(look, ranks)
        return
    lines, opened = here
    listed, shown = st.columns([4, 11], gap="medium")
    with listed:
        _pair_list(lines, opened)
        _unchanged(look, ranks)
    with shown:
        # Votes as they are now: past the cache, or one would seem lost for seconds.
        _compare_pair.show(view, opened, Pairs(DirectReads(view.tenant), run.run_id))


def _rank_control(ranks: Mapping[Rank, int], look: Look) -> None:
    """How many pairs there are of each rank; one of them alone on a click."""
    counted_ranks = [rank for rank in Rank if ranks.get(rank) or rank is look.only]
    if not counted_ranks:
        return
    names = [rank.name.lower() for rank in counted_ranks]
    st.session_state[_ONLY_KEY] = look.only.name.lower() if look.only else None
    st.pills(
        "What differs",
        names,
        format_func=partial(_rank_label, ranks),
        key=_ONLY_KEY,
        on_change=_chosen,
        args=(ONLY, _ONLY_KEY),
        label_visibility="collapsed",
        help="One alone: a click. All that differ: a second click.",
    )


def _rank_label(ranks: Mapping[Rank, int], name: str) -> str:
    rank = Rank[name.upper()]
    label, tone, _ = _replay_words.RANKS[rank]
    colour = {"amber": "orange"}.get(tone, tone)
    return f":{colour}[{label}] {count(ranks.get(rank, 0))}"


def _filter_controls(facets: Mapping[str, Sequence[FacetCount]], look: Look) -> None:
    """A search, and a choice for each filter that has values in the run, beside the page."""
    with st.sidebar, st.container(gap="xxsmall"):
        st.session_state[_WORDS_KEY] = look.words
        st.text_input(
            "Text of the customer or an answer",
            key=_WORDS_KEY,
            on_change=_chosen,
            args=(WORDS, _WORDS_KEY),
            placeholder="search …",
            icon=":material/search:",
        )
        for facet, label in FACETS.items():
            counts = {one.value: one.pairs for one in facets.get(facet, ())}
            chosen = look.get(facet)
            if len(counts) > 1 or chosen:
                _facet(facet, label, counts, chosen)
        if look.is_narrowed or look.only:
            st.button("Clear all filters", icon=":material/filter_alt_off:", on_click=_cleared)


def _facet(facet: str, label: str, counts: Mapping[str, int], chosen: str) -> None:
    key = _FACET_KEY + facet
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(dict.fromkeys(["", *counts, chosen])),
        format_func=partial(_option, facet, counts),
        key=key,
        on_change=_chosen,
        args=(facet, key),
    )


def _option(facet: str, counts: Mapping[str, int], value: str) -> str:
    if not value:
        return "All"
    return f"{_VALUES.get(facet, str)(value)} ({count(counts.get(value, 0))})"


def _agreement(value: str) -> str:
    return _replay_words.AGREEMENTS.get(value, value)


def _flag(value: str) -> str:
    side, _, name = value.partition(":")
    return f"newly {side}: {_replay_words.flag(name)}"


def _answer(value: str) -> str:
    is_known = value in AnswerState._value2member_map_
    return _replay_words.ANSWER_STATES[AnswerState(value)][0] if is_known else value


_VALUES: Final[Mapping[str, Callable[[str], str]]] = {
    "agreement": _agreement,
    "change": _replay_words.change,
    "flag": _flag,
    "answer": _answer,
}
"""How the values of a filter are told, where not as they are."""


def _place(
    pairs: Pairs, look: Look, ranks: Mapping[Rank, int], run_id: str
) -> tuple[tuple[PairLine, ...], _compare_pair.Place] | None:
    """Where in the list the URL says one is; None where the list is empty."""
    total = sum(ranks.get(rank, 0) for rank in look.ranks())
    if not total:
        return None
    at = min(look.at, total)
    page = (at - 1) // ROWS + 1
    lines = pairs.page(look, look.ranks(), number=page, rows=ROWS)
    here = min(at - 1 - (page - 1) * ROWS, len(lines) - 1)
    if here < 0:
        return None
    opened = _compare_pair.Place(run_id=run_id, line=lines[here], at=at, total=total)
    return lines, opened


def _pair_list(lines: Sequence[PairLine], opened: _compare_pair.Place) -> None:
    """The page of the list on which the open pair is; a click opens another."""
    first = opened.at - [line is opened.line for line in lines].index(True)
    rows = pd.DataFrame(
        {
            "here": "▸" if line is opened.line else "",
            "number": first + index,
            "what": _what(line),
        }
        for index, line in enumerate(lines)
    )
    # Another place is another widget: else the row that was clicked last would stay chosen.
    key = f"{_LIST_KEY}.{opened.at}"
    st.dataframe(
        rows,
        hide_index=True,
        height=min(_LIST_PIXELS, 35 * (len(rows) + 1) + 3),
        column_config={
            "here": st.column_config.TextColumn("", width=20),
            "number": st.column_config.NumberColumn("", format="localized", width=40),
            "what": st.column_config.TextColumn("What differs"),
        },
        key=key,
        on_select=partial(_clicked, key, first),
        selection_mode="single-cell",
    )
    last = first + len(lines) - 1
    st.caption(f"{count(first)} to {count(last)} of {counted(opened.total, 'pair')}")


def _what(line: PairLine) -> str:
    if line.newly_unsafe:
        return ", ".join(name.replace("_", " ") for name in line.newly_unsafe)
    if line.rank is Rank.NOT_ANSWERED:
        return _answer(line.state)
    if line.rank in (Rank.ESCALATION_CHANGED, Rank.KIND_CHANGED):
        return _replay_words.change(f"{line.recorded_kind}>{line.replayed_kind}")
    if line.newly_safe:
        return f"newly safe: {', '.join(name.replace('_', ' ') for name in line.newly_safe)}"
    return _replay_words.RANKS[line.rank][0]


def _clicked(key: str, first: int) -> None:
    selection = cast("Mapping[str, Any]", st.session_state[key]).get("selection", {})
    cells = cast("list[tuple[int, str]]", selection.get("cells", []))
    if cells:
        _compare_pair.go(first + int(cells[0][0]))


def _nothing_left(look: Look, ranks: Mapping[Rank, int]) -> None:
    """Say why no pair is listed."""
    if ranks.get(Rank.UNCHANGED) and look.only is None:
        st.success("**Nothing differs** in these pairs.", icon=":material/done_all:")
    elif look.is_narrowed or look.only:
        st.info("No pair matches these filters.", icon=":material/filter_alt:")
    else:
        st.info("No answer has come in yet.", icon=":material/hourglass_empty:")


def _unchanged(look: Look, ranks: Mapping[Rank, int]) -> None:
    """The pairs in which nothing differs: how many, and a way to see them."""
    held = ranks.get(Rank.UNCHANGED, 0)
    if not held or look.only is not None or look.decision:
        return
    told = f"{counted(held, 'pair')} {'is' if held == 1 else 'are'} unchanged"
    st.button(
        f"{told}: show",
        icon=":material/unfold_more:",
        type="tertiary",
        on_click=_set,
        args=(ONLY, Rank.UNCHANGED.name.lower()),
    )


def _run_changed() -> None:
    for name in (*FILTERS, ONLY, PLACE):
        st.query_params.pop(name, None)
    st.query_params[RUN] = str(st.session_state[_RUN_KEY])


def _chosen(name: str, key: str) -> None:
    _set(name, str(st.session_state[key] or ""))


def _set(name: str, value: str) -> None:
    st.query_params.pop(PLACE, None)
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = value


def _cleared() -> None:
    for name in (*FILTERS, ONLY, PLACE):
        st.query_params.pop(name, None)
