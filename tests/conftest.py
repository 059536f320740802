"""What every test may rely on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


# At home every run tries other examples; the gate tries the same ones each time.
settings.register_profile("gate", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("gate")


@pytest.fixture(autouse=True)
def environment_of_its_own() -> Iterator[None]:
    """Undo what a test leaves in the environment: recording sets OpenTelemetry's defaults there."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
