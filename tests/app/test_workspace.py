"""What the pages of one process look at."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from trainingloop.analytics_app._workspace import Workspace, current_workspace, hold_workspace
from trainingloop.analytics_app.errors import NoWorkspaceError, SlowReadError
from trainingloop.store import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Store:
    """A store whose reads wait for ``gate``, and note the threads they ran on."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.threads: set[int] = set()

    def reads(self, tenant: str) -> _Store:
        return self

    def tenants(self) -> list[str]:
        return ["default"]

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        self.gate.wait(10)
        self.threads.add(threading.get_ident())
        return Table(columns=("name",), rows=((name,),))


def test_a_read_that_takes_too_long_is_given_up() -> None:
    """The page says so instead of turning for ever."""
    store = _Store()
    workspace = Workspace(store, timeout_s=0.01)

    with pytest.raises(SlowReadError, match=r"within 0\.01 s"):
        workspace.table("default", "decisions", {})

    store.gate.set()
    workspace.close()


def test_many_page_runs_share_few_threads() -> None:
    """The store keeps a client for each thread, and Streamlit starts one each run."""
    store = _Store()
    store.gate.set()
    workspace = Workspace(store)

    for _ in range(20):
        run = threading.Thread(target=lambda: workspace.table("default", "decisions", {}))
        run.start()
        run.join()

    assert 1 <= len(store.threads) <= 4
    workspace.close()


def test_pages_without_a_workspace_say_how_to_start_them() -> None:
    """Somebody ran the script with streamlit itself."""
    hold_workspace(None)

    with pytest.raises(NoWorkspaceError, match="trainingloop serve"):
        current_workspace()
