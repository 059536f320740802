"""CPU of comparing a run of ten thousand results, each with a second arm, as the page does it.

The results are put straight into their table; four of ten hold no difference.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measurement import Measurement, median
from trainingloop.replay.comparison import compare_run
from trainingloop.replay.judgements import (
    Agreement,
    ArgumentDifference,
    Flag,
    Judgement,
    Kind,
)
from trainingloop.replay.runs import Arm, Options
from trainingloop.store import open_store

if TYPE_CHECKING:
    from trainingloop.store import Store

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "10000"))
_RUNS = 3
_START = datetime(2026, 7, 1, tzinfo=UTC)
_PER_CONVERSATION = 4
_BATCH = 5_000

_SAME = Judgement(
    agreement=Agreement.IDENTICAL,
    recorded_kind=Kind.REPLY,
    replayed_kind=Kind.REPLY,
    recorded_intent="reply",
    replayed_intent="reply",
)
_JUDGED = (
    *(4 * (_SAME,)),
    *(2 * (replace(_SAME, agreement=Agreement.SAME_KIND, text_similarity=0.4),)),
    replace(_SAME, agreement=Agreement.DIFFERENT, replayed_kind=Kind.ESCALATE),
    replace(_SAME, replayed_flags=(Flag(name="unknown_link", evidence="https://example.com"),)),
    replace(_SAME, recorded_flags=(Flag(name="claim_without_action", evidence="I refunded it"),)),
    replace(
        _SAME,
        agreement=Agreement.SAME_TOOLS,
        recorded_kind=Kind.TOOL_WRITE,
        replayed_kind=Kind.TOOL_WRITE,
        recorded_intent="tool_write:refund",
        replayed_intent="tool_write:refund",
        arguments=(
            ArgumentDifference(
                tool="refund", path="amount", code="value", recorded="120", replayed="210"
            ),
        ),
    ),
)


def run() -> list[Measurement]:
    """Fill a store and compare."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    try:
        with open_store(f"chdb://{folder}") as store:
            _fill(store)
            return [_measured(store)]
    finally:
        shutil.rmtree(folder)


def _measured(store: Store) -> Measurement:
    spent: list[float] = []
    for _ in range(_RUNS + 1):
        started = time.process_time()
        compare_run(store.reads("default"), "run")
        spent.append((time.process_time() - started) * 1000)
    note = f"CPU; {DECISIONS:,} decisions with a second arm"
    # The first time loads what is loaded once.
    return Measurement(name="compare a run", value=median(spent[1:]), unit="ms", note=note)


def _fill(store: Store) -> None:
    now = _START + timedelta(days=1)
    columns = (
        "tenant_id",
        "set_id",
        "name",
        "selection",
        "matched",
        "size",
        "created_by",
        "frozen_at",
    )
    store.append(
        "replay_sets",
        columns,
        [("default", "set", "bench", "{}", DECISIONS, DECISIONS, "bench", now)],
    )
    columns = (
        "tenant_id", "run_id", "set_id", "name", "candidate", "options", "state", "created_at",
        "updated_at", "beat_at",
    )  # fmt: skip
    options = json.dumps(Options(floor=Arm.BASELINE).document())
    row = ("default", "run", "set", "bench", "{}", options, "done", now, now, now)
    store.append("replay_runs", columns, [row])
    rng = random.Random(1)
    for start in range(0, DECISIONS, _BATCH):
        numbers = range(start, min(start + _BATCH, DECISIONS))
        rows = [
            _row(number, arm, rng) for number in numbers for arm in (Arm.CANDIDATE, Arm.BASELINE)
        ]
        store.append("replay_results", tuple(rows[0]), [tuple(row.values()) for row in rows])


def _row(number: int, arm: Arm, rng: random.Random) -> dict[str, object]:
    judgement = rng.choice(_JUDGED)
    return {
        "tenant_id": "default",
        "run_id": "run",
        "arm": arm.value,
        "decision_id": f"{number:016x}",
        "step": 0,
        "thread_id": f"thread-{number // _PER_CONVERSATION}",
        "decided_at": _START + timedelta(seconds=number),
        "weight": 1.0 + number % 3,
        "state": "ok",
        "input_tokens": 900,
        "output_tokens": rng.randrange(20, 90),
        "cost_usd": rng.random() / 100,
        "latency_ms": 1000 * rng.random(),
        "judgement": json.dumps(judgement.document()),
    }
