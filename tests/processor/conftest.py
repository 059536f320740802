"""A redactor with a fixed key, so that tokens are the same in every run."""

from __future__ import annotations

from typing import Final

import pytest

from trainingloop.processor import Redactor

KEY: Final = b"a key that only tests use, 32+ bytes"


@pytest.fixture
def redactor() -> Redactor:
    """A fresh engine with an empty cache."""
    return Redactor(key=KEY, engine="fast")


@pytest.fixture(scope="session")
def presidio_redactor() -> Redactor:
    """The engine that asks Presidio too; it takes seconds to start."""
    return Redactor(key=KEY, engine="presidio")
