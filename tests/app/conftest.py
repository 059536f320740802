"""A store for the pages of this process."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from support.votes import Ballot, turns
from trainingloop.analytics_app._workspace import (
    Gateway,
    ReadableStore,
    Workspace,
    hold_workspace,
)
from trainingloop.collector import Counters
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    ShowStore = Callable[[ReadableStore], None]


def _counters() -> Counters:
    return Counters(
        received=12,
        received_by_source={"http": 12},
        stored=9,
        rejected={"no_trace_id": 1},
        refused={"overloaded": 2},
        malformed=3,
        caught=4,
        failures=0,
        settle_failures=0,
    )


@pytest.fixture
def show() -> Iterator[ShowStore]:
    """Give the pages a store, behind a gateway that has received something."""
    with contextlib.ExitStack() as stack:

        def hold(store: ReadableStore) -> None:
            gateway = Gateway(
                http_url="http://127.0.0.1:9318",
                grpc_url="http://127.0.0.1:9317",
                counters=_counters,
            )
            workspace = Workspace(store, gateway=gateway)
            stack.callback(workspace.close)
            hold_workspace(workspace)

        yield hold
        hold_workspace(None)


@pytest.fixture
def store(tmp_path: Path, show: ShowStore) -> Iterator[Store]:
    """An open, empty store that the pages look at."""
    with open_store(f"chdb://{tmp_path / 'store'}") as opened:
        show(opened)
        yield opened
        # Reads under way end before the engine does.
        hold_workspace(None)


@pytest.fixture
def ballot(tmp_path: Path) -> Iterator[Ballot]:
    """Three answers that the pages show and that can be voted on, the newest of them the third."""
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        store.insert_spans(turns(3, in_each=3))
        ballot = Ballot(store)
        workspace = Workspace(store, actions={"feedback": ballot.take})
        hold_workspace(workspace)
        yield ballot
        hold_workspace(None)
        workspace.close()
