"""Votes and outcomes out again, received over a real socket."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter

from support.otlp import START_NS, chat_attributes, otlp_span, request_of
from support.otlp_sink import OtlpSink, otlp_sink
from trainingloop.collector import Pipeline
from trainingloop.evaluations import Evaluations, EvaluationsError, sending_evaluations
from trainingloop.evaluations._sender import Sender
from trainingloop.instrumentation.keys import Keyring
from trainingloop.processor import Redactor
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = b"a key for tests only, 32 bytes ok"
SECOND = timedelta(seconds=1)
DECIDED = datetime.fromtimestamp(START_NS / 1e9, tz=UTC)
FEEDBACK_COLUMNS = (
    "tenant_id", "decision_id", "thread_id", "decided_at", "reviewer", "vote_id", "value",
    "reason", "note", "source", "voted_at", "redaction_version", "redaction_status", "ingested_at",
)  # fmt: skip
OUTCOME_COLUMNS = (
    "tenant_id", "rule_id", "rule_version", "decision_id", "thread_id", "decided_at", "direction",
    "unit", "state", "ending", "is_attributed", "event_ids", "matures_at", "detected_at",
    "version", "is_deleted",
)  # fmt: skip
SWEEP_COLUMNS = ("watermark", "rules_version", "started_at", "ended_at", "threads", "outcomes")


class Clock:
    """Says what it is told to; begins now."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> int:
        """Return the time in nanoseconds."""
        return int(self.now.timestamp() * 1000) * 1_000_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two decisions of each of two tenants."""
    folder = tmp_path_factory.mktemp("evaluations")
    spans = [
        otlp_span(
            chat_attributes()
            | {"trainingloop.tenant.id": tenant, "gen_ai.response.id": f"resp-{number}"},
            number=number,
        )
        for number, tenant in enumerate(("acme", "acme", "other", "other"), start=1)
    ]
    with (
        open_store(f"chdb://{folder / 'store'}") as opened,
        Pipeline(opened, Redactor(key=KEY, engine="fast"), keys=Keyring.of(KEY)) as pipeline,
    ):
        pipeline.accept(request_of(*spans), source="test")
        yield opened


@pytest.fixture
def sink() -> Iterator[OtlpSink]:
    """A receiver of OTLP."""
    with otlp_sink() as listening:
        yield listening


@pytest.fixture
def clock(store: Store) -> Clock:
    """The time a sender sees; each test begins behind everything the store holds."""
    found = Clock()
    ((newest,),) = store.execute(
        "SELECT greatest(max(started_at), (SELECT max(ingested_at) FROM decision_feedback)) "
        "FROM outcome_sweeps",
        {},
    ).rows
    assert isinstance(newest, datetime)
    found.now = max(found.now, newest.replace(tzinfo=UTC) + SECOND)
    return found


@pytest.fixture
def sender(store: Store, sink: OtlpSink, clock: Clock) -> Iterator[Sender]:
    """A sender to that receiver."""
    exporter = OTLPLogExporter(endpoint=f"{sink.endpoint}/v1/logs", timeout=1)
    made = Sender(store, exporter, clock)
    yield made
    made.close()


def found_outcome(store: Store, number: int, clock: Clock, **more: object) -> None:
    """Store an outcome of a decision as a sweep would."""
    row: dict[str, object] = {
        "tenant_id": "acme",
        "rule_id": "customer_replied",
        "rule_version": "1",
        "decision_id": f"{number:016x}",
        "thread_id": "c-1",
        "decided_at": DECIDED,
        "direction": "neutral",
        "unit": "turn",
        "state": "yes",
        "ending": "",
        "is_attributed": 1,
        "event_ids": ["e-1"],
        "matures_at": DECIDED + timedelta(days=1),
        "detected_at": clock.now,
        "version": clock() // 1_000_000,
        "is_deleted": 0,
    } | more
    store.append("decision_outcomes", OUTCOME_COLUMNS, [[row[name] for name in OUTCOME_COLUMNS]])


def swept(store: Store, clock: Clock) -> None:
    """Store that a sweep of this moment has ended."""
    store.append("outcome_sweeps", SWEEP_COLUMNS, [[clock.now, "1", clock.now, clock.now, 1, 1]])


def voted(store: Store, clock: Clock, vote: str, value: int, **more: object) -> None:
    """Store a vote on the first decision; it comes in now."""
    row: dict[str, object] = {
        "tenant_id": "acme",
        "decision_id": f"{1:016x}",
        "thread_id": "c-1",
        "decided_at": DECIDED,
        "reviewer": "reviewer-of-acme",
        "vote_id": vote,
        "value": value,
        "reason": "",
        "note": "",
        "source": "api",
        "voted_at": DECIDED + timedelta(hours=1),
        "redaction_version": "1",
        "redaction_status": "ok",
        "ingested_at": clock.now,
    } | more
    store.append("decision_feedback", FEEDBACK_COLUMNS, [[row[name] for name in FEEDBACK_COLUMNS]])


def told(sink: OtlpSink, *names: str) -> list[tuple[object, ...]]:
    """Return some attributes of what was received, by the ends of their names."""
    return [
        tuple(log.attributes.get(f"gen_ai.evaluation.{name}") for name in names)
        for log in sink.logs
    ]


def test_an_outcome_is_an_evaluation_of_its_decision(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Named by the conventions, and beside the very span of the decision."""
    found_outcome(store, 1, clock, rule_id="no_further_inbound", ending="timed_out")
    swept(store, clock)

    assert sender.send_new()

    (log,) = sink.logs
    row = next(store.reads("acme").table("decision", {"decision": f"{1:016x}"}).records())
    assert log.event_name == "gen_ai.evaluation.result"
    assert (log.trace_id, log.span_id) == (row["trace_id"], f"{1:016x}")
    assert log.time_unix_nano == clock()
    assert log.resource["service.name"] == "trainingloop"
    assert log.attributes == {
        "gen_ai.evaluation.name": "no_further_inbound",
        "gen_ai.evaluation.score.value": 1.0,
        "gen_ai.evaluation.score.label": "yes",
        "gen_ai.evaluation.explanation": "rule no_further_inbound 1, neutral, timed_out",
        "gen_ai.response.id": "resp-1",
        "trainingloop.tenant.id": "acme",
    }


