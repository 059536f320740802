"""What every test may rely on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


# At home every run tries other examples; the gate tries the same ones each time. No example has a
# deadline: the first one also pays for what is imported late, and a busy machine fails the rest.
settings.register_profile("home", deadline=None)
settings.register_profile("gate", settings.get_profile("home"), derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "home")


@pytest.fixture(autouse=True)
def environment_of_its_own() -> Iterator[None]:
    """Undo what a test leaves in the environment: recording sets OpenTelemetry's defaults there."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
