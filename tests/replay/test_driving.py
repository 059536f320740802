"""A run from its first question to its last, with a real endpoint, client and store."""

from __future__ import annotations

import json
import threading
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from support.replay_endpoint import Asked, Good, Raw, refused, replay_endpoint
from support.replay_sets import freeze
from support.replaying import Replaying
from support.reviewed import TOOL, asked_for, decided, returned, said
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.instrumentation import semconv
from trainingloop.replay import AnswerState
from trainingloop.replay.errors import EndpointError, RunError
from trainingloop.replay.runs import Arm, RunState, run_of, runs
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from support.replay_endpoint import Reaction
    from trainingloop.replay.driving import Progress
    from trainingloop.store import SpanRow, Store

_CALL: tuple[str, dict[str, object]] = ("book", {"seats": 2})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('driving') / 'store'}") as opened:
        yield opened


@pytest.fixture
def replaying(store: Store, request: pytest.FixtureRequest) -> Replaying:
    """The store for a tenant that no other test has."""
    name: str = request.node.name
    return Replaying(store, f"t-{sha256(name.encode()).hexdigest()[:24]}")


def _record(replaying: Replaying, count: int = 6) -> None:
    rows = [decided(number, tenant=replaying.tenant) for number in range(1, count + 1)]
    replaying.store.insert_spans(rows)


def _question(asked: Asked) -> str:
    messages = asked.body["messages"]
    return str(messages[-1]["content"])


# --- Answers ----------------------------------------------------------------------------------
def test_every_decision_is_asked_once_and_its_answer_compared(replaying: Replaying) -> None:
    """What comes back is stored with what it took and how it agrees."""
    _record(replaying)
    replaying.store.insert_spans([decided(7, answered=[], tenant=replaying.tenant)])

    with replay_endpoint(Good("Until six.", input_tokens=30, output_tokens=4)) as endpoint:
        run_id = replaying.make(endpoint.base_url)
        summary = replaying.drive(run_id)

    assert (summary.state, summary.progress.done, summary.progress.all) == (RunState.DONE, 7, 7)
    assert summary.progress.states == {AnswerState.OK: 6, AnswerState.UNFIT: 1}
    assert sorted(map(_question, endpoint.asked)) == [f"Question {n}?" for n in range(1, 7)]
    rows = replaying.stored(
        run_id, "state", "text", "agreement", "input_tokens", "cost_usd", "model", "attempts"
    )
    assert rows[0] == {
        "state": "ok",
        "text": "Until six.",
        "agreement": "identical",
        "input_tokens": 30,
        "cost_usd": pytest.approx((30 * 1.0 + 4 * 10.0) / 1e6),
        "model": "scripted-model-1",
        "attempts": 1,
    }
    assert [row["state"] for row in rows] == ["ok"] * 6 + ["unfit"]


def test_nothing_of_a_replay_becomes_a_decision(replaying: Replaying) -> None:
    """Neither a span nor a decision is added or changed."""
    _record(replaying)
    both = (
        "SELECT (SELECT sum(cityHash64(*)) FROM decisions), (SELECT count() FROM decisions), "
        "(SELECT count() FROM otel_traces)"
    )
    before = replaying.store.execute(both, {}).rows

    with replay_endpoint(Good("", (_CALL,))) as endpoint:
        replaying.drive(replaying.make(endpoint.base_url, floor="baseline"))

    assert replaying.store.execute(both, {}).rows == before


def test_a_second_run_is_answered_from_the_first(replaying: Replaying) -> None:
    """The same question to the same endpoint is not paid for twice."""
    _record(replaying)

    with replay_endpoint() as endpoint:
        replaying.drive(replaying.make(endpoint.base_url, floor="repeat"))
        asked = endpoint.count
        again = replaying.make(endpoint.base_url, floor="repeat")
        summary = replaying.drive(again)

    assert (asked, endpoint.count) == (12, 12)
    assert (summary.progress.asked, summary.progress.cached) == (0, 12)
    assert (summary.progress.tokens, replaying.status(again).tokens) == (0, 0)
    assert {row["is_cached"] for row in replaying.rows(again)} == {1}


