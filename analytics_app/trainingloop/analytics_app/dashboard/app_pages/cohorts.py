"""Which of two versions is better, and how sure one may be."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from trainingloop.analytics_app import _cached, _cohorts_page, _draw
from trainingloop.analytics_app._cohorts import Cohorts
from trainingloop.analytics_app._view import current_view
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.cohorts import CohortError

view = current_view()
st.header("Cohorts", anchor=False)
if not view.decisions.extent().decisions:
    _draw.first_steps(view, current_workspace())
    st.stop()

cohorts = Cohorts(_cached.CachedReads(view.tenant))
choices = cohorts.choices(view.period)
pair = _cohorts_page.chosen(view, choices)
if pair is None:
    _cohorts_page.nothing_to_compare(choices)
    st.stop()

try:
    report = cohorts.compare(
        *pair,
        view.period,
        metric=st.query_params.get(_cohorts_page.METRIC, ""),
        now=datetime.now(UTC),
    )
except CohortError as error:
    st.warning("**These two cannot be compared.**", icon=":material/compare_arrows:")
    st.text(str(error))
    st.stop()

_cohorts_page.verdict(report)
_cohorts_page.metric_choice(report)
_cohorts_page.metrics(report)
_cohorts_page.over_time(report)
_cohorts_page.traffic(report)
_cohorts_page.sides(report)
_cohorts_page.save_form(view, report)
