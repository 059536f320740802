"""What came of the decisions: rates over time and by version, and what they rest on."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from trainingloop.analytics_app import _controls, _draw, _outcomes_evidence, _outcomes_page
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._outcomes import Outcomes
from trainingloop.analytics_app._outcomes_look import look_from_query
from trainingloop.analytics_app._view import current_view
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.outcomes.rules import rules_from_environment

view = current_view()
with st.sidebar, st.container(gap="xxsmall"):
    _controls.facet_controls(view, view.decisions.facets(view.period))

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.header("Outcomes", anchor=False, width="content")
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        _controls.range_control(view)
        _controls.clear_control(view)

if not view.decisions.extent().decisions:
    _draw.first_steps(view, current_workspace())
    st.stop()

outcomes = Outcomes(CachedReads(view.tenant))
worker = outcomes.worker()
seen = outcomes.rules(view.period)
if not seen:
    _outcomes_page.nothing_yet(view, worker)
    st.stop()

look = look_from_query(st.query_params, view.period)
page = _outcomes_page.Page(
    view=view,
    outcomes=outcomes,
    look=look,
    rules=rules_from_environment(),
    seen=seen,
    rule=_outcomes_page.chosen_rule(seen, look),
    # To the minute, so that caches can keep what was read.
    as_of=worker.as_of(datetime.now(UTC).replace(second=0, microsecond=0)),
)
_outcomes_page.tiles(page)
_outcomes_page.rule_control(page)
_outcomes_page.about(page)
_outcomes_page.over_time(page)
_outcomes_page.versions(page)
_outcomes_page.endings(page)
_outcomes_evidence.evidence(page)