def test_the_same_question_in_one_run_is_asked_once(replaying: Replaying) -> None:
    """Two customers who say the same get the same answer."""
    same = [said("user", "When do you close?")]
    rows = [decided(number, knew=same, tenant=replaying.tenant) for number in (1, 2, 3)]
    replaying.store.insert_spans(rows)

    with replay_endpoint(Good("At six.", delay_s=0.05)) as endpoint:
        run_id = replaying.make(endpoint.base_url)
        replaying.drive(run_id)

    assert endpoint.count == 1
    assert [(r["text"], r["is_cached"]) for r in replaying.rows(run_id)] == [
        ("At six.", 0), ("At six.", 1), ("At six.", 1),
    ]  # fmt: skip


def test_the_recorded_version_is_asked_again_as_a_floor(replaying: Replaying) -> None:
    """The baseline arm asks the recorded model, and is compared with what was recorded."""
    _record(replaying, 2)

    with replay_endpoint(Good("Until six.")) as endpoint:
        run_id = replaying.make(endpoint.base_url, floor="baseline")
        replaying.drive(run_id)

    assert sorted(asked.body["model"] for asked in endpoint.asked) == [
        "candidate-1", "candidate-1", "demo-large", "demo-large",
    ]  # fmt: skip
    status = replaying.status(run_id)
    assert (status.done, status.all) == (4, 4)
    assert {row["arm"] for row in replaying.rows(run_id)} == {"baseline", "candidate"}


def test_a_repeat_is_compared_with_the_first_answer(replaying: Replaying) -> None:
    """Not with what was recorded: it says how much the candidate differs from itself."""
    _record(replaying, 4)

    with replay_endpoint(Good("Something that nobody recorded.")) as endpoint:
        run_id = replaying.make(endpoint.base_url, floor="repeat")
        replaying.drive(run_id)

    agreements = {(row["arm"], row["agreement"]) for row in replaying.rows(run_id)}
    assert ("repeat", "identical") in agreements
    assert ("candidate", "identical") not in agreements
    assert endpoint.count == 8


def test_where_there_is_no_first_answer_nothing_is_asked_again(replaying: Replaying) -> None:
    """The repeat gets the state of the first: it is accounted for."""
    _record(replaying, 1)

    with replay_endpoint(refused(400, "context_length_exceeded")) as endpoint:
        run_id = replaying.make(endpoint.base_url, floor="repeat")
        replaying.drive(run_id)

    assert endpoint.count == 1
    assert [(r["arm"], r["state"]) for r in replaying.rows(run_id)] == [
        ("candidate", "rejected"), ("repeat", "rejected"),
    ]  # fmt: skip


# --- Chains -----------------------------------------------------------------------------------
def _chain(tenant: str) -> Sequence[SpanRow]:
    """A turn of two decisions: a call, and what was said once it had returned."""
    asks = said("user", "A table for two")
    first = decided(
        1, knew=[asks], answered=[asked_for("call-1", "book", {"seats": 2})], tools=[TOOL],
        tenant=tenant, more={semconv.CONVERSATION_ID: "chain"},
    )  # fmt: skip
    knew = [asks, asked_for("call-1", "book", {"seats": 2}), returned("call-1", "table 7")]
    second = decided(
        2, knew=knew, answered=[said("assistant", "You have table 7.")], tools=[TOOL],
        tenant=tenant, more={semconv.CONVERSATION_ID: "chain"},
    )  # fmt: skip
    return [first, second]


def test_a_chain_goes_on_with_what_the_tools_returned(replaying: Replaying) -> None:
    """The recorded result answers the candidate's own call, by name and arguments."""
    replaying.store.insert_spans(_chain(replaying.tenant))
    frozen = freeze(replaying.store, replaying.tenant, decisions=[f"{1:016x}"])

    def script(asked: Asked) -> Reaction:
        told = [m for m in asked.body["messages"] if m["role"] == "tool"]
        return Good(f"It is {told[0]['content']}.") if told else Good("", (_CALL,))

    with replay_endpoint(script=script) as endpoint:
        run_id = replaying.make(endpoint.base_url, set_id=frozen.set_id, mode="chain")
        replaying.drive(run_id)

    first, second = endpoint.asked
    call, result = second.body["messages"][-2:]
    assert first.body["messages"] == second.body["messages"][:-2]
    assert result["tool_call_id"] == call["tool_calls"][0]["id"] == "call_1_0"
    rows = replaying.stored(run_id, "step", "compared_id", "text", "agreement")
    assert [(r["step"], r["compared_id"], r["text"]) for r in rows] == [
        (0, f"{1:016x}", ""), (1, f"{2:016x}", "It is table 7."),
    ]  # fmt: skip
    assert rows[0]["agreement"] == "identical"


