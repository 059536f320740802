"""How far a run is, while it is driven."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.replay.answers import AnswerState
    from trainingloop.replay.runs import RunStatus

_WINDOW_S: Final = 30.0
"""The rate is that of the last half minute: an endpoint that slows down is seen to."""


class Tally:
    """Counts results as they are stored; used by one thread.

    Args:
        status: how far the run was before.
        monotonic: seconds since whenever, by a clock nobody sets.
    """

    def __init__(self, status: RunStatus, monotonic: Callable[[], float]) -> None:
        self.all: Final = status.all
        self.cached = 0
        """Results that took no question."""
        self.states: Counter[AnswerState] = Counter(status.states)
        self._monotonic = monotonic
        self._done = status.final
        self._ends: deque[float] = deque()
        self._began_s = monotonic()

    @property
    def done(self) -> int:
        """Decisions, each for every arm, that nothing is left to do for."""
        return min(self.all, self._done)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return self._monotonic() - self._began_s

    def store(self, state: AnswerState, before: AnswerState | None) -> None:
        """Count a result that is stored, in place of the one there was before."""
        if before is not None:
            self.states[before] -= 1
        self.states[state] += 1

    def end(self, *, was_final: bool) -> None:
        """Count a decision of an arm that nothing is left to do for."""
        self._done += not was_final
        now_s = self._monotonic()
        self._ends.append(now_s)
        while self._ends[0] < now_s - _WINDOW_S:
            self._ends.popleft()

    @property
    def per_second(self) -> float:
        """Decisions that ended, of late."""
        now_s = self._monotonic()
        recent = sum(end_s >= now_s - _WINDOW_S for end_s in self._ends)
        return recent / max(min(_WINDOW_S, now_s - self._began_s), 1e-3)

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None while nothing has ended of late."""
        rate = self.per_second
        return (self.all - self.done) / rate if rate else None

    def counted(self) -> Mapping[AnswerState, int]:
        """Return the results by what became of them."""
        return {state: count for state, count in self.states.items() if count > 0}
