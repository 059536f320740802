"""The shield between the recorder's errors and the agent."""

from __future__ import annotations

import logging

import pytest

from trainingloop.instrumentation import recorder_stats
from trainingloop.instrumentation._guard import Shield


def test_an_error_is_counted_each_time_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The same step failing again is a number, not another line; its text is never told."""
    before = recorder_stats().errors

    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with Shield("a step of this test"):
                raise ValueError("kim@example.com")

    assert recorder_stats().errors == before + 3
    assert len(caplog.records) == 1
    assert "ValueError" in caplog.text
    assert "kim@example.com" not in caplog.text


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_is_no_error_gets_through(kind: type[BaseException]) -> None:
    """Whoever ends the process or a generator is not held up."""
    with pytest.raises(kind), Shield("another step of this test"):
        raise kind