def test_a_chain_ends_where_the_candidate_parts_from_the_record(replaying: Replaying) -> None:
    """Nobody knows what another call would have returned."""
    replaying.store.insert_spans(_chain(replaying.tenant))
    frozen = freeze(replaying.store, replaying.tenant, decisions=[f"{1:016x}"])

    with replay_endpoint(Good("", (("book", {"seats": 3}),))) as endpoint:
        run_id = replaying.make(endpoint.base_url, set_id=frozen.set_id, mode="chain")
        summary = replaying.drive(run_id)

    assert endpoint.count == 1
    assert [row["step"] for row in replaying.rows(run_id)] == [0]
    assert (summary.state, summary.progress.done) == (RunState.DONE, 1)


def test_a_second_chain_is_answered_from_the_first(replaying: Replaying) -> None:
    """Each step of it: what was stored leads to the same next question."""
    replaying.store.insert_spans(_chain(replaying.tenant))
    frozen = freeze(replaying.store, replaying.tenant, decisions=[f"{1:016x}"])

    def script(asked: Asked) -> Reaction:
        is_told = any(m["role"] == "tool" for m in asked.body["messages"])
        return Good("You have table 7.") if is_told else Good("", (_CALL,))

    with replay_endpoint(script=script) as endpoint:
        first, second = (
            replaying.make(endpoint.base_url, set_id=frozen.set_id, mode="chain") for _ in range(2)
        )
        replaying.drive(first)
        summary = replaying.drive(second)

    assert endpoint.count == 2
    assert (summary.progress.asked, summary.progress.cached) == (0, 2)


def test_a_chain_that_was_interrupted_goes_on_at_its_step(replaying: Replaying) -> None:
    """What was answered before it is not asked again."""
    replaying.store.insert_spans(_chain(replaying.tenant))
    frozen = freeze(replaying.store, replaying.tenant, decisions=[f"{1:016x}"])
    call = {"name": "book", "arguments": '{"seats": 2.0}', "call_id": "own-7"}

    with replay_endpoint(Good("You have table 7.")) as endpoint:
        run_id = replaying.make(endpoint.base_url, set_id=frozen.set_id, mode="chain")
        result = {
            "decision_id": f"{1:016x}",
            "state": "ok",
            "tool_calls": [call],
            "asked_at": "2026-11-22T09:00:00+00:00",
        }
        replaying.act(
            "replay/results",
            {"tenant": replaying.tenant, "run_id": run_id, "driver": "d", "results": [result]},
        )
        summary = replaying.drive(run_id)

    (asked,) = endpoint.asked
    assert asked.body["messages"][-1] == {
        "role": "tool", "tool_call_id": "own-7", "content": "table 7",
    }  # fmt: skip
    assert (summary.state, summary.progress.done) == (RunState.DONE, 1)
    assert [row["agreement"] for row in replaying.rows(run_id)] == ["identical", "identical"]


def test_a_repeated_chain_is_followed_as_far_as_the_first(replaying: Replaying) -> None:
    """Each of its answers is compared with the first answer at the same step."""
    replaying.store.insert_spans(_chain(replaying.tenant))
    frozen = freeze(replaying.store, replaying.tenant, decisions=[f"{1:016x}"])

    def script(asked: Asked) -> Reaction:
        is_told = any(m["role"] == "tool" for m in asked.body["messages"])
        return Good("Here you are.") if is_told else Good("", (_CALL,))

    with replay_endpoint(script=script) as endpoint:
        run_id = replaying.make(
            endpoint.base_url, set_id=frozen.set_id, mode="chain", floor="repeat"
        )
        replaying.drive(run_id)

    assert endpoint.count == 4
    rows = replaying.rows(run_id)
    assert [(r["step"], r["arm"]) for r in rows] == [
        (0, "candidate"), (0, "repeat"), (1, "candidate"), (1, "repeat"),
    ]  # fmt: skip
    assert [r["agreement"] for r in rows if r["arm"] == "repeat"] == ["identical", "identical"]
    assert rows[2]["agreement"] != "identical"


