"""The parts of the Feedback page."""

# pyright: reportUnknownMemberType=false
# Streamlit's signature of st.dataframe names types of libraries that are not installed.

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _draw, _feedback_charts, _markup, _vote_markup
from trainingloop.analytics_app._feedback import bucket_days
from trainingloop.analytics_app._format import count, counted, moment
from trainingloop.analytics_app._view import script
from trainingloop.analytics_app._vote_markup import REASON_LABELS
from trainingloop.instrumentation.environment import DEFAULT_ENDPOINT

if TYPE_CHECKING:
    import pandas as pd

    from trainingloop.analytics_app._feedback import Feedback, FeedbackTotals, Remark
    from trainingloop.analytics_app._view import View
    from trainingloop.analytics_app._workspace import Workspace
    from trainingloop.feedback import Agreement, Share

MEASURE: Final = "measure"
"""What the trend shows, in the URL."""

_MEASURES: Final = {"up": "Thumbs up", **REASON_LABELS, "corrected": "Corrected"}
_MEASURE_KEY: Final = "feedback.measure"
_MOST_REMARKS: Final = 20


def nothing_yet(view: View, workspace: Workspace) -> None:
    """Say how the first vote comes here."""
    url = workspace.gateway.http_url if workspace.gateway else DEFAULT_ENDPOINT
    st.info("Nobody has voted on a decision of this time range.", icon=":material/thumbs_up_down:")
    with st.container(border=True):
        st.markdown("**Vote here**: thumbs stand beside every answer, and keys in the queue.")
        st.page_link(
            script("review"), label="Review", icon=":material/keyboard:", query_params=view.query()
        )
        st.markdown("**Or from your own product**, where your customers and colleagues are:")
        st.code(
            f"curl -X POST {url}/api/v1/feedback \\\n"
            "  -H 'content-type: application/json' \\\n"
            f'  -d \'{{"tenant": "{view.tenant}", "response_id": "…", '
            '"reviewer": "support desk", "value": "down", "reason": "incorrect"}\'',
            language="shell",
            wrap_lines=True,
        )


def totals(figures: FeedbackTotals, up: Share | None) -> None:
    """The figures at the top."""
    shown = {
        "Votes": figures.votes,
        "Thumbs up": figures.up,
        "Thumbs down": figures.down,
        "Decisions": figures.decisions,
        "Conversations": figures.conversations,
        "Reviewers": figures.reviewers,
        "Corrections": figures.corrections,
        "Notes": figures.notes,
    }
    for column, (label, value) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(label, value, format="localized")
    if up is not None:
        st.caption(
            f"**{up.value:.0%} thumbs up**, 95 % interval {up.low:.0%} to {up.high:.0%}, from "
            f"{counted(up.votes, 'vote')} in {counted(up.conversations, 'conversation')} "
            f"({up.method}). Times are those of the decisions."
        )


def versions(shares: pd.DataFrame) -> list[str]:
    """The versions that are compared: those with the most votes."""
    up = shares[shares["measure"] == "up"].sort_values(["votes", "version"], ascending=False)
    chosen = [str(version) for version in up["version"].head(_feedback_charts.MOST_VERSIONS)]
    if len(up) > len(chosen):
        st.caption(f"The {len(chosen)} versions with the most votes, of {count(len(up))}.")
    return sorted(chosen)


def trend(feedback: Feedback, view: View, chosen: list[str]) -> None:
    """A share over time by version; which share is chosen here."""
    measure = _measure()
    days = bucket_days(view.period)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.subheader("Over time, by version", anchor=False, width="content")
        st.session_state[_MEASURE_KEY] = measure
        st.selectbox(
            "Share of votes",
            list(_MEASURES),
            format_func=lambda name: _MEASURES[name],
            key=_MEASURE_KEY,
            on_change=_measure_changed,
            width=190,
        )
    points = feedback.trend(view.period)
    points = points[(points["measure"] == measure) & points["version"].isin(chosen)]
    st.altair_chart(_feedback_charts.trend(points, chosen))
    each = "day" if days == 1 else f"{days} days"
    st.caption(f"A point is {each}; the band is its 95 % interval.")


def reasons(shares: pd.DataFrame, chosen: list[str]) -> None:
    """How often each reason is given, by version."""
    st.subheader("What votes say, by version", anchor=False)
    shown = shares[shares["version"].isin(chosen)]
    labelled = shown.assign(label=shown["measure"].map(lambda name: _MEASURES[str(name)]))
    st.altair_chart(_feedback_charts.reasons(labelled, chosen, list(_MEASURES.values())))


def agreement(feedback: Feedback, view: View) -> None:
    """How far reviewers agree: all of them, and each two."""
    st.subheader("Agreement between reviewers", anchor=False)
    pairs = feedback.pairs(view.period)
    if not pairs:
        st.caption(
            "No decision has votes of two reviewers. A random sample with the same seed in "
            "Review gives both the same decisions."
        )
        return
    _draw.facts({"All reviewers": _told(feedback.agreement(view.period))})
    rows = [
        {
            "Reviewers": f"{pair.reviewer} and {pair.other}",
            "Shared decisions": pair.agreement.shared,
            "Same vote": pair.agreement.same,
            "Agreement": _told(pair.agreement),
        }
        for pair in pairs
    ]
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        column_config={
            "Shared decisions": st.column_config.NumberColumn(format="localized", width=120),
            "Same vote": st.column_config.NumberColumn(format="percent", width=90),
            "Agreement": st.column_config.TextColumn(width=380),
        },
    )
    st.caption("1 is perfect agreement, 0 what chance alone gives; below 0 they contradict.")


def _told(found: Agreement) -> str:
    if found.value is None:
        return found.missing
    return (
        f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f}), {found.method}, "
        f"{counted(found.shared, 'decision')}"
    )


def remarks(feedback: Feedback, view: View) -> None:
    """The newest notes and corrections, each with the way to its decision."""
    st.subheader("Newest notes and corrections", anchor=False)
    found = feedback.remarks(view.period, most=_MOST_REMARKS)
    if not found:
        st.caption("No vote of this time range says more than a thumb and a reason.")
    for remark in found:
        _remark(view, remark)


def _remark(view: View, remark: Remark) -> None:
    with st.container(border=True):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            _draw.html(
                _vote_markup.value_badge(remark.value, remark.reason),
                _markup.badge(remark.cohort) if remark.cohort else "",
                _markup.inline(f"{remark.reviewer} · {moment(remark.voted_at)}"),
            )
            _draw.links(view, remark.decision_id, remark.thread_id)
        _draw.html(_vote_markup.words(remark.note, remark.correction, remark.answer))


def _measure() -> str:
    asked = st.query_params.get(MEASURE, "up")
    return asked if asked in _MEASURES else "up"


def _measure_changed() -> None:
    st.query_params[MEASURE] = str(st.session_state[_MEASURE_KEY])
