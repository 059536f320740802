"""One embedded store for all tests of a module: each test works in a tenant of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An open store that other tests have written to."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('outcomes')}") as opened:
        yield opened
