"""Routes to the pages. Started by ``trainingloop serve``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from trainingloop.analytics_app._frame import sidebar
from trainingloop.analytics_app._view import failures_shown

st.set_page_config(
    page_title="trainingloop", page_icon=Path(__file__).with_name("icon.svg"), layout="wide"
)

page = st.navigation(
    [
        st.Page("app_pages/overview.py", title="Overview · trainingloop", default=True),
        st.Page("app_pages/decisions.py", title="Decisions · trainingloop", url_path="decisions"),
        st.Page("app_pages/decision.py", title="Decision · trainingloop", url_path="decision"),
        st.Page(
            "app_pages/conversation.py",
            title="Conversations · trainingloop",
            url_path="conversation",
        ),
        st.Page("app_pages/outcomes.py", title="Outcomes · trainingloop", url_path="outcomes"),
        st.Page("app_pages/feedback.py", title="Feedback · trainingloop", url_path="feedback"),
        st.Page("app_pages/cohorts.py", title="Cohorts · trainingloop", url_path="cohorts"),
        st.Page("app_pages/review.py", title="Review · trainingloop", url_path="review"),
        st.Page("app_pages/replay.py", title="Replay · trainingloop", url_path="replay"),
        st.Page("app_pages/compare.py", title="Compare · trainingloop", url_path="compare"),
    ],
    # Its own links would drop the query string, and with it tenant and filters.
    position="hidden",
)
with failures_shown():
    sidebar()
    page.run()
