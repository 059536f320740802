"""Replays that the pages start: driven in threads of the process that serves them."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from support.replay_endpoint import Good, replay_endpoint
from support.replaying import KEY, PRICES, Replaying
from support.reviewed import decided
from trainingloop.actions import actions
from trainingloop.analytics_app._replay_runner import ReplayRunner
from trainingloop.collector import Pipeline
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.outcomes.rules import BUILT_IN
from trainingloop.processor import Redactor
from trainingloop.replay.actions import run_actions
from trainingloop.replay.runs import RunState
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainingloop.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('runner') / 'store'}") as opened:
        yield opened


@pytest.fixture
def replaying(store: Store, request: pytest.FixtureRequest) -> Replaying:
    """Ten decisions of a tenant that no other test has."""
    name: str = request.node.name
    tenant = f"t-{sha256(name.encode()).hexdigest()[:24]}"
    store.insert_spans([decided(number, tenant=tenant) for number in range(1, 11)])
    return Replaying(store, tenant)


@pytest.fixture
def runner(store: Store) -> Iterator[ReplayRunner]:
    """What drives the runs."""
    with ReplayRunner(store, run_actions(store, Redactor(key=KEY), PRICES)) as opened:
        yield opened


def test_a_started_replay_is_driven_to_its_end(replaying: Replaying, runner: ReplayRunner) -> None:
    """Once: a second start is refused while it runs."""
    with replay_endpoint(Good(delay_s=0.2)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=2)
        asked = {"tenant": replaying.tenant, "run_id": run_id}

        started = runner.start(asked)
        with pytest.raises(BadRequestError, match="is running"):
            runner.start(asked)
        _wait_for(lambda: replaying.status(run_id).run.state is RunState.DONE)

    assert started == {"run_id": run_id, "state": "running"}
    assert (endpoint.count, replaying.status(run_id).final) == (10, 10)


def test_a_driven_replay_says_how_fast_it_goes(replaying: Replaying, runner: ReplayRunner) -> None:
    """As long as it is driven here; the store does not know that."""
    with replay_endpoint(Good(delay_s=0.2)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=1)
        asked = {"tenant": replaying.tenant, "run_id": run_id}
        before = runner.progress(asked)
        runner.start(asked)
        _wait_for(lambda: bool(runner.progress(asked)))
        during = runner.progress(asked)
        _wait_for(lambda: replaying.status(run_id).run.state is RunState.DONE)
        _wait_for(lambda: not runner.progress(asked))

    assert before == {}
    assert during.keys() == {"per_second", "seconds_left", "waiting_s"}
    assert during["waiting_s"] == 0


def test_a_replay_that_cannot_be_started_says_why(
    replaying: Replaying, runner: ReplayRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing key, a run of somebody else."""
    monkeypatch.delenv("REPLAY_TEST_KEY", raising=False)
    run_id = replaying.make("https://models.example/v1")

    with pytest.raises(BadRequestError, match="REPLAY_TEST_KEY"):
        runner.start({"tenant": replaying.tenant, "run_id": run_id})
    with pytest.raises(NotFoundError):
        runner.start({"tenant": f"{replaying.tenant}-other", "run_id": run_id})


def test_a_replay_whose_process_ends_can_be_resumed(replaying: Replaying, store: Store) -> None:
    """It is interrupted at once, and nothing that was answered is lost."""
    with replay_endpoint(Good(delay_s=0.3)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=1)
        with ReplayRunner(store, run_actions(store, Redactor(key=KEY), PRICES)) as runner:
            runner.start({"tenant": replaying.tenant, "run_id": run_id})
            _wait_for(lambda: endpoint.count >= 2)
        left = replaying.status(run_id)
        replaying.drive(run_id)

    assert left.run.state is RunState.INTERRUPTED
    assert 0 < left.done < 10
    assert (endpoint.count, replaying.status(run_id).final) == (10, 10)


def test_the_json_api_starts_no_replay(store: Store) -> None:
    """It spends money and reads a key: whoever reaches the port is not who may do that."""
    with Pipeline(store, Redactor(key=KEY)) as pipeline:
        served = actions(store, pipeline, Redactor(key=KEY), BUILT_IN)

    assert "replay/runs" in served
    assert "replay/start" not in served


def _wait_for(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
