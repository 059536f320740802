"""What became of every span that reached the gateway."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Spans since the process started.

    ``received`` is the sum of stored, rejected, refused and what is under way.
    """

    received: int
    received_by_source: Mapping[str, int]
    stored: int
    rejected: Mapping[str, int]
    """Spans that can never be stored, by reason."""
    refused: Mapping[str, int]
    """Spans that were not taken now and may be sent again, by reason."""
    malformed: int
    """Requests that could not be read at all."""
    caught: int
    """Personal data found in spans that had been redacted before: the second net's catch."""
    failures: int
    """Values and spans whose redaction failed, so that their content was not kept."""
    settle_failures: int


class Tally:
    """Counts from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._rejected: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._sources: Counter[str] = Counter()

    def add(self, **counts: int) -> None:
        """Add to plain counts, by the field names of `Counters`."""
        with self._lock:
            self._counts.update(counts)

    def receive(self, source: str, spans: int) -> None:
        """Count spans that arrived by ``source``."""
        with self._lock:
            self._sources[source] += spans

    def reject(self, reasons: Mapping[str, int]) -> None:
        """Count spans that can never be stored."""
        with self._lock:
            self._rejected.update(reasons)

    def refuse(self, reason: str, spans: int) -> None:
        """Count spans that were not taken now."""
        with self._lock:
            self._refused[reason] += spans

    def snapshot(self) -> Counters:
        """Return all counts as of one moment."""
        with self._lock:
            return Counters(
                received=self._sources.total(),
                received_by_source=dict(self._sources),
                stored=self._counts["stored"],
                rejected=dict(self._rejected),
                refused=dict(self._refused),
                malformed=self._counts["malformed"],
                caught=self._counts["caught"],
                failures=self._counts["failures"],
                settle_failures=self._counts["settle_failures"],
            )
