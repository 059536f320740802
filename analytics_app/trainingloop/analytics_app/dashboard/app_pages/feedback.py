"""What people think of the decisions, by version, and how far they agree."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _cached, _feedback_page
from trainingloop.analytics_app._controls import range_control
from trainingloop.analytics_app._feedback import Feedback
from trainingloop.analytics_app._view import current_view
from trainingloop.analytics_app._workspace import current_workspace

view = current_view()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.header("Feedback", anchor=False, width="content")
    range_control(view)

feedback = Feedback(_cached.CachedReads(view.tenant))
totals = feedback.totals(view.period)
if not totals.votes:
    _feedback_page.nothing_yet(view, current_workspace())
    st.stop()

_feedback_page.totals(totals, feedback.overall(view.period))
shares = feedback.shares(view.period)
chosen = _feedback_page.versions(shares)
_feedback_page.trend(feedback, view, chosen)
_feedback_page.reasons(shares, chosen)
_feedback_page.agreement(feedback, view)
_feedback_page.remarks(feedback, view)
