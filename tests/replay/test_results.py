"""What the actions of runs take, refuse, and make of what they are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

import pytest

from support.replaying import KEY, Replaying
from support.reviewed import decided, said
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.processor import Redactor
from trainingloop.replay.runs import RunState, run_of
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_ENDPOINT = "http://127.0.0.1:9/v1"
_PHONE = "+1 415 555 2671"
_GET_HOURS: dict[str, object] = {"name": "get_hours", "parameters": {"type": "object"}}


@dataclass
class _Clock:
    """Shows what it was set to."""

    now: datetime = NOW
    seconds: float = 1000.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('results') / 'store'}") as opened:
        yield opened


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> str:
    """A tenant that no other test has."""
    name: str = request.node.name
    return f"t-{sha256(name.encode()).hexdigest()[:24]}"


@pytest.fixture
def replaying(store: Store, tenant: str) -> Replaying:
    """The store for that tenant, with two decisions."""
    rows = [decided(number, tenant=tenant) for number in (1, 2)]
    store.insert_spans(rows)
    return Replaying(store, tenant)


def _result(number: int = 1, **more: object) -> dict[str, object]:
    return {
        "arm": "candidate",
        "decision_id": f"{number:016x}",
        "state": "ok",
        "text": "Until six.",
        "asked_at": NOW.isoformat(),
        "attempts": 1,
        **more,
    }


def _send(replaying: Replaying, run_id: str, *results: object, **more: object) -> Any:
    document = {
        "tenant": replaying.tenant,
        "run_id": run_id,
        "driver": "d-1",
        "results": list(results),
        **more,
    }
    return replaying.act("replay/results", document)["results"]


def _beat(replaying: Replaying, run_id: str, driver: str = "d-1", **more: object) -> Any:
    document = {"tenant": replaying.tenant, "run_id": run_id, "driver": driver, **more}
    return replaying.act("replay/beat", document)


# --- Redaction --------------------------------------------------------------------------------
def test_an_answer_is_redacted_as_what_was_recorded(store: Store, tenant: str) -> None:
    """Text, arguments in their structure, refusal and reason; the tokens are the recorded ones."""
    redactor = Redactor(key=KEY)
    token = redactor.text(_PHONE, tenant=tenant, conversation="c-1")
    knew = [said("user", f"Call me at {token}.")]
    store.insert_spans([decided(1, knew=knew, tenant=tenant)])
    replaying = Replaying(store, tenant, redactor=redactor)
    run_id = replaying.make(_ENDPOINT)
    call = {"name": "dial", "arguments": json.dumps({"to": _PHONE, "times": 2}), "call_id": "k"}

    _send(
        replaying,
        run_id,
        _result(text=f"I dial {_PHONE}.", tool_calls=[call], refusal=_PHONE, reason=_PHONE),
    )

    (row,) = replaying.stored(run_id, "text", "tool_calls", "refusal", "reason", "redaction_status")
    (stored,) = cast("list[dict[str, str]]", json.loads(row["tool_calls"]))
    assert row["text"] == f"I dial {token}."
    assert json.loads(stored["arguments"]) == {"to": token, "times": 2}
    assert (row["refusal"], row["reason"], row["redaction_status"]) == (token, token, "ok")


def test_what_an_endpoint_calls_things_is_redacted_too(replaying: Replaying) -> None:
    """The end of an answer and the categories of a moderation are its own words."""
    run_id = replaying.make(_ENDPOINT)
    moderation = {"recorded": [_PHONE], "replayed": [_PHONE]}

    _send(replaying, run_id, _result(finish_reason=_PHONE, moderation=moderation))

    (row,) = replaying.stored(run_id, "finish_reason", "judgement")
    assert row["finish_reason"].startswith("<PHONE_")
    (flag,) = json.loads(row["judgement"])["replayed_flags"]
    assert flag["name"] == "moderation"
    assert flag["evidence"] == row["finish_reason"]


def test_arguments_with_half_a_character_are_judged_and_stored(replaying: Replaying) -> None:
    """JSON can write it by an escape, and nothing can store it: one answer must not end a run."""
    run_id = replaying.make(_ENDPOINT)
    call = {"name": "book", "arguments": '{"\\udfff": "\\ud800"}', "call_id": "k"}

    (said,) = _send(replaying, run_id, _result(tool_calls=[call]))

    (row,) = replaying.stored(run_id, "judgement")
    assert said["agreement"] == "different"
    assert json.loads(row["judgement"])["arguments"][0]["code"] == "call_extra"


def test_what_cannot_be_looked_at_is_not_stored(
    replaying: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark stands for it, and the row says that something is missing."""
    redactor = Redactor(key=KEY)
    broken = Replaying(replaying.store, replaying.tenant, redactor=redactor)
    run_id = broken.make(_ENDPOINT)

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("no detector")

    monkeypatch.setattr("trainingloop.processor._leaves.Leaves.text", fail)
    _send(broken, run_id, _result(text="Nobody saw this."))

    (row,) = broken.stored(run_id, "text", "redaction_status")
    assert row == {"text": "<REDACTION_FAILED>", "redaction_status": "partial"}


