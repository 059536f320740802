"""How many spans this process recorded, and what became of each of them."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import cache
from typing import Final

LAST_DELIVERY_S: Final = 5
"""How long the end of a process may wait for spans to be delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderStats:
    """The fate of every span of this process: nothing is lost without a number."""

    emitted: int = 0
    """Spans that ended and were handed to the recorder."""
    redacted: int = 0
    """Spans that went through redaction."""
    dropped: int = 0
    """Spans that were given up: the queue was full, the process ended, or redaction failed."""
    exported: int = 0
    """Spans whose receiver acknowledged them."""
    failed: int = 0
    """Spans whose delivery was given up after every retry."""
    queued: int = 0
    """Spans that wait for their delivery now, or are under way."""
    errors: int = 0
    """Errors of the recorder itself that were kept from the agent."""

    @property
    def lost(self) -> int:
        """Spans that will never arrive."""
        return self.dropped + self.failed


class Ledger:
    """Thread-safe counters of spans; one object counts for the whole process."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Count from nothing, with a lock that nobody holds: the state a forked child needs."""
        self._lock = threading.Lock()
        self._emitted = 0
        self._redacted = 0
        self._dropped = 0
        self._exported = 0
        self._failed = 0
        self._queued = 0
        self._errors = 0

    def add(
        self,
        *,
        emitted: int = 0,
        redacted: int = 0,
        dropped: int = 0,
        exported: int = 0,
        failed: int = 0,
        queued: int = 0,
        errors: int = 0,
    ) -> None:
        """Count spans; ``queued`` may be negative, because a queue also shrinks."""
        with self._lock:
            self._emitted += emitted
            self._redacted += redacted
            self._dropped += dropped
            self._exported += exported
            self._failed += failed
            self._queued += queued
            self._errors += errors

    def snapshot(self) -> RecorderStats:
        """All counters as they stood at one moment."""
        with self._lock:
            return RecorderStats(
                emitted=self._emitted,
                redacted=self._redacted,
                dropped=self._dropped,
                exported=self._exported,
                failed=self._failed,
                queued=self._queued,
                errors=self._errors,
            )


@cache
def ledger() -> Ledger:
    """The ledger of this process."""
    own = Ledger()
    # The child of a fork has sent nothing yet: its parent accounts for what was queued.
    os.register_at_fork(after_in_child=own.restart)
    return own
