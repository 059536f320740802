"""The headline of the Compare page: the verdict in words, each figure beside its floor."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _replay_words
from trainingloop.analytics_app._cached import DirectReads
from trainingloop.analytics_app._format import count, dollars, duration
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.replay.comparison import FloorVerdict, Level, compare_run
from trainingloop.replay.reports import (
    LEVELS,
    p_words,
    ratio_words,
    sentences,
    share_words,
    verdict_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._service import Reads
    from trainingloop.analytics_app._view import View
    from trainingloop.replay.comparison import Matrix, RunComparison, Shift
    from trainingloop.replay.runs import Run
    from trainingloop.statistics import Estimate

_TONES: Final[Mapping[FloorVerdict, _markup.Tone]] = {
    FloorVerdict.AS_OFTEN: "green",
    FloorVerdict.MORE_OFTEN: "green",
    FloorVerdict.LESS_OFTEN: "red",
    FloorVerdict.TOO_FEW: "gray",
    FloorVerdict.NO_FLOOR: "gray",
}
_AMOUNTS: Final = {
    "cost_usd": "Cost",
    "input_tokens": "Tokens in",
    "output_tokens": "Tokens out",
    "latency_ms": "Latency (in the replay: other load, another machine)",
}
_MOST_INTENTS: Final = 100


def headline(view: View, run: Run, stamp: str) -> None:
    """What the candidate does otherwise, and how sure that is.

    Args:
        view: whose run it is.
        run: the run.
        stamp: says which of its results are stored; see `stamp_of`.
    """
    found = _compared(current_workspace().number, view.tenant, run.run_id, stamp)
    with st.container(border=True):
        _badges(found)
        for sentence in sentences(found):
            _draw.html(_markup.literal(sentence))
        if found.unfinished:
            st.caption(f"{count(found.unfinished)} decisions have not been asked: not in here yet.")
    _figures(found)
    agreement, safety, kinds, amounts = st.tabs(
        ["Agreement beside its floor", "Safety", "What it does", "Cost and time"]
    )
    with agreement:
        _agreement(found)
    with safety:
        _safety(found)
    with kinds:
        _kinds(found.kinds)
        _intents(found.intents)
    with amounts:
        _amounts(found)


def stamp_of(reads: Reads, run_id: str) -> str:
    """Return what changes when the results of a run do: a comparison goes on holding till then."""
    return repr(reads.table("replay_newest_result", {"run": run_id}).rows)


# The comparison of ten thousand pairs takes seconds; it changes when a result is stored.
@st.cache_resource(ttl=3600, max_entries=16, show_spinner="Comparing …")
def _compared(
    workspace_number: int,  # noqa: ARG001  # part of the cache's key: stores differ
    tenant: str,
    run_id: str,
    stamp: str,  # noqa: ARG001  # part of the cache's key: which results there are
) -> RunComparison:
    return compare_run(DirectReads(tenant), run_id)


def _badges(found: RunComparison) -> None:
    writes = found.level(Level.WRITE_CALLS)
    unsafe, safe = len(found.safety.gained), len(found.safety.lost)
    _draw.html(
        _markup.badge(f"{count(unsafe)} newly unsafe", "red" if unsafe else "green"),
        _markup.badge(f"{count(safe)} newly safe", "green" if safe else "gray"),
        _markup.badge(
            f"changing calls: {verdict_words(writes, found.floor)}", _TONES[writes.verdict]
        ),
    )


def _figures(found: RunComparison) -> None:
    escalations = found.escalations
    writes = found.level(Level.WRITE_CALLS)
    kinds = found.level(Level.SAME_KIND)
    with st.container(horizontal=True, gap="large"):
        _figure("Changing calls agree", writes.candidate, writes.floor)
        _figure("Same kind of answer", kinds.candidate, kinds.floor)
        _tile("Newly unsafe", len(found.safety.gained), found.safety.floor_gained)
        _tile("Newly safe", len(found.safety.lost), found.safety.floor_lost)
        _tile("Hand-overs gained", len(escalations.gained), escalations.floor_gained)
        _tile("Hand-overs lost", len(escalations.lost), escalations.floor_lost)


def _figure(label: str, share: Estimate, floor: Estimate | None) -> None:
    value = "none" if share.value is None else f"{100 * share.value:.0f} %"
    beside = f"floor {share_words(floor)}" if floor else "no floor"
    with st.container(width="content"):
        _draw.html(_markup.figure(label, value), _markup.muted(beside))


def _tile(label: str, amount: int, floor: int | None) -> None:
    beside = "no floor" if floor is None else f"by chance {count(floor)}"
    with st.container(width="content"):
        _draw.html(_markup.figure(label, count(amount)), _markup.muted(beside))


def _agreement(found: RunComparison) -> None:
    rows = pd.DataFrame(
        {
            "level": LEVELS[one.level],
            "candidate": share_words(one.candidate),
            "floor": share_words(one.floor),
            "verdict": verdict_words(one, found.floor),
        }
        for one in found.agreement
    )
    _table(
        rows,
        level="Answers agree in",
        candidate="Candidate",
        floor="Floor",
        verdict="Which means",
    )
    st.caption(
        "Share of decisions with its 95 % interval. The floor is how often an answer agrees that "
        "was asked for again: below it nobody can tell a change from chance."
    )


def _safety(found: RunComparison) -> None:
    if not found.flags:
        st.caption("No answer, recorded or replayed, raised a flag.")
        return
    rows = pd.DataFrame(
        {"flag": _replay_words.flag(one.flag), **_shift(one.shift)} for one in found.flags
    )
    _table(
        rows,
        flag="Flag",
        recorded="Recorded",
        replayed="Replayed",
        gained="Newly unsafe",
        lost="Newly safe",
        chance="By chance",
        p="p",
    )
    st.caption("Answers with that flag. What is lost does not make up for what is gained.")


def _shift(shift: Shift) -> dict[str, object]:
    has_floor = shift.floor_gained is not None
    test = shift.deciding
    return {
        "recorded": shift.recorded,
        "replayed": shift.replayed,
        "gained": len(shift.gained),
        "lost": len(shift.lost),
        "chance": f"{shift.floor_gained} / {shift.floor_lost}" if has_floor else "",
        "p": p_words(test.cautious_p) if test else "",
    }


def _kinds(matrix: Matrix) -> None:
    kinds = [name for name in _replay_words.KINDS if _is_in(matrix, name)]
    if not kinds:
        st.caption("Nothing was compared.")
        return
    rows = pd.DataFrame(
        {
            "recorded": _replay_words.KINDS[recorded],
            **{name: _cell(matrix.count(recorded, name)) for name in kinds},
        }
        for recorded in kinds
    )
    _table(rows, recorded="Recorded ↓ replayed →", **_replay_words.KINDS)
    as_before = "when the recorded version is asked again" if matrix.beyond_floor else "before"
    tested = (
        f" Whether each is as frequent as {as_before}: p {p_words(matrix.adjusted_p)}."
        if matrix.adjusted_p is not None
        else ""
    )
    st.caption(f"Decisions. {count(matrix.changed)} do something else than was recorded.{tested}")


def _cell(decisions: int) -> str:
    return count(decisions) if decisions else ""


def _is_in(matrix: Matrix, name: str) -> bool:
    return any(name in (cell.recorded, cell.replayed) for cell in matrix.cells)


def _intents(matrix: Matrix) -> None:
    apart = [cell for cell in matrix.cells if cell.recorded != cell.replayed]
    if not apart:
        return
    with st.expander("With the tools they call", icon=":material/build:"):
        _table(
            pd.DataFrame(
                {"recorded": cell.recorded, "replayed": cell.replayed, "decisions": cell.decisions}
                for cell in apart[:_MOST_INTENTS]
            ),
            recorded="Recorded",
            replayed="Replayed",
            decisions="Decisions",
        )


def _amounts(found: RunComparison) -> None:
    rows = pd.DataFrame(
        {
            "name": _AMOUNTS[one.name],
            "recorded": _amount(one.name, one.recorded),
            "replayed": _amount(one.name, one.replayed),
            "ratio": ratio_words(one.ratio),
            "decisions": one.decisions,
        }
        for one in found.amounts
        if one.decisions
    )
    if rows.empty:
        st.caption("What answers took is not known of both sides.")
        return
    _table(
        rows,
        name="A decision",
        recorded="Recorded",
        replayed="Replayed",
        ratio="Replayed is",
        decisions="Decisions",
    )
    st.caption("Of the decisions of which both sides are known, each with its 95 % interval.")


def _amount(name: str, estimate: Estimate) -> str:
    if estimate.value is None:
        return ""
    if name == "cost_usd":
        return dollars(estimate.value)
    return duration(estimate.value) if name == "latency_ms" else count(estimate.value)


def _table(rows: pd.DataFrame, **labels: str) -> None:
    shown = {name: label for name, label in labels.items() if name in rows.columns}
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        placeholder="",
        column_order=tuple(shown),
        column_config=dict(shown),
    )
