"""A pipeline on an embedded store, and receivers in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainingloop.collector import Pipeline, Receivers
from trainingloop.instrumentation.keys import Keyring
from trainingloop.processor import Redactor
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = b"a key for tests only, 32 bytes ok"
KEYS = Keyring.of(KEY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open, empty store."""
    with open_store(f"chdb://{tmp_path / 'store'}") as opened:
        yield opened


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    """The real redaction with a fixed key."""
    return Redactor(key=KEY, engine="fast")


@pytest.fixture
def pipeline(store: Store, redactor: Redactor) -> Iterator[Pipeline]:
    """A pipeline that writes to ``store``."""
    with Pipeline(store, redactor, keys=KEYS) as opened:
        yield opened


@pytest.fixture
def receivers(pipeline: Pipeline) -> Iterator[Receivers]:
    """Receivers on free ports."""
    with Receivers(pipeline, http_port=0, grpc_port=0) as listening:
        yield listening
