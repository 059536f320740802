"""What can be done about runs, as actions of the JSON API."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trainingloop.replay._creating import Creating
from trainingloop.replay._judge_again import JudgingAgain
from trainingloop.replay._leases import Leases
from trainingloop.replay._results import Results, Stamps
from trainingloop.replay._run_rows import RunRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.collector.actions import Action
    from trainingloop.prices import Prices
    from trainingloop.processor import Redactor
    from trainingloop.store import Store

__all__ = ["run_actions"]


def run_actions(
    store: Store,
    redactor: Redactor,
    prices: Prices,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12],
) -> dict[str, Action]:
    """Return what can be done about runs, by its path under ``/api/v1/``; none of it asks a model.

    ``replay/runs`` makes a run: ``{"tenant", "set", "candidate", "options", "checks", "name",
    "created_by"}`` answers ``{"run_id", "name", "estimate", "differences", "unfit", "redacted",
    …}``; with ``"is_dry": true`` it only says so. ``{"tenant", "run_id", "options"}`` changes the
    budget, concurrency or timeout of one that nobody replays.
    ``replay/beat`` is what a driver says of itself, and how it hears of the run.
    ``replay/results`` takes what it was answered, to be redacted, judged and stored.
    ``replay/cancel`` has a run end; ``replay/judge`` judges stored answers again.

    Args:
        store: where sets, runs and results are.
        redactor: takes personal data out of candidates and answers.
        prices: what tokens cost, for estimates.
        clock: tells what time it is, in UTC.
        monotonic: seconds since whenever, by a clock nobody sets.
        new_id: names a new run.
    """
    rows = RunRows(store, clock)
    leases, stamps = Leases(rows, monotonic), Stamps(store, clock)
    results = Results(store, redactor, rows, leases, stamps)
    again = JudgingAgain(store, rows, leases, stamps, results.forget)
    return {
        "replay/runs": Creating(store, redactor, prices, rows, leases, new_id).make,
        "replay/beat": leases.beat,
        "replay/results": results.take,
        "replay/cancel": leases.cancel,
        "replay/judge": again.judge,
    }
