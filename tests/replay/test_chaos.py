"""Runs that everything goes wrong for: all is accounted for, and nothing is paid for twice."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from support.replay_endpoint import Asked, Drop, Good, refused, replay_endpoint
from support.replaying import KEY, PRICES, Replaying, command_process
from support.reviewed import decided
from trainingloop.cli._app import cli
from trainingloop.collector import Pipeline, Receivers, RemoteStore
from trainingloop.processor import Redactor
from trainingloop.replay import AnswerState
from trainingloop.replay.driving import drive
from trainingloop.replay.runs import Arm, RunState, runs
from trainingloop.store import open_store
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from support.replay_endpoint import Reaction, ReplayEndpoint
    from support.replaying import Row
    from trainingloop.replay.runs import RunStatus
    from trainingloop.store import Store

_DECISIONS = 420
_CONCURRENCY = 8
_PATHS = ("replay/beat", "replay/results")
_SHARED = Path(__file__).parents[3] / "shared" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A run, as the store shows it, and how often the endpoint had been asked by then."""

    status: RunStatus
    rows: list[Row]
    count: int

    @property
    def decisions(self) -> set[str]:
        """Those with a result."""
        return {row["decision_id"] for row in self.rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    """A run that was killed and went on, and a second run over the same set."""

    exit_code: int
    """Of the process that was killed."""
    killed: _Seen
    resumed: _Seen
    second: _Seen
    asked: list[Asked]

    @property
    def answered(self) -> Counter[str]:
        """How often each question was answered in the run that was killed, to its end."""
        asked = self.asked[: self.resumed.count]
        return Counter(_question(one) for one in asked if isinstance(_troubled(one), Good))

    def questions(self, seen: _Seen) -> set[str]:
        """Return what the endpoint was asked when it gave the answers that were seen."""
        numbers = [int(row["response_id"].removeprefix("chatcmpl-")) for row in seen.rows]
        return {_question(self.asked[number - 1]) for number in numbers}


def _question(asked: Asked) -> str:
    return sha256(json.dumps(asked.body, sort_keys=True).encode()).hexdigest()


def _troubled(asked: Asked) -> Reaction:
    """Tell every eighth question to wait, and lose the connection of every thirteenth."""
    if asked.number % 8 == 0:
        return refused(429, "rate_limit_exceeded", retry_after="0.05")
    return Drop() if asked.number % 13 == 0 else Good("Until six.", delay_s=0.03)


def _generated(folder: Path) -> Mapping[str, object]:
    with open_store(_dsn(folder)) as store:
        store.insert_spans([decided(number) for number in range(1, _DECISIONS + 1)])
    return {}


def _shared(folder: Path) -> Mapping[str, object]:
    """Import a quarter of a file of real conversations; it does not say which tools there were."""
    file = _SHARED / "taubench_airline_gpt-4o_200.json"
    if not file.is_file():
        pytest.skip("the shared conversations are not here; the generated decisions are tried")
    some = folder / "chats.json"
    some.write_text(json.dumps(json.loads(file.read_text())[:50]))
    _commanded("--store", _dsn(folder), "import", str(some))
    return {"tools": {"replace": json.loads((_SHARED / "tools_airline.json").read_text())}}


@pytest.fixture(scope="module", params=[_generated, _shared])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _Story:
    """What happened, for each source of decisions; it is looked at from several sides."""
    folder = tmp_path_factory.mktemp("story")
    with (
        pytest.MonkeyPatch.context() as environment,
        replay_endpoint(script=_troubled) as endpoint,
    ):
        environment.setenv("TRAININGLOOP_DATA_DIR", str(folder / "home"))
        candidate = {"model": "candidate-1", **request.param(folder)}
        (folder / "candidate.yaml").write_text(json.dumps(candidate))
        return _happened(folder, endpoint)


def _happened(folder: Path, endpoint: ReplayEndpoint) -> _Story:
    dsn = _dsn(folder)
    replay = ("--store", dsn, "replay", "run")
    whom = ("--candidate", str(folder / "candidate.yaml"), "--base-url", endpoint.base_url)
    how = ("--key-variable", "", "--floor", "none", "--concurrency", str(_CONCURRENCY))

    with command_process(*replay, *whom, *how, "--size", str(_DECISIONS)) as process:
        _wait_for(lambda: endpoint.count >= _DECISIONS // 2 or process.poll() is not None)
        process.kill()
        exit_code = process.wait()
    with open_store(dsn) as store:
        killed = _seen(store, endpoint, RunState.INTERRUPTED)
    run = killed.status.run
    _commanded(*replay, "--resume", run.run_id)
    with open_store(dsn) as store:
        resumed, replaying = _seen(store, endpoint, RunState.DONE), Replaying(store)
        replaying.drive(
            replaying.make(endpoint.base_url, set_id=run.set_id, candidate=run.candidate)
        )
        second = _seen(store, endpoint, RunState.DONE)
    return _Story(
        exit_code=exit_code, killed=killed, resumed=resumed, second=second, asked=endpoint.asked
    )


def _commanded(*arguments: str) -> None:
    """Run a command in this process, to its good end."""
    finished = CliRunner().invoke(cli, arguments)
    assert finished.exit_code == 0, finished.output


def _seen(store: Store, endpoint: ReplayEndpoint, state: RunState) -> _Seen:
    """Return the newest run, once it is in a state."""
    replaying = Replaying(store)
    _wait_for(lambda: runs(store.reads("default"))[0].state is state)
    status = replaying.status(runs(store.reads("default"))[0].run_id)
    rows = replaying.rows(status.run.run_id)
    return _Seen(status=status, rows=rows, count=endpoint.count)


@pytest.mark.slow
def test_a_killed_run_that_goes_on_accounts_for_each_decision_once(story: _Story) -> None:
    """With 429s, dropped connections, and a process that was killed in the middle."""
    killed, resumed = story.killed, story.resumed

    assert story.exit_code == -signal.SIGKILL
    assert 50 < len(killed.rows) < _DECISIONS
    assert resumed.status.run.run_id == killed.status.run.run_id
    assert resumed.status.states == {AnswerState.OK: _DECISIONS}
    assert len(resumed.decisions) == len(resumed.rows) == _DECISIONS


@pytest.mark.slow
def test_what_was_stored_before_a_run_was_killed_is_not_asked_again(story: _Story) -> None:
    """Not once, not even to be refused; it stays as it was."""
    killed, resumed = story.killed, story.resumed
    later = {_question(asked) for asked in story.asked[killed.count : resumed.count]}

    assert later
    assert later.isdisjoint(story.questions(killed))
    assert [row for row in resumed.rows if row["decision_id"] in killed.decisions] == killed.rows


@pytest.mark.slow
def test_only_what_was_under_way_when_a_run_was_killed_is_answered_twice(story: _Story) -> None:
    """At most three times as many answers as there were questions at once."""
    answered = story.answered

    assert set(answered) == story.questions(story.resumed)
    assert answered.total() - len(answered) <= 3 * _CONCURRENCY
    assert max(answered.values()) <= 2


@pytest.mark.slow
def test_a_second_run_over_the_same_decisions_asks_nobody(story: _Story) -> None:
    """Each of its answers is one that the first run got."""
    second = story.second

    assert second.count == story.resumed.count
    assert second.status.run.run_id != story.resumed.status.run.run_id
    assert second.status.states == {AnswerState.OK: _DECISIONS}
    assert second.status.arms[Arm.CANDIDATE].cached == len(second.decisions) == _DECISIONS


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
