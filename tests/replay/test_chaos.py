"""Runs that everything goes wrong for: all is accounted for, and nothing is paid for twice."""

from __future__ import annotations

import json
import time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from support.replay_endpoint import Asked, Drop, Good, refused, replay_endpoint
from support.replay_sets import freeze
from support.replaying import KEY, PRICES, Replaying, driving_process
from support.reviewed import decided
from trainingloop.cli._app import cli
from trainingloop.collector import Pipeline, Receivers, RemoteStore
from trainingloop.processor import Redactor
from trainingloop.replay import AnswerState
from trainingloop.replay.driving import drive
from trainingloop.replay.runs import RunState
from trainingloop.store import open_store
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from support.replay_endpoint import Reaction, ReplayEndpoint
    from trainingloop.store import Store

_DECISIONS = 400
_CONCURRENCY = 8
_PATHS = ("replay/beat", "replay/results")
_SHARED = Path(__file__).parents[3] / "shared" / "data"


def _name(asked: Asked) -> str:
    return sha256(repr(asked.body["messages"]).encode()).hexdigest()


def _troubled(delay_s: float) -> Callable[[Asked], Reaction]:
    """Every fifth question is told to wait, every seventh loses its connection."""

    def react(asked: Asked) -> Reaction:
        if asked.number % 5 == 0:
            return refused(429, "rate_limit_exceeded", retry_after="0.05")
        return Drop() if asked.number % 7 == 0 else Good("Until six.", delay_s=delay_s)

    return react


def _generated(folder: Path) -> str:
    dsn = _dsn(folder)
    with open_store(dsn) as store:
        store.insert_spans([decided(number) for number in range(1, _DECISIONS + 1)])
    return dsn


def _answered(endpoint: ReplayEndpoint, script: Callable[[Asked], Reaction]) -> list[str]:
    return [_name(asked) for asked in endpoint.asked if isinstance(script(asked), Good)]


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """With 429s and dropped connections: 400 decisions, each answered, none stored asked again."""
    dsn, script = _generated(tmp_path), _troubled(0.05)
    with replay_endpoint(script=script) as endpoint:
        with open_store(dsn) as store:
            run_id = Replaying(store).make(endpoint.base_url, concurrency=_CONCURRENCY)
        with driving_process(dsn, "default", run_id) as process:
            _wait_for(lambda: endpoint.count >= 150)
            process.kill()
        asked_before = set(_answered(endpoint, script))

        with open_store(dsn) as store:
            replaying = Replaying(store)
            kept = {row["cache_key"] for row in replaying.rows(run_id)}
            _wait_for(lambda: replaying.status(run_id).run.state is RunState.INTERRUPTED)
            summary = replaying.drive(run_id)
            rows = replaying.rows(run_id)
            again = replaying.make(endpoint.base_url)
            asked = endpoint.count
            second = replaying.drive(again)

    answered = _answered(endpoint, script)
    assert summary.state is RunState.DONE
    assert summary.progress.states == {AnswerState.OK: _DECISIONS}
    assert len(rows) == len({row["decision_id"] for row in rows}) == _DECISIONS
    # Whatever was stored was not asked again; what was under way, at most, was asked twice.
    assert 50 < len(kept) < _DECISIONS
    assert summary.progress.asked == _DECISIONS - len(kept)
    assert len(asked_before) - len(kept) <= 3 * _CONCURRENCY
    assert len(answered) - len(set(answered)) <= 3 * _CONCURRENCY
    assert (second.progress.asked, second.progress.cached, endpoint.count) == (
        0, _DECISIONS, asked,
    )  # fmt: skip


