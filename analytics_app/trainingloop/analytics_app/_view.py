"""Who and what the page that runs now looks at, as its URL says."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from trainingloop.analytics_app import _cached
from trainingloop.analytics_app._filters import Filters, filters_from_query
from trainingloop.analytics_app._service import Decisions
from trainingloop.analytics_app.errors import NoWorkspaceError, SlowReadError
from trainingloop.instrumentation.environment import DEFAULT_TENANT
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Generator

    from trainingloop.analytics_app._filters import Period

PageName = Literal[
    "overview",
    "decisions",
    "decision",
    "conversation",
    "outcomes",
    "feedback",
    "review",
    "cohorts",
    "replay",
    "compare",
]

TENANT: Final = "tenant"
DECISION: Final = "id"
CONVERSATION: Final = "thread"
PAGE_NUMBER: Final = "page"
FOCUS_DECISION: Final = "decision"
FOCUS_EVENT: Final = "event"
"""What the Conversation page scrolls to and sets apart."""
KEPT: Final = (
    "rule", "step", "by", "measure", "a", "b", "metric", "new", "votes", "size", "strata", "seed",
)  # fmt: skip
"""What is looked at beside the filters, and goes on being looked at when they change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one run of a page works with."""

    tenant: str
    filters: Filters
    period: Period
    decisions: Decisions

    def query(self, **more: str) -> dict[str, str]:
        """The query string of a link that keeps the tenant and the filters."""
        return query_of(self.tenant, self.filters, **more)


def query_of(tenant: str, filters: Filters, **more: str) -> dict[str, str]:
    """The query string that shows ``tenant`` under ``filters``."""
    return {TENANT: tenant, **filters.to_query(), **more}


def current_view() -> View:
    """What the URL asks for."""
    filters = filters_from_query(st.query_params)
    tenant = chosen_tenant(_cached.tenants())
    return View(
        tenant=tenant,
        filters=filters,
        period=filters.period(datetime.now(UTC)),
        decisions=Decisions(_cached.CachedReads(tenant)),
    )


def chosen_tenant(tenants: list[str]) -> str:
    """The tenant in the URL, else the default one, else the first there is."""
    if named := st.query_params.get(TENANT, ""):
        return named
    return DEFAULT_TENANT if DEFAULT_TENANT in tenants or not tenants else tenants[0]


def script(page: PageName) -> str:
    """The script of a page, for ``st.page_link`` and ``st.switch_page``."""
    return f"app_pages/{page}.py"


@contextlib.contextmanager
def failures_shown() -> Generator[None]:
    """Show a read that failed as a failure with what to do, never as an empty page."""
    try:
        yield
    except TrainingLoopError as error:
        st.error(
            "**This could not be read.** Nothing is known about what is missing here.",
            icon=":material/error:",
        )
        st.text(str(error))
        st.caption(_advice(error))
        st.button("Try again", icon=":material/refresh:", on_click=st.cache_data.clear)
        st.stop()


def _advice(error: TrainingLoopError) -> str:
    if isinstance(error, SlowReadError | NoWorkspaceError):
        return "Recording goes on meanwhile: the receivers do not depend on this page."
    if isinstance(error, StoreUnavailableError):
        return (
            "The store's engine refused or cannot be reached. Try again; if it stays so, look at "
            "the log of `trainingloop serve`, at the free space of its disk, and run "
            "`trainingloop doctor`."
        )
    return "Run `trainingloop doctor`, and look at the log of `trainingloop serve`."
