"""What a candidate would have done otherwise, pair by pair, the worst first."""

from __future__ import annotations

import streamlit as st

from trainingloop.analytics_app import _compare_headline, _compare_page, _vote
from trainingloop.analytics_app._cached import CachedReads
from trainingloop.analytics_app._view import current_view

_vote.reviewer_control()
view = current_view()
st.header("Compare", anchor=False)
reads = CachedReads(view.tenant)
run = _compare_page.chosen_run(view, reads)
if run is None:
    _compare_page.nothing_to_compare(view)
    st.stop()

headline = st.container()
_compare_page.pairs_of(view, run)
# Last: of many pairs it takes seconds when it is drawn for the first time.
with headline:
    _compare_headline.headline(view, run, _compare_headline.stamp_of(reads, run.run_id))
