"""A store with some answers to vote on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.votes import Ballot, turns
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ballot(tmp_path: Path) -> Iterator[Ballot]:
    """Four answers in two conversations, no votes."""
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        store.insert_spans(turns(4, in_each=2, cohort="booking_v1"))
        yield Ballot(store)
