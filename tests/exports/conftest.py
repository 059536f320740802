"""A store to export from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.reviewed import emptied
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that is opened once: that takes longer than a test."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('exports') / 'store'}") as store:
        yield store


@pytest.fixture
def store(opened: Store) -> Store:
    """An open, empty store."""
    return emptied(opened)
