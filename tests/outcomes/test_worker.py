"""The thread that keeps outcomes up to date."""

from __future__ import annotations

import logging
import time
from itertools import count
from typing import TYPE_CHECKING

from support.histories import Decision, Event, at, put
from trainingloop.outcomes import OutcomeWorker
from trainingloop.outcomes.rules import BUILT_IN
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from trainingloop.store import Store, Table

_PATIENCE_S = 60.0


def _wait_until(is_done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_done():
        assert time.monotonic() < deadline, "it did not come about in a minute"
        time.sleep(0.01)


def _states(store: Store, tenant: str) -> list[object]:
    table = store.execute(
        "SELECT state FROM decision_outcomes WHERE tenant_id = {tenant:String} "
        "AND rule_id = 'customer_replied'",
        {"tenant": tenant},
    )
    return [row[0] for row in table.rows]


class _Failing:
    """A store whose engine refuses for some calls, and then works again."""

    def __init__(self, store: Store, failures: int) -> None:
        self._store = store
        self.failures = failures

    def execute(self, sql: str, parameters: Mapping[str, object]) -> Table:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailableError("the store's engine refused: 241 MEMORY_LIMIT_EXCEEDED")
        return self._store.execute(sql, parameters)

    def append(self, table: str, columns: list[str], rows: list[list[object]]) -> None:
        self._store.append(table, columns, rows)


def test_worker_sweeps_when_something_came_in(store: Store) -> None:
    """Nobody has to ask for outcomes: they follow what comes in."""
    arrivals = iter(count())
    put(store, [Decision(id="d", at=at(0), tenant="soon")])
    put(store, [Event(id="e", kind="inbound", at=at(1), tenant="soon")])

    with OutcomeWorker(
        store, BUILT_IN, arrivals=lambda: next(arrivals), clock=lambda: at(2), poll_s=0.01
    ) as worker:
        _wait_until(lambda: worker.state().sweeps > 0)

    assert _states(store, "soon") == ["yes"]


def test_worker_tells_when_it_last_swept(store: Store) -> None:
    """Who looks at health sees how far behind the outcomes are."""
    with OutcomeWorker(
        store, BUILT_IN, arrivals=lambda: 0, clock=lambda: at(2), poll_s=0.01
    ) as worker:
        _wait_until(lambda: worker.state().sweeps > 0)
        state = worker.state()

    assert (state.last_sweep_at, state.lag_s, state.is_failing) == (at(2), 0.0, False)


def test_worker_survives_a_store_that_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal is counted and logged, and the sweep is done again."""
    monkeypatch.setattr("trainingloop.outcomes._worker._FIRST_PAUSE_S", 0.01)
    failing = _Failing(store, failures=2)

    with (
        caplog.at_level(logging.WARNING),
        OutcomeWorker(
            failing,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # what it uses
            BUILT_IN,
            arrivals=lambda: 0,
            clock=lambda: at(2),
            poll_s=0.01,
        ) as worker,
    ):
        _wait_until(lambda: worker.state().sweeps > 0)
        state = worker.state()

    assert (state.failures, state.is_failing) == (2, False)
    assert "outcomes were not worked out" in caplog.text


def test_worker_survives_what_nobody_thought_of(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Any other error is told by its type alone, for its text may quote a customer."""
    monkeypatch.setattr("trainingloop.outcomes._worker._FIRST_PAUSE_S", 0.01)
    clocks = iter([ValueError("Jane Roe"), at(2)])

    def clock() -> object:
        said = next(clocks, at(2))
        if isinstance(said, Exception):
            raise said
        return said

    with (
        caplog.at_level(logging.WARNING),
        OutcomeWorker(
            store,
            BUILT_IN,
            arrivals=lambda: 0,
            clock=clock,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # it fails
            poll_s=0.01,
        ) as worker,
    ):
        _wait_until(lambda: worker.state().sweeps > 0)

    assert worker.state().failures == 1
    assert "ValueError" in caplog.text
    assert "Jane" not in caplog.text


def test_worker_that_is_closed_leaves_no_trace_of_a_sweep_it_did_not_finish(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ending the process gives up the sweep under way; the next process does it again."""
    monkeypatch.setattr("trainingloop.outcomes._sweep.MOMENTS_A_SLICE", 1)
    store.execute("TRUNCATE TABLE outcome_sweeps", {})
    put(store, [Decision(id=f"d{n}", at=at(0), thread=f"t{n}", tenant="many") for n in range(40)])
    worker = OutcomeWorker(store, BUILT_IN, arrivals=lambda: 0, clock=lambda: at(2), poll_s=0.01)

    with worker:
        _wait_until(lambda: worker.state().slices_done > 0)

    sweeps = store.execute("SELECT count() FROM outcome_sweeps", {}).rows[0][0]
    assert (worker.state().sweeps, sweeps) == (0, 0)