def test_a_vote_is_an_evaluation_of_its_decision(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Up, down or taken back, with reason and note; who voted is not told."""
    voted(store, clock, "v-1", 1, reason="helpful")
    voted(store, clock, "v-2", -1, reason="other", note="asked <PERSON_a> twice")
    voted(store, clock, "v-3", 0)
    clock.now += timedelta(minutes=1)

    assert sender.send_new()

    assert told(sink, "name", "score.value", "score.label", "explanation") == [
        ("feedback", 1.0, "thumbs_up", "helpful"),
        ("feedback", 0.0, "thumbs_down", "other: asked <PERSON_a> twice"),
        ("feedback", None, "retracted", None),
    ]
    assert {log.time_unix_nano for log in sink.logs} == {START_NS + 3600 * 10**9}
    assert not any(b"reviewer-of-acme" in body for body in sink.log_bodies)


def test_a_note_without_the_proof_of_its_redaction_stays(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """The vote goes out, what nobody looked at does not."""
    voted(store, clock, "v-4", -1, reason="other", note="call Jane", redaction_version="")
    clock.now += timedelta(minutes=1)

    assert sender.send_new()

    assert told(sink, "score.label", "explanation") == [("thumbs_down", "other")]


def test_what_no_rate_counts_is_not_sent(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Pending ones, those another decision speaks for, and those taken back."""
    found_outcome(store, 1, clock, state="pending")
    found_outcome(store, 1, clock, rule_id="order_paid", is_attributed=0)
    found_outcome(store, 2, clock, is_deleted=1)
    swept(store, clock)

    assert sender.send_new()

    assert sink.logs == []


def test_what_was_there_before_is_not_sent(store: Store, sink: OtlpSink, clock: Clock) -> None:
    """A sender begins with what is found after it."""
    found_outcome(store, 1, clock)
    swept(store, clock)
    clock.now += SECOND
    late = Sender(store, OTLPLogExporter(endpoint=f"{sink.endpoint}/v1/logs"), clock)

    assert late.send_new()

    late.close()
    assert sink.logs == []


def test_what_was_sent_is_not_sent_again_but_its_correction_is(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """A late event turned a no into a yes."""
    found_outcome(store, 1, clock, state="no", event_ids=[])
    swept(store, clock)
    sender.send_new()
    clock.now += SECOND
    found_outcome(store, 1, clock)
    swept(store, clock)

    sender.send_new()
    sender.send_new()

    assert told(sink, "score.label", "score.value") == [("no", 0.0), ("yes", 1.0)]


def test_a_sweep_that_goes_on_is_waited_for(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Its later rows carry the same time as its first ones and would be passed over."""
    found_outcome(store, 1, clock)
    before = len(sink.logs) if sender.send_new() else -1
    found_outcome(store, 2, clock)
    swept(store, clock)

    sender.send_new()

    assert before == 0
    assert sorted(log.span_id for log in sink.logs) == [f"{1:016x}", f"{2:016x}"]


def test_each_tenant_is_told_apart(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """An evaluation says whose it is."""
    found_outcome(store, 1, clock)
    found_outcome(store, 3, clock, tenant_id="other")
    swept(store, clock)

    sender.send_new()

    found = {(log.attributes["trainingloop.tenant.id"], log.span_id) for log in sink.logs}
    assert found == {("acme", f"{1:016x}"), ("other", f"{3:016x}")}


def test_what_is_said_of_a_decision_that_is_gone_holds_nothing_up(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Its retention was over; the others are sent."""
    found_outcome(store, 99, clock)
    found_outcome(store, 1, clock, rule_id="order_paid")
    swept(store, clock)

    assert sender.send_new()

    assert [log.span_id for log in sink.logs] == [f"{1:016x}"]


@pytest.mark.parametrize("status", [400, 500])
def test_what_was_refused_is_sent_again(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock, status: int
) -> None:
    """Nothing is passed over."""
    found_outcome(store, 1, clock)
    swept(store, clock)
    sink.refusals = [status]

    first, second = sender.send_new(), sender.send_new()

    assert (first, second, sink.refused) == (False, True, 1)
    assert len(sink.logs) == 1


def test_many_are_sent_in_several_requests(
    store: Store, sender: Sender, sink: OtlpSink, clock: Clock
) -> None:
    """Each of them once."""
    rows = [_row(clock, f"rule_{number}") for number in range(601)]
    store.append("decision_outcomes", OUTCOME_COLUMNS, rows)
    swept(store, clock)

    assert sender.send_new()

    assert len(sink.log_bodies) == 2
    assert len({log.attributes["gen_ai.evaluation.name"] for log in sink.logs}) == 601


def _row(clock: Clock, rule: str) -> list[object]:
    at = clock.now
    return [
        "acme", rule, "1", f"{1:016x}", "c-1", DECIDED, "good", "turn", "yes", "", 1, ["e"],
        at, at, clock() // 1_000_000, 0,
    ]  # fmt: skip


def _poll(is_there: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not is_there() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return is_there()


def test_evaluations_are_sent_in_the_background(
    store: Store, sink: OtlpSink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While in the block, to where the environment says; and tried again when refused."""
    monkeypatch.setenv("TRAININGLOOP_EVALUATIONS_ENDPOINT", sink.endpoint)
    sink.refusals = [400]
    with Evaluations(store, f"{sink.endpoint}/v1/logs", pause_s=0.05):
        clock.now = max(clock.now, datetime.now(UTC) + SECOND)
        found_outcome(store, 1, clock)
        swept(store, clock)

        assert _poll(lambda: len(sink.logs) > 0)
    with sending_evaluations(store):
        names = {thread.name for thread in threading.enumerate()}

    assert sink.encodings == {"gzip"}
    assert sink.refused == 1
    assert "trainingloop-evaluations" in names
    assert "trainingloop-evaluations" not in {thread.name for thread in threading.enumerate()}


def test_a_receiver_that_is_not_there_holds_nothing_up(store: Store, clock: Clock) -> None:
    """Closing does not wait for a delivery that cannot succeed."""
    with otlp_sink() as gone:
        url = f"{gone.endpoint}/v1/logs"
    with Evaluations(store, url, pause_s=0.01):
        clock.now = max(clock.now, datetime.now(UTC) + SECOND)
        found_outcome(store, 1, clock)
        swept(store, clock)
        threading.Event().wait(0.2)
        began = time.monotonic()

    assert time.monotonic() - began < 8


def test_without_an_endpoint_nothing_runs(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told anything unless somebody asked for it."""
    monkeypatch.delenv("TRAININGLOOP_EVALUATIONS_ENDPOINT", raising=False)

    with sending_evaluations(store):
        names = {thread.name for thread in threading.enumerate()}

    assert "trainingloop-evaluations" not in names


@pytest.mark.parametrize("endpoint", ["127.0.0.1:4318", "grpc://host:4317", "http://", "yes"])
def test_an_endpoint_that_is_no_url_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    """At the start, and without quoting what may hold a password."""
    monkeypatch.setenv("TRAININGLOOP_EVALUATIONS_ENDPOINT", endpoint)

    with pytest.raises(EvaluationsError, match="is no URL"), sending_evaluations(store):
        pass
