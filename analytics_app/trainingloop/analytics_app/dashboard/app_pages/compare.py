"""What a candidate would have done otherwise, pair by pair, the worst first."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _compare_page, _compare_pair, _vote
from trainingloop.analytics_app._cached import CachedReads, DirectReads
from trainingloop.analytics_app._compare import Pairs
from trainingloop.analytics_app._view import current_view

_vote.reviewer_control()
view = current_view()
st.header("Compare", anchor=False)
reads = CachedReads(view.tenant)
run = _compare_page.chosen_run(view, reads)
if run is None:
    _compare_page.nothing_to_compare(view)
    st.stop()

pairs = Pairs(reads, run.run_id)
look = _compare_page.look_now()
ranks = pairs.ranks(look)
st.subheader("Pairs", anchor=False)
_compare_page.rank_control(ranks, look)
_compare_page.filter_controls(pairs.facets(), look)
here = _compare_page.place(pairs, look, ranks, run.run_id)
if here is None:
    _compare_page.nothing_left(look, ranks)
    _compare_page.unchanged(look, ranks)
    st.stop()

lines, opened = here
listed, shown = st.columns([4, 9], gap="medium")
with listed:
    _compare_page.pair_list(lines, opened)
    _compare_page.unchanged(look, ranks)
with shown:
    _compare_pair.show(view, opened, Pairs(DirectReads(view.tenant), run.run_id))