# --- Budgets ----------------------------------------------------------------------------------
def test_a_budget_reached_in_the_middle_is_never_exceeded(replaying: Replaying) -> None:
    """The rest is recorded as not asked, and asked once there is more to spend."""
    _record(replaying, 12)

    with replay_endpoint(Good("Yes.", input_tokens=50, output_tokens=50)) as endpoint:
        run_id = replaying.make(
            endpoint.base_url,
            candidate={"params": {"max_tokens": 50}},
            budget={"tokens": 700},
            concurrency=2,
        )
        summary = replaying.drive(run_id)
        asked = endpoint.count
        changed = {"tenant": replaying.tenant, "run_id": run_id}
        replaying.act("replay/runs", {**changed, "options": {"budget": {"tokens": 100_000}}})
        resumed = replaying.drive(run_id)

    assert summary.state is RunState.OVER_BUDGET
    assert 0 < asked < 12
    assert 0 < summary.progress.tokens <= 700
    assert summary.progress.states == {
        AnswerState.OK: asked, AnswerState.OVER_BUDGET: 12 - asked,
    }  # fmt: skip
    assert resumed.state is RunState.DONE
    assert (endpoint.count, resumed.progress.states) == (12, {AnswerState.OK: 12})


def test_a_budget_is_kept_where_the_endpoint_does_not_say_what_it_took(
    replaying: Replaying,
) -> None:
    """Such an answer took what was set aside for it, and nobody says that it was free."""
    _record(replaying, 12)

    with replay_endpoint(Good("Yes.", input_tokens=0, output_tokens=0)) as endpoint:
        run_id = replaying.make(
            endpoint.base_url,
            candidate={"params": {"max_tokens": 50}},
            budget={"tokens": 700},
            concurrency=2,
        )
        summary = replaying.drive(run_id)
        asked = endpoint.count
        resumed = replaying.drive(run_id)

    assert summary.state is resumed.state is RunState.OVER_BUDGET
    assert 0 < asked == endpoint.count < 12
    assert replaying.status(run_id).arms[Arm.CANDIDATE].unpriced == asked
    assert any("does not say what" in note for note in summary.notes)


def test_a_budget_in_dollars_needs_a_price(replaying: Replaying) -> None:
    """Nobody can keep a budget of what costs nobody knows what."""
    _record(replaying, 1)

    with pytest.raises(BadRequestError, match=r"no-such-model.* costs is not known"):
        replaying.make(
            "http://127.0.0.1:9/v1", candidate={"model": "no-such-model"}, budget={"usd": 1}
        )


# --- Endings ----------------------------------------------------------------------------------
def test_a_cancelled_run_ends_and_can_go_on(replaying: Replaying) -> None:
    """What was not asked is recorded as cancelled."""
    _record(replaying, 40)

    def cancel(progress: Progress) -> None:
        if progress.done and not any(path == "replay/cancel" for path, _ in replaying.acted):
            replaying.act("replay/cancel", {"tenant": replaying.tenant, "run_id": run_id})

    with replay_endpoint(Good(delay_s=0.2)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=2)
        summary = replaying.drive(run_id, on_progress=cancel)
        asked = endpoint.count
        run = run_of(replaying.reads(replaying.tenant), run_id)
        resumed = replaying.drive(run_id)

    assert (summary.state, run.state) == (RunState.CANCELLED, RunState.CANCELLED)
    assert 0 < asked < 40
    assert sum(summary.progress.states.values()) == 40
    assert summary.progress.states[AnswerState.CANCELLED] == 40 - asked
    assert (resumed.state, endpoint.count) == (RunState.DONE, 40)


def test_a_stopped_run_is_interrupted_and_resumed_at_once(replaying: Replaying) -> None:
    """Nothing is recorded of what was not asked."""
    _record(replaying, 40)
    stop = threading.Event()

    with replay_endpoint(Good(delay_s=0.1)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=2)
        summary = replaying.drive(
            run_id, stop=stop, on_progress=lambda p: stop.set() if p.done else None
        )
        asked = endpoint.count
        before = replaying.status(run_id)
        resumed = replaying.drive(run_id)

    assert (summary.state, before.run.state) == (RunState.INTERRUPTED, RunState.INTERRUPTED)
    assert before.done == asked < 40
    assert (resumed.state, endpoint.count) == (RunState.DONE, 40)


