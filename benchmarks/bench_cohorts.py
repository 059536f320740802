"""CPU of comparing two cohorts, and of each read it makes, over many made-up decisions.

``BENCH_DECISIONS`` (or ``--decisions N``) says how many there are in ninety days; the cohorts are
the two models, each of which made half of them, over all of the time and over the last thirty days.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_pages import DECISIONS, ENDS, fill
from benchmarks.measurement import Measurement, median
from trainingloop.cohorts import compare_cohorts, find_cohort
from trainingloop.prices import load_prices
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.store import Store

_RUNS = 3
_DAYS = (30, 90)
_READS = (
    "cohort_facts",
    "cohort_decision_moments",
    "cohort_outcome_moments",
    "cohort_vote_moments",
    "cohort_overlap",
)


def run() -> list[Measurement]:
    """Fill a store and compare."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    try:
        with open_store(f"chdb://{folder}") as store:
            fill(store)
            return [one for days in _DAYS for one in _measured(store, days)]
    finally:
        shutil.rmtree(folder)


def _measured(store: Store, days: int) -> list[Measurement]:
    reads = store.reads("default")
    since = ENDS - timedelta(days=days)
    small, large = (
        find_cohort(reads, f"model={model}").within(since, ENDS) for model in ("small", "large")
    )
    others = {f"other_{name}": value for name, value in large.parameters().items()}
    given = {
        **small.parameters(),
        **others,
        **load_prices().binds_of(reads),
        "as_of": ENDS.strftime("%Y-%m-%d %H:%M:%S"),
    }
    note = f"CPU; last {days} of 90 days of {DECISIONS:,} decisions, half of them in each cohort"
    found = [
        _timed(f"one read: {name}", lambda name=name: reads.table(name, given), note)  # type: ignore[misc]  # bound early on purpose
        for name in _READS
    ]
    whole = _timed(
        "compare two cohorts",
        lambda: compare_cohorts(reads, "model=small", "model=large", as_of=ENDS, since=since),
        note,
    )
    return [whole, *found]


def _timed(name: str, work: Callable[[], object], note: str) -> Measurement:
    work()
    spent: list[float] = []
    for _ in range(_RUNS):
        started = time.process_time()
        work()
        spent.append((time.process_time() - started) * 1000)
    return Measurement(name=name, value=median(spent), unit="ms", note=note)
