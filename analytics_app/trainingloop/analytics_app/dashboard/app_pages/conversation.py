"""One conversation in the order it happened, or the list of them."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _conversation, _draw, _vote
from trainingloop.analytics_app._controls import range_control
from trainingloop.analytics_app._view import CONVERSATION, current_view, script
from trainingloop.analytics_app._workspace import current_workspace

view = current_view()
wanted = st.query_params.get(CONVERSATION, "")
if not wanted:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.header("Conversations", anchor=False, width="content")
        range_control(view)
    if not view.decisions.extent().decisions:
        _draw.first_steps(view, current_workspace())
        st.stop()
    opened = _conversation.recent(view)
    if opened:
        st.switch_page(script("conversation"), query_params=view.query(**{CONVERSATION: opened}))
    st.stop()

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.header("Conversation", anchor=False, width="content")
    st.page_link(
        script("conversation"),
        label="All conversations",
        icon=":material/arrow_back:",
        query_params=view.query(),
    )
thread = view.decisions.thread(wanted)
if thread is None:
    _draw.unknown(view, "conversation", wanted)
    st.stop()
_vote.reviewer_control()
_conversation.header(thread)
_conversation.story(view, thread)
_vote.dialogs(view)
