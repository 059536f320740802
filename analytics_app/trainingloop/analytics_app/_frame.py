"""What stands beside every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app import _cached, _draw, _markup
from trainingloop.analytics_app._controls import tenant_control
from trainingloop.analytics_app._filters import filters_from_query
from trainingloop.analytics_app._view import chosen_tenant, query_of, script

if TYPE_CHECKING:
    from trainingloop.analytics_app._view import PageName

_LINKS: Final[dict[PageName, tuple[str, str]]] = {
    "overview": ("Overview", ":material/monitoring:"),
    "decisions": ("Decisions", ":material/rule:"),
    "conversation": ("Conversations", ":material/forum:"),
    "outcomes": ("Outcomes", ":material/query_stats:"),
    "feedback": ("Feedback", ":material/thumbs_up_down:"),
    "cohorts": ("Cohorts", ":material/compare_arrows:"),
    "review": ("Review", ":material/keyboard:"),
    "replay": ("Replay", ":material/replay:"),
    "compare": ("Compare", ":material/difference:"),
}


def sidebar() -> None:
    """The name, the pages and the tenant; the links keep what is looked at."""
    _draw.html(_markup.STYLE)
    with st.sidebar:
        _draw.html('<div class="tl-brand">trainingloop</div>')
        tenants = _cached.tenants()
        tenant = chosen_tenant(tenants)
        query = query_of(tenant, filters_from_query(st.query_params))
        for page, (label, icon) in _LINKS.items():
            st.page_link(script(page), label=label, icon=icon, query_params=query)
        tenant_control(tenants, tenant)
