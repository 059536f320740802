"""A recorded demo for the tests to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.recording import Recording, record

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(scope="package")
def own_key(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Keep the redaction key of these tests out of the user's directory."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="package")
def recording(own_key: None) -> Recording:
    """Give one demo of ten conversations."""
    return record()
