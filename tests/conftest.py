"""What every test may rely on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def environment_of_its_own() -> Iterator[None]:
    """Undo what a test leaves in the environment: recording sets OpenTelemetry's defaults there."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