# --- Storing ----------------------------------------------------------------------------------
def test_the_same_result_twice_is_one(replaying: Replaying) -> None:
    """A driver that heard no answer sends it again."""
    run_id = replaying.make(_ENDPOINT)

    first = _send(replaying, run_id, _result())
    second = _send(replaying, run_id, _result())

    assert first == second
    assert len(replaying.rows(run_id)) == 1


def test_what_is_said_of_a_decision_is_what_the_store_says(replaying: Replaying) -> None:
    """Its conversation, time and weight are none of the sender's business."""
    run_id = replaying.make(_ENDPOINT)

    with pytest.raises(BadRequestError, match="no field 'thread_id'"):
        _send(replaying, run_id, _result(thread_id="of somebody else"))
    _send(replaying, run_id, _result())

    (row,) = replaying.stored(run_id, "thread_id", "compared_id", "weight")
    assert row == {"thread_id": "c-1", "compared_id": f"{1:016x}", "weight": 1.0}


def test_a_later_result_holds_though_the_clock_was_set_back(store: Store, tenant: str) -> None:
    """Else a run would ask again and again what it has been answered."""
    store.insert_spans([decided(1, tenant=tenant)])
    clock = _Clock()
    replaying = Replaying(store, tenant, clock=lambda: clock.now)
    run_id = replaying.make(_ENDPOINT)

    _send(replaying, run_id, _result(state="timeout", text=""))
    clock.now -= timedelta(hours=1)
    _send(replaying, run_id, _result())

    assert [row["state"] for row in replaying.rows(run_id)] == ["ok"]


def test_a_result_of_a_decision_outside_the_set_is_refused(replaying: Replaying) -> None:
    """And with it the batch."""
    run_id = replaying.make(_ENDPOINT)

    with pytest.raises(NotFoundError, match="does not hold"):
        _send(replaying, run_id, _result(), _result(99))

    assert replaying.rows(run_id) == []


@pytest.mark.parametrize(
    ("result", "said_of_it"),
    [
        (_result(arm="nobody"), "'arm' must be one of candidate, baseline, repeat"),
        (_result(state="fine"), "'state' must be one of"),
        ({k: v for k, v in _result().items() if k != "state"}, "'state' says"),
        (_result(step=-1), "'step' must be a whole number"),
        (_result(step=True), "'step' must be a whole number"),
        (_result(usage={"input_tokens": 2**32}), "'input_tokens' must be a whole number"),
        (_result(usage={"latency_ms": float("nan")}), "'latency_ms' must be a number"),
        (_result(cost_usd="free"), "'cost_usd' must be a number"),
        (_result(asked_at="yesterday"), "'asked_at' must be a time"),
        (_result(text=["words"]), "'text' must be a text"),
        (_result(text="x" * 1_000_001), "'text' must be a text"),
        (_result(tool_calls=["book"]), "'tool_calls' must be a list of objects"),
        (_result(moderation={"recorded": [1]}), "'recorded' must be a list of texts"),
        ("a result", "'results' must be a list of objects"),
    ],
)
def test_a_result_that_makes_no_sense_is_refused(
    replaying: Replaying, result: object, said_of_it: str
) -> None:
    """The error names the field and quotes nothing."""
    run_id = replaying.make(_ENDPOINT)

    with pytest.raises(BadRequestError) as refusal:
        _send(replaying, run_id, result)

    assert said_of_it in str(refusal.value)
    assert replaying.rows(run_id) == []


