"""Keeps outcomes up to date while a process serves: a thread that sweeps."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from trainingloop.outcomes._sweep import sweep
from trainingloop.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.outcomes._sweep import Progress
    from trainingloop.outcomes.rules import Rules
    from trainingloop.store import Store

_logger = logging.getLogger(__name__)

_POLL_S: Final = 2.0
_MATURING_S: Final = 60.0
"""Windows pass without anything coming in."""
_SHARE: Final = 4
"""After a sweep, this many times its length belongs to others."""
_FIRST_PAUSE_S: Final = 15.0
_LONGEST_PAUSE_S: Final = 300.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """How far the worker is."""

    last_sweep_at: datetime | None = None
    """When the last sweep that succeeded began; None before the first."""
    lag_s: float | None = None
    """How long ago that is."""
    sweeps: int = 0
    failures: int = 0
    """Sweeps that the store could not do; each is done again."""
    is_failing: bool = False
    """The last sweep failed."""
    slices_done: int = 0
    slices: int = 0
    """How far the sweep under way has come, where it needs several slices."""


class _ClosingError(Exception):
    """A sweep is given up, because the process ends; the next one does it again."""


class OutcomeWorker:
    """One thread that sweeps soon after something came in, and every minute for what matures.

    A sweep that fails is logged by its error's type and tried again, later each time; it never
    holds up what receives. Use it as a context manager.

    Args:
        store: where decisions, events and outcomes are.
        rules: what to judge by.
        arrivals: a count that grows when something came in.
        clock: tells the time.
        poll_s: how often to look at ``arrivals``.
    """

    def __init__(
        self,
        store: Store,
        rules: Rules,
        *,
        arrivals: Callable[[], int],
        clock: Callable[[], datetime] = _now,
        poll_s: float = _POLL_S,
    ) -> None:
        self._store = store
        self._rules = rules
        self._arrivals = arrivals
        self._clock = clock
        self._poll_s = poll_s
        self._lock = threading.Lock()
        self._state = WorkerState()
        self._swept_arrivals = -1
        self._may_sweep_at = 0.0
        self._must_sweep_at = 0.0
        self._pause_s = _FIRST_PAUSE_S
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trainingloop-outcomes", daemon=True)

    def state(self) -> WorkerState:
        """Return how far the worker is; any thread may ask."""
        with self._lock:
            state = self._state
        if state.last_sweep_at is None:
            return state
        return replace(state, lag_s=(self._clock() - state.last_sweep_at).total_seconds())

    def close(self) -> None:
        """End after the slice that is under way."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing.wait(self._poll_s):
            if self._is_due(time.monotonic()):
                self._sweep()

    def _is_due(self, moment: float) -> bool:
        has_arrivals = self._arrivals() != self._swept_arrivals
        return moment >= self._may_sweep_at and (has_arrivals or moment >= self._must_sweep_at)

    def _sweep(self) -> None:
        began, arrivals = time.monotonic(), self._arrivals()
        try:
            started_at = self._clock()
            sweep(self._store, self._rules, started_at, on_progress=self._progress)
        except _ClosingError:
            return
        except Exception as error:  # noqa: BLE001  # whatever it is, decisions still come in
            self._failed(error)
        else:
            self._swept_arrivals = arrivals
            self._succeeded(started_at, seconds=time.monotonic() - began)

    def _progress(self, progress: Progress) -> None:
        if self._closing.is_set():
            raise _ClosingError
        self._tell(slices_done=progress.slices_done, slices=progress.slices)

    def _succeeded(self, started_at: datetime, *, seconds: float) -> None:
        self._pause_s = _FIRST_PAUSE_S
        self._may_sweep_at = time.monotonic() + _SHARE * seconds
        self._must_sweep_at = time.monotonic() + _MATURING_S
        self._tell(
            last_sweep_at=started_at,
            sweeps=self._state.sweeps + 1,
            is_failing=False,
            slices_done=0,
            slices=0,
        )

    def _failed(self, error: Exception) -> None:
        # The type alone, unless the text is our own: another may quote what it failed on.
        told = error if isinstance(error, StoreError) else type(error).__name__
        _logger.warning("outcomes were not worked out, again in %.0f s: %s", self._pause_s, told)
        self._may_sweep_at = time.monotonic() + self._pause_s
        self._must_sweep_at = self._may_sweep_at
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        self._tell(failures=self._state.failures + 1, is_failing=True, slices_done=0, slices=0)

    def _tell(self, **changes: object) -> None:
        with self._lock:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # its fields
