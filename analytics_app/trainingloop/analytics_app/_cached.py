"""Reads through a cache that forgets within seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from trainingloop.analytics_app._workspace import current_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Table

# One look at a page reads the same things more than once, and so do its next few clicks.
_TTL_S: Final = 3
_MAX_ENTRIES: Final = 256


class CachedReads:
    """The reads of one tenant of the workspace of this process."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``, at most some seconds old."""
        given = dict(parameters or {})
        key = repr(sorted(given.items()))
        return _read(current_workspace().number, self._tenant, name, key, given)


class DirectReads:
    """The reads of one tenant, past the cache: for what is read once and is large."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        return current_workspace().table(self._tenant, name, parameters or {})


@st.cache_data(ttl=_TTL_S, max_entries=_MAX_ENTRIES, show_spinner=False)
def _read(
    workspace_number: int,  # noqa: ARG001  # part of the cache's key: stores differ
    tenant: str,
    name: str,
    key: str,  # noqa: ARG001  # part of the cache's key: stands for the parameters
    _parameters: dict[str, object],
) -> Table:
    return current_workspace().table(tenant, name, _parameters)


def tenants() -> list[str]:
    """Return the tenants there are, as of some seconds ago."""
    return _tenants(current_workspace().number)


@st.cache_data(ttl=_TTL_S, max_entries=8, show_spinner=False)
def _tenants(workspace_number: int) -> list[str]:  # noqa: ARG001  # part of the cache's key
    return current_workspace().tenants()