def test_a_run_has_one_driver(replaying: Replaying) -> None:
    """The second is told; the first goes on."""
    _record(replaying, 6)
    refusals: list[str] = []

    def try_too(progress: Progress) -> None:
        if progress.done and not refusals:
            with pytest.raises(RunError) as refusal:
                replaying.drive(run_id)
            refusals.append(str(refusal.value))

    with replay_endpoint(Good(delay_s=0.3)) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=1)
        summary = replaying.drive(run_id, on_progress=try_too)

    assert "is being replayed by another process" in refusals[0]
    assert (summary.state, endpoint.count) == (RunState.DONE, 6)


def test_an_endpoint_that_fails_each_time_is_given_up(replaying: Replaying) -> None:
    """Every decision gets a state all the same, and a resumed run asks them."""
    _record(replaying, 60)

    with replay_endpoint(refused(401, "invalid_api_key")) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=2)
        summary = replaying.drive(run_id)

    assert summary.state is RunState.FAILED
    assert "unauthorized" in summary.reason
    assert summary.progress.states == {AnswerState.UNAUTHORIZED: 60}
    assert endpoint.count <= 12
    status = replaying.status(run_id)
    assert (status.run.state, status.done, status.final) == (RunState.FAILED, 60, 0)


def test_a_page_that_is_no_endpoint_is_given_up(replaying: Replaying) -> None:
    """It answers everything, with what is no answer: not every decision is sent there."""
    _record(replaying, 60)
    page = Raw(200, b"<html>Sign in</html>", {"content-type": "text/html"})

    with replay_endpoint(page) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=2)
        summary = replaying.drive(run_id)

    assert summary.state is RunState.FAILED
    assert "the endpoint could not be used (garbled)" in summary.reason
    assert summary.progress.states == {AnswerState.GARBLED: 60}
    assert endpoint.count <= 12


def test_garbled_answers_beside_good_ones_end_no_run(replaying: Replaying) -> None:
    """However many there are in a row: the endpoint is one for models."""
    _record(replaying, 12)

    with replay_endpoint(Good("Yes."), Raw(200, b"no JSON at all")) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=1)
        summary = replaying.drive(run_id)

    assert (summary.state, endpoint.count) == (RunState.DONE, 12)
    assert summary.progress.states == {AnswerState.OK: 1, AnswerState.GARBLED: 11}
    assert (summary.progress.done, replaying.status(run_id).final) == (12, 1)


def test_a_small_run_without_an_answer_has_failed(replaying: Replaying) -> None:
    """Too few failed to give the endpoint up. Where some answers came, the rest is left open."""
    _record(replaying, 3)
    no = refused(404, "model_not_found")

    with replay_endpoint(no, no, no, Good("Yes."), no) as endpoint:
        run_id = replaying.make(endpoint.base_url, concurrency=1)
        failed, partly, again = [replaying.drive(run_id) for _ in range(3)]

    assert failed.state is RunState.FAILED
    assert failed.reason == (
        "the endpoint could not be used (unknown_model): no question of 3 brought an answer"
    )
    assert (partly.state, again.state) == (RunState.DONE, RunState.DONE)
    assert again.progress.states == {AnswerState.OK: 1, AnswerState.UNKNOWN_MODEL: 2}


def test_what_failed_is_asked_again_and_nothing_else(replaying: Replaying) -> None:
    """A resumed run has the questions of those that got no answer."""
    _record(replaying, 6)
    bad = {"Question 2?", "Question 5?"}

    def script(asked: Asked) -> Reaction:
        return Raw(200, b"no JSON at all") if _question(asked) in bad else Good("Yes.")

    with replay_endpoint(script=script) as endpoint:
        run_id = replaying.make(endpoint.base_url)
        first = replaying.drive(run_id)
        bad.clear()
        before = endpoint.count
        second = replaying.drive(run_id)

    assert first.progress.states == {AnswerState.OK: 4, AnswerState.GARBLED: 2}
    assert {_question(asked) for asked in endpoint.asked[before:]} == {"Question 2?", "Question 5?"}
    assert second.progress.states == {AnswerState.OK: 6}


# --- Moderation -------------------------------------------------------------------------------
def test_moderation_flags_the_answer_that_it_flags(replaying: Replaying) -> None:
    """Both answers are shown to it, each text once."""
    _record(replaying, 2)

    def script(asked: Asked) -> Reaction:
        if asked.path.endswith("/moderations"):
            return Good(flagged=("harassment",) if "rude" in asked.body["input"] else ())
        return Good("Something rude.")

    with replay_endpoint(script=script) as endpoint:
        run_id = replaying.make(endpoint.base_url, is_moderated=True)
        summary = replaying.drive(run_id)

    assert summary.notes == ()
    assert endpoint.paths["/v1/moderations"] == 2
    unsafe = [row["newly_unsafe"] for row in replaying.stored(run_id, "newly_unsafe")]
    assert all("moderation" in names for names in unsafe)


