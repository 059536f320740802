"""Keeping the recorder's own errors away from the agent."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from trainingloop.instrumentation.accounting import ledger
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from types import TracebackType

_logger = logging.getLogger(__name__)
_reported: set[str] = set()
_lock = threading.Lock()


class Shield:
    """A block whose exceptions are counted, reported once for each step, and go no further.

    Only code of the recorder may stand in it: an exception of the agent's own has to get through.
    """

    __slots__ = ("_step",)

    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        if not isinstance(error, Exception):
            return False
        note(self._step, error)
        return True


def note(step: str, error: BaseException) -> None:
    """Count an error of the recorder and say so once.

    Of a foreign error only the type is told, because its text may be private; our own messages
    say what was given, what was allowed and what to do, and nothing else.
    """
    ledger().add(errors=1)
    with _lock:
        is_known = step in _reported
        _reported.add(step)
    if not is_known:
        _logger.warning(
            "Recording failed at %r (%s); the agent goes on without it. "
            "Further failures of this step are counted but not reported.",
            step,
            error if isinstance(error, TrainingLoopError) else type(error).__name__,
        )
