"""Replays: choose decisions, say what to ask instead, see what it would take, run it."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import (
    _draw,
    _replay_candidate,
    _replay_decisions,
    _replay_page,
    _replay_run,
    _vote,
)
from trainingloop.analytics_app._cached import CachedReads, DirectReads
from trainingloop.analytics_app._compare_look import RUN
from trainingloop.analytics_app._replay import Replays
from trainingloop.analytics_app._view import current_view
from trainingloop.analytics_app._workspace import current_workspace
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import RunState

view = current_view()
# What was just done has to be seen: past the cache.
replays = Replays(DirectReads(view.tenant))
if run_id := st.query_params.get(RUN, ""):
    try:
        status = replays.status(run_id)
    except RunError as error:
        st.header("Replay", anchor=False)
        st.warning("**There is no such run.**", icon=":material/search_off:")
        st.text(str(error))
        st.stop()
    _replay_run.header(view, status.run)
    told, asked = st.columns([9, 5], gap="large")
    with told:
        _replay_run.following(view, status.run)
        if status.run.state is RunState.READY and not status.done:
            _replay_run.forecast(view, status.run)
    with asked:
        _replay_run.settings(status.run)
    st.stop()

_vote.reviewer_control()
if set_id := st.query_params.get(_replay_page.SET, ""):
    _replay_candidate.step(view, replays, set_id)
    st.stop()
if _replay_page.NEW in st.query_params:
    _replay_decisions.step(view)
    st.stop()

st.header("Replay", anchor=False)
if not view.decisions.extent().decisions:
    _draw.first_steps(view, current_workspace())
    st.stop()
lines = Replays(CachedReads(view.tenant)).lines()
if not lines:
    _replay_page.nothing_yet(view)
else:
    _replay_page.begin_link(view)
    if opened := _replay_page.run_list(view, lines):
        st.query_params[RUN] = opened
        st.rerun()
_replay_page.set_list(view, replays.sets())
