"""One store for the tests of a file; each test records for a tenant of its own."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from cohorts.histories import History
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An open store that the tests of a file share."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('cohorts') / 'store'}") as opened:
        yield opened


@pytest.fixture
def history(store: Store, request: pytest.FixtureRequest) -> History:
    """The history of a tenant that no other test has."""
    name: str = request.node.name
    return History(store=store, tenant=f"t-{sha256(name.encode()).hexdigest()[:24]}")