def test_an_endpoint_without_moderation_is_said_once(replaying: Replaying) -> None:
    """Its answers are compared all the same."""
    _record(replaying, 4)

    def script(asked: Asked) -> Reaction:
        is_moderation = asked.path.endswith("/moderations")
        return refused(404) if is_moderation else Good("Until six.")

    with replay_endpoint(script=script) as endpoint:
        run_id = replaying.make(endpoint.base_url, is_moderated=True)
        summary = replaying.drive(run_id)

    (note,) = summary.notes
    assert "moderation could not be asked" in note
    assert summary.progress.states == {AnswerState.OK: 4}


# --- What cannot be run -----------------------------------------------------------------------
def test_personal_data_in_a_candidate_is_asked_and_stored_as_a_token(replaying: Replaying) -> None:
    """The same token that the recorded prompts have; the value leaves for nowhere."""
    _record(replaying, 1)

    with replay_endpoint() as endpoint:
        run_id = replaying.make(
            endpoint.base_url,
            candidate={"system": {"replace": "Ask them to call +1 415 555 2671."}},
        )
        replaying.drive(run_id)

    (asked,) = endpoint.asked
    run = run_of(replaying.reads(replaying.tenant), run_id)
    assert "<PHONE_" in json.dumps(run.candidate)
    assert "555 2671" not in json.dumps(asked.body) + json.dumps(run.candidate)


def test_a_key_that_is_missing_is_named(
    replaying: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked; an endpoint on this machine needs none."""
    monkeypatch.delenv("REPLAY_TEST_KEY", raising=False)
    _record(replaying, 1)
    run_id = replaying.make("https://models.example/v1")

    with pytest.raises(EndpointError, match="REPLAY_TEST_KEY, which is not set"):
        replaying.drive(run_id)

    assert replaying.status(run_id).run.state is RunState.READY


def test_what_there_is_is_said_where_something_is_not(replaying: Replaying) -> None:
    """A set, a run: the error names those there are."""
    _record(replaying, 1)
    freeze(replaying.store, replaying.tenant, name="launch")
    run_id = replaying.make("http://127.0.0.1:9/v1")

    with pytest.raises(NotFoundError, match="launch"):
        replaying.make("http://127.0.0.1:9/v1", set_id="no-such-set")
    with pytest.raises(RunError, match=run_id):
        replaying.drive("no-such-run")


def test_a_tenant_sees_and_drives_its_own_runs_only(replaying: Replaying) -> None:
    """Not even the answer to the same question crosses over."""
    other = Replaying(replaying.store, f"{replaying.tenant}-other")
    for one in (replaying, other):
        _record(one, 2)

    with replay_endpoint() as endpoint:
        run_id = replaying.make(endpoint.base_url)
        replaying.drive(run_id)
        theirs = other.make(endpoint.base_url)
        other.drive(theirs)

    assert endpoint.count == 4
    assert [run.run_id for run in runs(other.reads(other.tenant))] == [theirs]
    with pytest.raises(RunError):
        other.drive(run_id)
    with pytest.raises(NotFoundError):
        other.act("replay/cancel", {"tenant": other.tenant, "run_id": run_id})


def test_only_budget_concurrency_and_timeout_of_a_run_change(replaying: Replaying) -> None:
    """Answers of another arm or mode could not be compared with those there are."""
    _record(replaying, 1)
    run_id = replaying.make("http://127.0.0.1:9/v1")
    change = {"tenant": replaying.tenant, "run_id": run_id}

    with pytest.raises(BadRequestError, match="'mode' of a run cannot be changed"):
        replaying.act("replay/runs", {**change, "options": {"mode": "chain"}})
    replaying.act("replay/runs", {**change, "options": {"concurrency": 9, "budget": {"usd": 2.5}}})

    options = run_of(replaying.reads(replaying.tenant), run_id).options
    assert (options.concurrency, options.budget.usd, options.timeout_s) == (9, 2.5, 10)
    assert options.arms == (Arm.CANDIDATE,)
