"""Decisions that wait for a vote, one at a time, by the keyboard."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _review, _vote
from trainingloop.analytics_app._controls import range_control
from trainingloop.analytics_app._view import current_view

_vote.reviewer_control()
if _vote.reviewer():
    _review.restore()
view = current_view()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.header("Review", anchor=False, width="content")
    with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
        _review.controls()
        range_control(view)
if not _vote.reviewer():
    _review.ask_name()
    st.stop()

here = _review.place(view)
if not here.ids:
    _review.empty(here)
    st.stop()
_review.progress(view, here)
decision = view.decisions.decision(here.decision_id) if here.decision_id else None
if decision is None:
    _review.through(here)
else:
    story, panel = st.columns([9, 4], gap="large")
    with story:
        _review.story(view, decision)
    with panel:
        _review.vote_panel(view, here, decision)
_vote.dialogs(view)
