"""What was decided, by which versions, and whether all of it arrived."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _charts, _draw, _overview, _tables
from trainingloop.analytics_app._controls import range_control
from trainingloop.analytics_app._view import current_view, query_of, script
from trainingloop.analytics_app._workspace import current_workspace

view = current_view()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.header("Overview", anchor=False, width="content")
    range_control(view)

gateway = current_workspace().gateway
if not view.decisions.extent().decisions:
    _draw.first_steps(view, current_workspace())
    _overview.accounting(view, gateway)
    st.stop()

totals = view.decisions.totals(view.period)
if not totals.decisions:
    _overview.nothing_in_range(view, view.decisions.extent())
    st.stop()

_overview.totals(totals)
st.subheader("Decisions by day", anchor=False)
st.altair_chart(_charts.decisions_by_day(view.decisions.by_day(view.period), view.period))

_overview.outcomes(view)

st.subheader("Versions", anchor=False)
st.caption("Cohort, model and code version that decided. Click a row to see its decisions.")
version = _tables.version_table(view.decisions.by_version(view.period))
if version is not None:
    st.switch_page(
        script("decisions"), query_params=query_of(view.tenant, view.filters.having(**version))
    )

tools, redaction = st.columns(2, gap="large")
with tools:
    _overview.tools(view)
with redaction:
    _overview.redaction(view, totals)
_overview.accounting(view, gateway)
