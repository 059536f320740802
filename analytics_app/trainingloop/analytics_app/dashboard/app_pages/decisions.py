"""Every decision, filtered."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _controls, _decision_list, _draw, _outcomes_parts
from trainingloop.analytics_app._view import DECISION, current_view, script
from trainingloop.analytics_app._workspace import current_workspace

view = current_view()
with st.sidebar, st.container(gap="xxsmall"):
    _controls.facet_controls(view, view.decisions.facets(view.period))
    _controls.outcome_control(view, _outcomes_parts.choices(view))

st.header("Decisions", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    _controls.text_control(view)
    _controls.range_control(view)
    _controls.clear_control(view)

total = view.decisions.count(view.filters, view.period)
if not total and not view.decisions.extent().decisions:
    _draw.first_steps(view, current_workspace())
    st.stop()

opened = _decision_list.decision_list(view, total)
if opened:
    st.switch_page(script("decision"), query_params=view.query(**{DECISION: opened}))