@pytest.mark.slow
def test_decisions_of_the_shared_data_are_all_accounted_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real conversations, with tools, through an endpoint that fails now and then."""
    file = _SHARED / "taubench_airline_gpt-4o_200.json"
    if not file.is_file():
        pytest.skip("the shared conversations are not here")
    dsn = _dsn(tmp_path)
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "home"))
    imported = CliRunner().invoke(cli, ["--store", dsn, "import", str(file)])
    assert imported.exit_code == 0

    with replay_endpoint(script=_troubled(0.0)) as endpoint, open_store(dsn) as store:
        replaying = Replaying(store)
        frozen = freeze(store, size=450).set_id
        # The file does not say which tools there were.
        tools = json.loads((_SHARED / "tools_airline.json").read_text())
        first, again = (
            replaying.make(
                endpoint.base_url,
                set_id=frozen,
                candidate={"tools": {"replace": tools}},
                concurrency=_CONCURRENCY,
            )
            for _ in range(2)
        )
        summary = replaying.drive(first)
        asked = endpoint.count
        second = replaying.drive(again)

    states = summary.progress.states
    assert states == {AnswerState.OK: 450}
    assert (second.progress.asked, endpoint.count) == (0, asked)


def test_a_run_is_driven_through_the_process_that_owns_the_store(tmp_path: Path) -> None:
    """A command beside a running serve: reads and results go over its JSON API."""
    with (
        replay_endpoint(Good("Half a pair: \ud83d, and a NUL: \x00.")) as endpoint,
        open_store(_dsn(tmp_path)) as store,
        Pipeline(store, Redactor(key=KEY)) as pipeline,
    ):
        store.insert_spans([decided(number) for number in range(1, 31)])
        replaying = Replaying(store)
        run_id = replaying.make(endpoint.base_url, floor="repeat")
        serves = {path: partial(replaying.act, path) for path in _PATHS}
        with Receivers(pipeline, http_port=0, grpc_port=0, actions=serves) as receivers:
            summary = drive(RemoteStore(receivers.url), "default", run_id, prices=PRICES)

    assert (summary.state, endpoint.count) == (RunState.DONE, 60)
    assert summary.progress.states == {AnswerState.OK: 60}


def test_a_store_that_fails_for_a_moment_loses_nothing(tmp_path: Path) -> None:
    """What could not be stored is stored later, and asked once."""
    with replay_endpoint(Good(delay_s=0.02)) as endpoint, open_store(_dsn(tmp_path)) as store:
        store.insert_spans([decided(number) for number in range(1, 61)])
        replaying = _Failing(store, results=(3, 4))
        run_id = replaying.make(endpoint.base_url)
        summary = replaying.drive(run_id)

    assert (summary.state, endpoint.count) == (RunState.DONE, 60)
    assert summary.progress.states == {AnswerState.OK: 60}


def test_a_store_that_fails_for_good_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As failed, with what was stored; resumed, the rest is asked."""
    monkeypatch.setattr("trainingloop.replay._patience._PAUSES_S", (0.01, 0.01))
    with replay_endpoint(Good(delay_s=0.02)) as endpoint, open_store(_dsn(tmp_path)) as store:
        store.insert_spans([decided(number) for number in range(1, 61)])
        replaying = _Failing(store, results=range(3, 1000))
        run_id = replaying.make(endpoint.base_url)
        summary = replaying.drive(run_id)
        kept = replaying.status(run_id)
        resumed = Replaying(store).drive(run_id)

    assert summary.state is RunState.FAILED
    assert 0 < kept.done < 60
    assert resumed.progress.states == {AnswerState.OK: 60}
    assert resumed.progress.asked == 60 - kept.done


class _Failing(Replaying):
    """A workspace whose store refuses some of the batches of results, by their number."""

    def __init__(self, store: Store, *, results: Container[int]) -> None:
        super().__init__(store)
        self._refused = results
        self._batches = 0

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Do it, or refuse."""
        if action == "replay/results":
            self._batches += 1
            if self._batches in self._refused:
                raise StoreUnavailableError("the disk is full")
        return super().act(action, document)


def _dsn(folder: Path) -> str:
    return f"chdb://{folder / 'store'}"


def _wait_for(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)
