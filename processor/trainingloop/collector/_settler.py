"""Settles tool calls in the background, at most once a second."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.store.errors import StoreError

if TYPE_CHECKING:
    from trainingloop.collector._counters import Tally

_logger = logging.getLogger(__name__)

_PAUSE_S: Final = 1.0
_PAUSE_AFTER_FAILURE_S: Final = 15.0
_BEFORE_THE_NEWEST: Final = timedelta(hours=1)
"""Where settling begins after a start: what a killed process had not settled came in seconds
before its newest span."""
_OVERLAP: Final = timedelta(seconds=10)
"""Rows carry the time their insert began; what was being inserted is looked at again."""


class Settles(Protocol):
    """What the settler needs of a `trainingloop.store.Store`."""

    def settle(self, since: datetime) -> None:
        """Count each tool call once, in threads that got something since ``since``."""
        ...

    def newest(self) -> datetime | None:
        """Return when the newest span came in, in UTC; None while there is none."""
        ...


class Settler:
    """One thread that settles when `wake` was called, and once at the start."""

    def __init__(self, store: Settles, tally: Tally) -> None:
        self._store = store
        self._tally = tally
        # Read before anything new comes in, which would move it.
        self._since = (store.newest() or datetime.now(UTC)) - _BEFORE_THE_NEWEST
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._wanted.set()
        self._thread = threading.Thread(target=self._run, name="trainingloop-settler", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have the tool calls settled soon."""
        self._wanted.set()

    def settle(self) -> None:
        """Settle now, and return when it is done.

        Raises:
            StoreError: the store could not; it is tried again with the next batch.
        """
        with self._lock:
            started = datetime.now(UTC)
            self._store.settle(self._since)
            self._since = started - _OVERLAP

    def close(self) -> None:
        """End, after settling what is waiting."""
        self._closing.set()
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            is_last = self._closing.is_set()
            is_settled = self._try()
            if is_last:
                return
            self._closing.wait(_PAUSE_S if is_settled else _PAUSE_AFTER_FAILURE_S)

    def _try(self) -> bool:
        try:
            self.settle()
        except StoreError as error:
            _logger.warning("tool calls were not settled: %s", error)
            self._tally.add(settle_failures=1)
            self._wanted.set()
            return False
        return True
