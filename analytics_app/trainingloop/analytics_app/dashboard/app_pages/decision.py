"""One decision: what it knew, what it did, which versions it ran."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import (
    _decision,
    _decision_replays,
    _draw,
    _outcomes_parts,
    _vote,
)
from trainingloop.analytics_app._view import DECISION, current_view, script

view = current_view()
wanted = st.query_params.get(DECISION, "")
decision = view.decisions.decision(wanted) if wanted else None
if decision is None:
    st.header("Decision", anchor=False)
    _draw.unknown(view, "decision", wanted)
    st.page_link(
        script("decisions"),
        label="All decisions",
        icon=":material/arrow_back:",
        query_params=view.query(),
    )
    st.stop()

_vote.reviewer_control()
_decision.header(view, decision)
_decision.failure(decision)
story, facts = st.columns([9, 5], gap="large")
with story:
    _decision.did(decision, view.decisions.calls_of(decision))
    _outcomes_parts.happened_next(view, decision)
    _decision.knew(decision)
with facts:
    _decision.feedback(view, decision)
    _decision.versions(decision)
    _decision.proof(decision)
    _decision.circumstances(decision)
    _decision_replays.replays(view, decision)
_vote.dialogs(view)
