"""What a sweep of the outcome worker costs: of everything, of what came in since, of nothing.

Decisions and events are put straight into their tables, ten decisions and forty events a thread,
over three months; a fifth of the threads reports none, so that they are derived. That makes 3.2
reported events a decision.
``--decisions N`` says how many; the default is a million.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from benchmarks.measurement import Measurement
from trainingloop.outcomes import Sweep, sweep
from trainingloop.outcomes.rules import BUILT_IN
from trainingloop.store import Store, open_store

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "1000000"))
ADDED = 10_000
_BATCH = 100_000
_START = datetime(2026, 7, 1, tzinfo=UTC)
_DAYS = 90

_INSERT_DECISIONS = """
INSERT INTO decisions (
    tenant_id, decision_id, trace_id, conversation_id, thread_id, occurred_at, duration_ns,
    decision_kind, cohort, channel, model, prompt_hash, user_messages, input_text, output_text,
    tool_names, ingested_at
)
WITH intDiv(number, 10) AS thread, number % 10 AS place
SELECT
    concat('tenant-', toString(thread % 5)),
    lower(hex(sipHash64(number))),
    lower(hex(sipHash128(thread))),
    lower(hex(sipHash128(thread))) AS conversation,
    conversation,
    fromUnixTimestamp64Milli(
        {start_ms:Int64} + intDiv(thread * {span_ms:Int64}, {threads:Int64}) + place * 120000, 'UTC'
    ),
    2000000000,
    if(place % 3 = 1, 'tool_call', 'message'),
    concat('cohort-', toString(thread % 4)),
    'chat',
    'model-a',
    'prompt-a',
    intDiv(place, 2) + 1,
    repeat(concat('where is my order ', toString(number), ' '), 8),
    repeat(concat('it is on its way ', toString(number), ' '), 12),
    if(place = 7 AND thread % 11 = 0, ['transfer_to_human'], if(place % 3 = 1, ['search'], [])),
    fromUnixTimestamp64Milli(
        {arrived_ms:Int64} - intDiv(({last:UInt64} - number) * 3600000, {last:UInt64}), 'UTC'
    )
FROM numbers({first:UInt64}, {count:UInt64})
"""
_INSERT_EVENTS = """
INSERT INTO conversation_events (
    tenant_id, thread_id, conversation_id, event_id, event_kind, occurred_at, text, reason, outcome,
    value, source, ingested_at
)
WITH intDiv(number, 40) AS thread, number % 40 AS place
SELECT
    concat('tenant-', toString(thread % 5)),
    lower(hex(sipHash128(thread))) AS conversation,
    conversation,
    lower(hex(sipHash64(number, 1))),
    multiIf(
        place = 39, 'close', place = 38, 'outcome', place % 9 = 8, 'escalation', 'inbound'
    ) AS kind,
    fromUnixTimestamp64Milli(
        {start_ms:Int64} + intDiv(thread * {span_ms:Int64}, {threads:Int64})
        + place * 30000 - 20000, 'UTC'
    ),
    if(kind = 'inbound', repeat(concat('where is my order ', toString(number), ' '), 8), ''),
    if(kind = 'close', 'resolved', ''),
    if(kind = 'outcome', 'order_paid', ''),
    if(kind = 'outcome', 'yes', ''),
    if(thread % 2 = 0, 'sdk', 'otlp'),
    fromUnixTimestamp64Milli(
        {arrived_ms:Int64} - intDiv(({last:UInt64} - number) * 3600000, {last:UInt64}), 'UTC'
    )
FROM numbers({first:UInt64}, {count:UInt64})
WHERE thread % 5 != 0
"""


class _Cost:
    """Processor time, wall time and the most memory of what is done inside it."""

    def __enter__(self) -> Self:
        Path("/proc/self/clear_refs").write_text("5")
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_s = time.process_time() - self._cpu
        self.wall_s = time.perf_counter() - self._wall
        status = Path("/proc/self/status").read_text().splitlines()
        self.peak_mb = next(int(line.split()[1]) for line in status if "VmHWM" in line) / 1024


def _fill(store: Store, first: int, count: int, *, arrived: datetime) -> None:
    """Add decisions ``first`` and on, with their events; the last came in at ``arrived``."""
    for number in range(first, first + count, _BATCH):
        size = min(_BATCH, first + count - number)
        times = {
            "start_ms": int(_START.timestamp() * 1000),
            "span_ms": _DAYS * 86_400_000,
            "threads": max(1, DECISIONS // 10),
            "arrived_ms": int(arrived.timestamp() * 1000),
        }
        for insert, each in ((_INSERT_DECISIONS, 1), (_INSERT_EVENTS, 4)):
            numbers = {"first": number * each, "count": size * each, "last": (first + count) * each}
            store.execute(insert, {**times, **numbers})


def _measured(name: str, cost: _Cost, done: Sweep) -> list[Measurement]:
    note = f"{done.threads:,} threads, {done.outcomes:,} outcomes written"
    return [
        Measurement(name=f"{name}, processor", value=cost.cpu_s, unit="s", note=note),
        Measurement(name=f"{name}, wall", value=cost.wall_s, unit="s"),
        Measurement(name=f"{name}, most memory", value=cost.peak_mb, unit="MB"),
    ]


def run() -> list[Measurement]:
    """Fill a store, sweep it whole, after new decisions, and with nothing new."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    measured: list[Measurement] = []
    now = _START + timedelta(days=_DAYS + 1)
    try:
        with open_store(f"chdb://{folder}") as store:
            _fill(store, 0, DECISIONS, arrived=now)
            for name, hours in (("everything", 0), ("nothing new", 1)):
                with _Cost() as cost:
                    done = sweep(store, BUILT_IN, now + timedelta(hours=hours))
                measured += _measured(f"sweep of {name} ({DECISIONS:,} decisions)", cost, done)
            arrived = now + timedelta(hours=2)
            _fill(store, DECISIONS, ADDED, arrived=arrived + timedelta(seconds=30))
            with _Cost() as cost:
                done = sweep(store, BUILT_IN, arrived + timedelta(minutes=1))
            measured += _measured(f"sweep after {ADDED:,} new decisions", cost, done)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return measured