# --- Judging again ----------------------------------------------------------------------------
def test_stored_answers_are_judged_again_with_other_checks(replaying: Replaying) -> None:
    """Nobody is asked; the answers stay as they were."""
    run_id = replaying.make(_ENDPOINT)
    _send(replaying, run_id, _result(text="Banana."), _result(2, state="timeout", text=""))
    before = replaying.stored(run_id, "text", "cost_usd", "attempts", "asked_at", "arm")
    checks = {"version": 1, "checks": [{"name": "fruit", "text": "Banana"}]}

    answer = replaying.act(
        "replay/judge", {"tenant": replaying.tenant, "run_id": run_id, "checks": checks}
    )

    assert answer["judged"] == 1
    first, second = replaying.stored(run_id, "newly_unsafe", "judged_with")
    assert (first["newly_unsafe"], second["newly_unsafe"]) == (["fruit"], [])
    assert first["judged_with"] == answer["judged_with"]
    assert replaying.stored(run_id, "text", "cost_usd", "attempts", "asked_at", "arm") == before
    assert run_of(replaying.reads(replaying.tenant), run_id).checks == checks


@pytest.mark.parametrize(
    ("candidate", "arm", "flags"),
    [
        ({"tools": {"add": [_GET_HOURS]}, "system": "See https://help.example."}, "candidate", []),
        ({}, "candidate", ["tool_not_offered", "unknown_link"]),
        ({"tools": {"add": [_GET_HOURS]}}, "baseline", ["tool_not_offered", "unknown_link"]),
    ],
)
def test_an_answer_is_judged_by_what_its_arm_was_asked(
    replaying: Replaying, candidate: dict[str, object], arm: str, flags: list[str]
) -> None:
    """Nobody makes up a tool that the candidate was given, or a link that its prompt names."""
    run_id = replaying.make(_ENDPOINT, candidate=candidate, floor="baseline")
    call = {"name": "get_hours", "arguments": "{}", "call_id": "k"}

    _send(replaying, run_id, _result(arm=arm, text="See https://help.example", tool_calls=[call]))

    (row,) = replaying.stored(run_id, "judgement")
    assert [flag["name"] for flag in json.loads(row["judgement"])["replayed_flags"]] == flags


def test_a_repeat_is_judged_with_the_answer_it_repeats(replaying: Replaying) -> None:
    """Both had the candidate's tools."""
    run_id = replaying.make(_ENDPOINT, candidate={"tools": {"add": [_GET_HOURS]}}, floor="repeat")
    call = {"name": "get_hours", "arguments": "{}", "call_id": "k"}

    for arm in ("candidate", "repeat"):
        _send(replaying, run_id, _result(arm=arm, text="", tool_calls=[call]))

    judged = {
        row["arm"]: json.loads(row["judgement"])
        for row in replaying.stored(run_id, "judgement", "arm")
    }
    assert judged["repeat"]["agreement"] == "identical"
    assert (judged["repeat"]["recorded_flags"], judged["repeat"]["replayed_flags"]) == ([], [])


def test_checks_that_make_no_sense_are_refused(replaying: Replaying) -> None:
    """When a run is made, and when it is judged again."""
    bad = {"version": 1, "checks": [{"name": "nothing"}]}
    run_id = replaying.make(_ENDPOINT)

    with pytest.raises(BadRequestError, match="it asks for nothing"):
        replaying.make(_ENDPOINT, checks=bad)
    with pytest.raises(BadRequestError, match="it asks for nothing"):
        replaying.act("replay/judge", {"tenant": replaying.tenant, "run_id": run_id, "checks": bad})


# --- Who drives -------------------------------------------------------------------------------
def _clocked(replaying: Replaying, clock: _Clock) -> Replaying:
    return Replaying(
        replaying.store,
        replaying.tenant,
        clock=lambda: clock.now,
        monotonic=lambda: clock.seconds,
    )


def test_a_driver_that_lives_keeps_its_run(replaying: Replaying) -> None:
    """As long as it says so at least every ten seconds."""
    clock = _Clock()
    clocked = _clocked(replaying, clock)
    run_id = clocked.make(_ENDPOINT)

    assert _beat(clocked, run_id, is_start=True)["is_held"]
    clock.seconds += 9
    assert not _beat(clocked, run_id, "d-2", is_start=True)["is_held"]
    assert _beat(clocked, run_id)["is_held"]
    clock.seconds += 9
    assert not _beat(clocked, run_id, "d-2", is_start=True)["is_held"]


