"""Sends what is new, from where the last delivery ended."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Protocol, cast

from opentelemetry.sdk._logs.export import LogRecordExportResult

from trainingloop.evaluations._records import Cursor, answers_in, evaluations_in, log_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opentelemetry.sdk._logs import ReadableLogRecord

    from trainingloop.evaluations._records import Evaluation
    from trainingloop.store import Store

_PAGE: Final = 5_000
"""A first sweep finds millions at once, and each page looks at all that is left."""
_MOST_IN_A_REQUEST: Final = 500
_SETTLING_MS: Final = 2_000
"""A vote is visible this long after the time it was written with, however busy the store is."""
_OUTCOMES, _VOTES = "evaluation_outcomes", "evaluation_votes"


class Exports(Protocol):
    """What evaluations are sent through; an OTLP exporter of log records."""

    def export(self, batch: Sequence[ReadableLogRecord], /) -> LogRecordExportResult:
        """Deliver ``batch`` and say whether that went well."""
        ...

    def shutdown(self) -> None:
        """Stop; a delivery under way ends soon."""
        ...


class Sender:
    """Sends every evaluation at least once, as long as it lives.

    How far it has come is kept in memory: it begins with what is found after it was made.
    """

    def __init__(
        self, store: Store, exporter: Exports, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._store = store
        self._exporter = exporter
        self._clock = clock
        start = Cursor(at_ms=clock() // 1_000_000)
        self._cursors: defaultdict[tuple[str, str], Cursor] = defaultdict(lambda: start)
        self._looked_ms: dict[str, int] = {}
        self._closing = threading.Event()

    def send_new(self) -> bool:
        """Send what is new of all tenants, and return whether everything was delivered.

        Raises:
            StoreError: the store did not answer; what was delivered stays delivered.
        """
        newest = self._newest()
        is_delivered = True
        for feed, newest_ms in newest.items():
            if newest_ms <= self._looked_ms.get(feed, 0):
                continue
            # Before the look: what comes in meanwhile is a reason for the next one.
            until_ms = self._clock() // 1_000_000 - _SETTLING_MS
            is_sent = all(self._send(feed, tenant, until_ms) for tenant in self._store.tenants())
            if is_sent:
                self._looked_ms[feed] = min(newest_ms, until_ms) if feed == _VOTES else newest_ms
            is_delivered &= is_sent
        return is_delivered

    def close(self) -> None:
        """Make a delivery under way end soon."""
        self._closing.set()
        self._exporter.shutdown()

    def _newest(self) -> Mapping[str, int]:
        ((swept_ms, voted_ms),) = self._store.execute(_newest_findings(), {}).rows
        return {_OUTCOMES: cast("int", swept_ms), _VOTES: cast("int", voted_ms)}

    def _send(self, feed: str, tenant: str, until_ms: int) -> bool:
        """Send what is new in one feed of one tenant, a request at a time."""
        while found := self._page(feed, tenant, until_ms):
            for start in range(0, len(found), _MOST_IN_A_REQUEST):
                part = found[start : start + _MOST_IN_A_REQUEST]
                if self._closing.is_set() or not self._deliver(part, tenant):
                    return False
                self._cursors[feed, tenant] = part[-1].cursor
            if len(found) < _PAGE:
                break
        return True

    def _page(self, feed: str, tenant: str, until_ms: int) -> list[Evaluation]:
        cursor = self._cursors[feed, tenant]
        parameters: dict[str, object] = {
            "after_ms": cursor.at_ms,
            "after_key": cursor.key,
            "limit": _PAGE,
        }
        if feed == _VOTES:
            parameters["until_ms"] = max(until_ms, 0)
        return evaluations_in(self._store.reads(tenant).table(feed, parameters))

    def _deliver(self, found: Sequence[Evaluation], tenant: str) -> bool:
        observed_ns = self._clock()
        decisions = sorted({each.decision_id for each in found})
        table = self._store.reads(tenant).table("evaluation_decisions", {"decisions": decisions})
        answers = answers_in(table)
        batch = [
            log_record(each, answers[each.decision_id], tenant=tenant, observed_ns=observed_ns)
            for each in found
            # A decision goes before what is said of it, where its retention is over.
            if each.decision_id in answers
        ]
        return not batch or self._exporter.export(batch) is LogRecordExportResult.SUCCESS


@cache
def _newest_findings() -> str:
    return (files("trainingloop.evaluations") / "sql" / "newest_findings.sql").read_text()
