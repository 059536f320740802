"""CPU of each read of the Replay and Compare pages, of a run of ten thousand decisions.

``BENCH_DECISIONS`` (or ``--decisions N``) says among how many decisions they are.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_pages import DECISIONS, fill
from benchmarks.measurement import Measurement, median
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Store

_RESULTS = 10_000
_RUN = "run-1"
_RUNS = 5
_EVERYTHING = {
    "run": _RUN,
    "ranks": [1, 2, 3, 4, 5, 6],
    "limit": 20,
    "offset": 0,
    **dict.fromkeys(("agreement", "change", "flag", "state", "stratum", "text", "decision"), ""),
}
_LOOKS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "pairs, first page": ("replay_pair_list", {}),
    "pairs, page 100": ("replay_pair_list", {"offset": 1980}),
    "pairs, a word": ("replay_pair_list", {"text": "friday"}),
    "ranks": ("replay_pair_ranks", {}),
    "filters": ("replay_pair_facets", {}),
    "votes": ("replay_preferences", {}),
    "runs": ("replay_runs", {"run": "", "limit": 1000}),
    "totals of all runs": ("replay_run_totals", {}),
    "progress of a run": ("replay_run_progress", {}),
}


def run() -> list[Measurement]:
    """Fill a store and read from it what the pages read."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    try:
        with open_store(f"chdb://{folder}") as store:
            fill(store)
            results = (Path(__file__).with_name("sql") / "replay_results.sql").read_text()
            store.execute(results, {"run": _RUN, "results": _RESULTS})
            found = [_measured(store, name, *look) for name, look in _LOOKS.items()]
            return [*found, *_of_a_pair(store)]
    finally:
        shutil.rmtree(folder)


def _of_a_pair(store: Store) -> list[Measurement]:
    (line, *_) = store.reads("default").table("replay_pair_list", _EVERYTHING).records()
    wanted = {"decision": line["decision_id"], "step": 0}
    return [
        _measured(store, "a pair", "replay_pair", wanted),
        _measured(store, "its decision", "decision", wanted),
        _measured(store, "replays of a decision", "replay_runs_of_decision", wanted),
    ]


def _measured(store: Store, name: str, read: str, parameters: Mapping[str, object]) -> Measurement:
    reads, asked = store.reads("default"), {**_EVERYTHING, **parameters}
    rows = len(reads.table(read, asked).rows)
    spent: list[float] = []
    for _ in range(_RUNS):
        started = time.process_time()
        reads.table(read, asked)
        spent.append((time.process_time() - started) * 1000)
    note = f"CPU; {rows} rows, {_RESULTS:,} results with a second arm, {DECISIONS:,} decisions"
    return Measurement(name=f"{name} ({read})", value=median(spent), unit="ms", note=note)
