"""Tells an endpoint that fails from a question that does."""

from __future__ import annotations

from typing import Final

from trainingloop.replay.answers import AnswerState

_LEAST: Final = 8
_FAILED: Final = frozenset(
    {
        AnswerState.TIMEOUT,
        AnswerState.CONNECTION,
        AnswerState.RATE_LIMITED,
        AnswerState.UNAUTHORIZED,
        AnswerState.UNKNOWN_MODEL,
        AnswerState.SERVER_ERROR,
    }
)


class Failures:
    """Counts questions that an endpoint failed one after the other.

    What comes garbled counts as long as nothing else has come: then it is no endpoint for models
    that answers there. Later it is one question's bad luck.

    Args:
        concurrency: how many questions are asked at once.
    """

    def __init__(self, concurrency: int) -> None:
        self._most: Final = max(_LEAST, 2 * concurrency)
        self._is_served = False
        self.in_a_row = 0
        self.last: AnswerState | None = None
        """What became of the question before; None if there was none."""

    @property
    def are_too_many(self) -> bool:
        """Whether it is the endpoint that fails, so that nothing more is to be asked."""
        return self.in_a_row >= self._most

    @property
    def of_all(self) -> AnswerState | None:
        """How the last failed, where all that was asked did."""
        return None if self._is_served else self.last

    def note(self, state: AnswerState) -> None:
        """Count what became of a question that was asked."""
        self.last = state
        is_garbage = state is AnswerState.GARBLED and not self._is_served
        if state in _FAILED or is_garbage:
            self.in_a_row += 1
        else:
            self._is_served = True
            self.in_a_row = 0