def test_a_driver_that_is_silent_loses_its_run(replaying: Replaying) -> None:
    """To the next that asks; back from the dead, it hears so, and its results are refused."""
    clock = _Clock()
    clocked = _clocked(replaying, clock)
    run_id = clocked.make(_ENDPOINT)
    _beat(clocked, run_id, is_start=True)

    clock.seconds += 11
    taken = _beat(clocked, run_id, "d-2", is_start=True)

    assert taken["is_held"]
    assert not _beat(clocked, run_id)["is_held"]
    with pytest.raises(BadRequestError, match="another driver"):
        _send(clocked, run_id, _result())


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_takes_no_run_away(replaying: Replaying, jump: timedelta) -> None:
    """How long a driver was silent is told by a clock that nobody sets."""
    clocked = _clocked(replaying, _Clock(now=datetime.now(UTC) + jump))
    run_id = clocked.make(_ENDPOINT)
    _beat(clocked, run_id, is_start=True)

    other = _beat(clocked, run_id, "d-2", is_start=True)
    own = _beat(clocked, run_id)

    assert not other["is_held"]
    assert (own["is_held"], own["state"]) == (True, "running")


def test_a_run_that_nobody_drives_is_not_silent(replaying: Replaying) -> None:
    """It has not been so since 1970."""
    run_id = replaying.make(_ENDPOINT)

    assert run_of(replaying.reads(replaying.tenant), run_id).silent_s == 0


def test_a_run_whose_process_has_died_is_interrupted(replaying: Replaying) -> None:
    """Told by another process from the time of its last word."""
    past = _clocked(replaying, _Clock(now=datetime.now(UTC) - timedelta(seconds=11)))
    run_id = past.make(_ENDPOINT)
    _beat(past, run_id, is_start=True)

    seen = run_of(replaying.reads(replaying.tenant), run_id)

    assert seen.state is RunState.INTERRUPTED
    assert _beat(Replaying(replaying.store, replaying.tenant), run_id, "d-2", is_start=True)[
        "is_held"
    ]


def test_another_process_does_not_take_a_run_that_is_alive(replaying: Replaying) -> None:
    """Also where it has not heard of the driver itself."""
    run_id = replaying.make(_ENDPOINT)
    _beat(replaying, run_id, is_start=True)
    elsewhere = Replaying(replaying.store, replaying.tenant)

    assert not _beat(elsewhere, run_id, "d-2", is_start=True)["is_held"]
    with pytest.raises(BadRequestError, match="is being replayed"):
        elsewhere.act(
            "replay/runs",
            {"tenant": replaying.tenant, "run_id": run_id, "options": {"concurrency": 2}},
        )


def test_a_cancelled_run_is_heard_of_by_its_driver(replaying: Replaying) -> None:
    """A run that nobody replays is cancelled at once."""
    clocked = _clocked(replaying, _Clock(now=datetime.now(UTC)))
    driven, idle = clocked.make(_ENDPOINT), clocked.make(_ENDPOINT)
    _beat(clocked, driven, is_start=True)

    for run_id in (driven, idle):
        clocked.act("replay/cancel", {"tenant": replaying.tenant, "run_id": run_id})

    assert _beat(clocked, driven)["state"] == "cancelling"
    _beat(clocked, driven, state="cancelled")
    states = {run_of(clocked.reads(clocked.tenant), one).state for one in (driven, idle)}
    assert states == {RunState.CANCELLED}


def test_a_forecast_makes_no_run(replaying: Replaying) -> None:
    """It says what would be asked otherwise, and of how many decisions."""
    frozen = replaying.make(_ENDPOINT)
    set_id = run_of(replaying.reads(replaying.tenant), frozen).set_id
    document = {
        "tenant": replaying.tenant,
        "set": set_id,
        "candidate": {"name": "x", "base_url": _ENDPOINT, "model": "candidate-1"},
        "is_dry": True,
    }

    answer = cast("dict[str, Any]", replaying.act("replay/runs", document))

    assert answer["run_id"] == ""
    assert answer["estimate"]["decisions"] == 2
    assert [(d["part"], d["candidate"], d["decisions"]) for d in answer["differences"]] == [
        ("model", "candidate-1", 2)
    ]
    table = replaying.reads(replaying.tenant).table("replay_runs", {"run": "", "limit": 10})
    assert len(table.rows) == 1
