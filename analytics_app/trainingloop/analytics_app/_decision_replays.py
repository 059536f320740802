"""The replays of a decision, on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from trainingloop.analytics_app import _draw, _markup, _replay_words
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._compare import replays_of
from trainingloop.analytics_app._compare_look import DECISION, RUN
from trainingloop.analytics_app._format import moment
from trainingloop.analytics_app._replay_choice import IDS
from trainingloop.analytics_app._replay_page import NEW
from trainingloop.analytics_app._view import script

if TYPE_CHECKING:
    from trainingloop.analytics_app._compare_records import ReplayOf
    from trainingloop.analytics_app._records import DecisionDetail
    from trainingloop.analytics_app._view import View

_REPLAYABLE = frozenset({"message", "tool_call"})


def replays(view: View, decision: DecisionDetail) -> None:
    """What others would have done in its place, and a way to ask one."""
    if decision.kind not in _REPLAYABLE:
        return
    st.subheader("Replays", anchor=False)
    for one in replays_of(CachedReads(view.tenant), decision.decision_id):
        _draw.html(*_told(one))
        st.page_link(
            script("compare"),
            label="Both answers",
            icon=":material/difference:",
            query_params=view.query(**{RUN: one.run_id, DECISION: decision.decision_id}),
        )
    st.page_link(
        script("replay"),
        label="Replay it",
        icon=":material/replay:",
        query_params=view.query(**{NEW: "1", IDS: decision.decision_id}),
    )


def _told(one: ReplayOf) -> tuple[str, ...]:
    state, _ = _replay_words.ANSWER_STATES[one.state]
    return (
        _markup.strong(f"{one.run_name} "),
        _markup.inline(f"{one.model} · {moment(one.created_at)} "),
        _markup.badge(_replay_words.AGREEMENTS.get(one.agreement, state), _tone(one)),
        *(_markup.badge(_replay_words.flag(name), "red") for name in one.newly_unsafe),
    )


def _tone(one: ReplayOf) -> _markup.Tone:
    return "gray" if one.agreement else "amber"
