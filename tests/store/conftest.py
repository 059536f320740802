"""An embedded store for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def dsn(tmp_path: Path) -> str:
    """The address of a store that does not exist yet."""
    return f"chdb://{tmp_path / 'store'}"


@pytest.fixture
def store(dsn: str) -> Iterator[Store]:
    """An open, empty store."""
    with open_store(dsn) as opened:
        yield opened
