"""Events told over HTTP: what they may say, that each is stored once, and redacted."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.conftest import KEY, KEYS
from support.otlp import chat_attributes, otlp_span, request_of
from trainingloop.collector import Pipeline, Receivers, RemoteStore
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.collector.events import event_actions
from trainingloop.processor import Redactor
from trainingloop.processor.policy import load_policy
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from trainingloop.collector.actions import Action

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW_NS = int(NOW.timestamp()) * 10**9
SECOND_NS = 10**9
RUNS = itertools.count()
"""An example may be tried again, and must not find what it stored the first time."""


@pytest.fixture(scope="module")
def module_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all tests here; each has a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('events') / 'store'}") as opened:
        yield opened


@pytest.fixture(scope="module")
def module_pipeline(module_store: Store, redactor: Redactor) -> Iterator[Pipeline]:
    """A pipeline to that store."""
    with Pipeline(module_store, redactor, keys=KEYS, clock=lambda: NOW_NS) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(module_pipeline: Pipeline, redactor: Redactor) -> Action:
    """The action, at noon."""
    return event_actions(module_pipeline, redactor, keys=KEYS, clock=lambda: NOW_NS)["events"]


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> str:
    """A tenant nobody else has."""
    return f"t{abs(hash(request.node.nodeid))}"


def inbound(**more: object) -> dict[str, object]:
    """Return an inbound message without its tenant."""
    return {"conversation_id": "c-1", "kind": "inbound", "id": "m-1", **more}


def paid(**more: object) -> dict[str, object]:
    """Return a reported outcome without its tenant."""
    return {**inbound(kind="outcome", id="o-1", outcome="order_paid"), **more}


def rows(store: Store, tenant: str, *columns: str) -> list[tuple[object, ...]]:
    """Return the stored events of a tenant."""
    table = store.execute(
        f"SELECT {', '.join(columns)} FROM conversation_events "
        "WHERE tenant_id = {tenant:String} ORDER BY thread_id, occurred_at, event_id",
        {"tenant": tenant},
    )
    return list(table.rows)


def decide(pipeline: Pipeline, tenant: str, number: int, conversation: str = "c-1") -> str:
    """Store a decision and return its id."""
    attributes = chat_attributes(conversation=conversation) | {"trainingloop.tenant.id": tenant}
    span = otlp_span(attributes, number=number)
    pipeline.accept(request_of(span), source="test")
    return span.span_id.hex()


def test_an_event_is_stored_as_it_was_told(
    report: Action, module_store: Store, tenant: str
) -> None:
    """Kind, ids, time, what was said and where it came from."""
    answer = report(
        {
            "tenant": tenant,
            "conversation_id": "c-1",
            "kind": "escalation",
            "id": "e-1",
            "occurred_at": "2026-11-20T10:00:00+02:00",
            "reason": "asked for a person",
            "target": "front desk",
            "channel": "phone",
        }
    )

    columns = (
        "conversation_id", "thread_id", "event_id", "event_kind", "reason", "target", "channel",
        "source", "toString(occurred_at)",
    )  # fmt: skip
    assert answer == {"stored": 1, "duplicates": 0}
    assert rows(module_store, tenant, *columns) == [
        (
            "c-1", "c-1", "e-1", "escalation", "asked for a person", "front desk", "phone",
            "api", "2026-11-20 08:00:00.000000000",
        )
    ]  # fmt: skip


def test_an_outcome_says_yes_unless_it_says_no(
    report: Action, module_store: Store, tenant: str
) -> None:
    """As a boolean or as a word; without one it came about."""
    values: list[dict[str, object]] = [{}, {"value": True}, {"value": "yes"}, {"value": False}]
    values.append({"value": "no"})

    report(
        {"tenant": tenant, "events": [paid(id=f"o-{i}", **each) for i, each in enumerate(values)]}
    )

    assert rows(module_store, tenant, "outcome", "value") == [
        *[("order_paid", "yes")] * 3,
        *[("order_paid", "no")] * 2,
    ]


@pytest.mark.parametrize(
    ("given", "seconds_ago"),
    [
        (None, 0),
        ("2026-11-22T11:59:50Z", 10),
        ("2026-11-22T11:59:50", 10),
        (NOW.timestamp() - 10, 10),
        (int(NOW.timestamp() - 10) * 1000, 10),
        ("2025-11-22T12:00:00Z", 365 * 86_400),
        ((NOW + timedelta(hours=23)).isoformat(), -23 * 3600),
    ],
)
def test_a_time_may_be_any_past_one(
    report: Action, module_store: Store, tenant: str, given: object, seconds_ago: int
) -> None:
    """ISO 8601 or epoch, a year late or some hours ahead; without one it is now."""
    report({"tenant": tenant, **inbound(occurred_at=given)})

    table = rows(module_store, tenant, "toUnixTimestamp64Nano(occurred_at)")
    assert table == [(NOW_NS - seconds_ago * SECOND_NS,)]


def test_the_same_key_twice_is_one_event(report: Action, module_store: Store, tenant: str) -> None:
    """Whatever the later report says: the first one wins."""
    report({"tenant": tenant, **inbound(text="first", occurred_at="2026-11-20T10:00:00Z")})

    again = report({"tenant": tenant, **inbound(text="second", occurred_at=None, kind="close")})

    assert again == {"stored": 0, "duplicates": 1}
    assert rows(module_store, tenant, "event_kind", "text") == [("inbound", "first")]


def test_the_same_key_twice_in_a_request_is_one_event(
    report: Action, module_store: Store, tenant: str
) -> None:
    """The first one in the list wins."""
    listed = [inbound(text="first"), inbound(text="second", occurred_at="2026-11-20T10:00:00Z")]

    answer = report({"tenant": tenant, "events": listed})

    assert answer == {"stored": 1, "duplicates": 1}
    assert rows(module_store, tenant, "text") == [("first",)]


def test_a_key_belongs_to_its_conversation_and_its_tenant(
    report: Action, module_store: Store, tenant: str
) -> None:
    """Message 1 of one conversation is not message 1 of another."""
    report({"tenant": tenant, **inbound()})

    elsewhere = report({"tenant": tenant, **inbound(conversation_id="c-2")})
    others = report({"tenant": f"{tenant}x", **inbound()})

    assert elsewhere == others == {"stored": 1, "duplicates": 0}
    assert len(rows(module_store, tenant, "event_id")) == 2


def test_what_the_recorder_told_under_the_same_id_is_not_told_twice(
    report: Action, module_pipeline: Pipeline, module_store: Store, tenant: str
) -> None:
    """A message that came in as a span with its event id is known."""
    span = otlp_span(
        {
            "trainingloop.tenant.id": tenant,
            "gen_ai.conversation.id": "c-1",
            "trainingloop.event.kind": "inbound",
            "trainingloop.event.id": "m-1",
        },
        number=77,
    )
    module_pipeline.accept(request_of(span), source="test")

    assert report({"tenant": tenant, **inbound()}) == {"stored": 0, "duplicates": 1}
    assert len(rows(module_store, tenant, "event_id")) == 1


@pytest.mark.parametrize(
    ("value", "stored"),
    [(True, "yes"), (False, "no"), ("yes", "yes"), ("NO", "no"), ("false", "no"), (None, "yes")],
)
def test_an_outcome_of_any_service_says_yes_or_no(
    module_pipeline: Pipeline, module_store: Store, tenant: str, value: object, stored: str
) -> None:
    """Over OTLP a boolean is natural; without a value it came about."""
    attributes: dict[str, object] = {
        "trainingloop.tenant.id": tenant,
        "gen_ai.conversation.id": "c-1",
        "trainingloop.event.kind": "outcome",
        "trainingloop.event.outcome": "order_paid",
    }
    if value is not None:
        attributes["trainingloop.event.value"] = value

    module_pipeline.accept(request_of(otlp_span(attributes, number=78)), source="test")

    assert rows(module_store, tenant, "outcome", "value") == [("order_paid", stored)]


def test_reports_at_the_same_moment_are_one_event(
    report: Action, module_store: Store, tenant: str
) -> None:
    """Four senders with four times: one row."""
    threads = [
        threading.Thread(
            target=report,
            args=({"tenant": tenant, **inbound(occurred_at=NOW.timestamp() - number)},),
        )
        for number in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(rows(module_store, tenant, "event_id")) == 1


def test_free_text_is_redacted(report: Action, module_store: Store, tenant: str) -> None:
    """In the text, the reason and the target."""
    mail = "jane.roe@example.com"

    report({"tenant": tenant, **inbound(text=mail, reason=f"by {mail}", target=f"to {mail}")})

    ((text, reason, target),) = rows(module_store, tenant, "text", "reason", "target")
    assert "EMAIL" in str(text)
    assert mail not in f"{text}{reason}{target}"


def test_a_telephone_number_as_conversation_is_one_and_the_same(
    report: Action, module_pipeline: Pipeline, module_store: Store, tenant: str
) -> None:
    """It is stored as the token that recorded spans have, and known again by it."""
    number = "+49 30 901820"
    decision = decide(module_pipeline, tenant, 5, conversation=number)

    report({"tenant": tenant, **inbound(conversation_id=number)})
    again = report({"tenant": tenant, **inbound(conversation_id=number)})
    named = report({"tenant": tenant, **paid(conversation_id=number, decision_id=decision)})

    threads = {row[0] for row in rows(module_store, tenant, "thread_id")}
    recorded = module_store.reads(tenant).table("decision", {"decision": decision}).records()
    assert threads == {next(recorded)["thread_id"]}
    assert number not in str(threads)
    assert (again, named["stored"]) == ({"stored": 0, "duplicates": 1}, 1)


def test_an_outcome_may_name_its_decision(
    report: Action, module_pipeline: Pipeline, module_store: Store, tenant: str
) -> None:
    """The id is stored as it is, also where it is digits alone."""
    decision = decide(module_pipeline, tenant, 1)

    report({"tenant": tenant, **paid(decision_id=decision)})

    assert decision == "0000000000000001"
    assert rows(module_store, tenant, "decision_id") == [(decision,)]


def test_an_outcome_of_an_unknown_decision_stores_nothing(
    report: Action, module_pipeline: Pipeline, module_store: Store, tenant: str
) -> None:
    """Nor does one of another tenant's decision; the good events beside it wait too."""
    others = decide(module_pipeline, f"{tenant}x", 2)

    for unknown in (others, "00000000000000ff"):
        with pytest.raises(NotFoundError, match=r"events\[1\]: .* has no decision"):
            report({"tenant": tenant, "events": [inbound(), paid(decision_id=unknown)]})

    assert rows(module_store, tenant, "event_id") == []


def test_an_outcome_of_another_conversations_decision_is_refused(
    report: Action, module_pipeline: Pipeline, module_store: Store, tenant: str
) -> None:
    """It would speak for a conversation it does not belong to."""
    decision = decide(module_pipeline, tenant, 3, conversation="c-2")

    with pytest.raises(BadRequestError, match="belongs to another conversation"):
        report({"tenant": tenant, **paid(decision_id=decision)})

    assert rows(module_store, tenant, "event_id") == []


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("m-1", "must be an object"),
        (inbound(kind="reply"), "'kind' must be one of inbound, escalation, close, outcome"),
        (inbound(kind=None), "'kind' must be one of"),
        (inbound(id=""), "'id' must be a text of 1 to 256 characters"),
        (inbound(id=7), "'id' must be a text"),
        (inbound(id="x" * 257), "'id' must be a text of at most 256"),
        (inbound(conversation_id=None), "'conversation_id' must be a text"),
        (inbound(text="x" * 65_537), "'text' must be a text of at most 65536"),
        (inbound(text="half of \ud83d"), "'text' must be a text"),
        (inbound(reason=["a"]), "'reason' must be a text"),
        (inbound(occurred_at="yesterday"), "'occurred_at' must be a time in ISO 8601"),
        (inbound(occurred_at=True), "'occurred_at' must be a time"),
        (inbound(occurred_at=""), "'occurred_at' must be a time"),
        (inbound(occurred_at="2026-11-23T12:00:01Z"), "at most a day ahead"),
        (inbound(occurred_at="1999-12-31T00:00:00Z"), "not before the year 2000"),
        (inbound(occured_at="2026-11-20T00:00:00Z"), "'occured_at' is no field"),
        (inbound(outcome="order_paid"), "'outcome' belongs to events of kind 'outcome' only"),
        (inbound(decision_id="0" * 16), "'decision_id' belongs to"),
        (paid(outcome="Order paid"), "'outcome' must be a name"),
        (paid(outcome="x" * 65), "'outcome' must be a name"),
        (paid(outcome=None), "'outcome' must be a name"),
        (paid(value=1), "'value' must be true, false"),
        (paid(value="maybe"), "'value' must be true, false"),
        (paid(value=None), "'value' must be true, false"),
        (paid(decision_id="0" * 15), "'decision_id' must be a span id"),
        (paid(decision_id="XYZ"), "'decision_id' must be a span id"),
    ],
)
def test_what_is_no_event_is_refused_and_nothing_is_stored(
    report: Action, module_store: Store, tenant: str, event: object, message: str
) -> None:
    """The error names the event by its index, the field and what it may be."""
    with pytest.raises(BadRequestError, match=r"events\[1\]: .*" + message.replace("[", r"\[")):
        report({"tenant": tenant, "events": [inbound(id="fine"), event]})

    assert rows(module_store, tenant, "event_id") == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "'kind' must be one of"),
        ({"events": []}, "'events' must be a list of 1 to 1000"),
        ({"events": {"0": {}}}, "'events' must be a list of 1 to 1000"),
        ({"events": [inbound()] * 1001}, "'events' must be a list of 1 to 1000"),
        ({"events": [inbound()], "kind": "inbound"}, "'kind' stands beside 'events'"),
    ],
)
def test_a_request_that_is_none_is_refused(
    report: Action, tenant: str, document: dict[str, object], message: str
) -> None:
    """Before anything is looked up."""
    with pytest.raises(BadRequestError, match=message):
        report({"tenant": tenant, **document})


def test_a_request_needs_a_tenant(report: Action) -> None:
    """Nobody's events are nobody's."""
    with pytest.raises(BadRequestError, match="'tenant' must be"):
        report(inbound())


def test_a_thousand_events_are_one_request(
    report: Action, module_store: Store, tenant: str
) -> None:
    """The most there may be, stored in one go, and known as a whole when sent again."""
    document = {"tenant": tenant, "events": [inbound(id=f"m-{i}") for i in range(1000)]}

    first, second = report(document), report(document)

    assert (first, second) == (
        {"stored": 1000, "duplicates": 0},
        {"stored": 0, "duplicates": 1000},
    )
    assert len(rows(module_store, tenant, "event_id")) == 1000


def test_a_canary_refuses_the_whole_request(
    module_store: Store, tenant: str, tmp_path: Path
) -> None:
    """Otherwise the events beside it would be stored and it would not."""
    path = tmp_path / "policy.yaml"
    path.write_text('version: 1\ncanary: ["jane.canary@example.com"]\n')
    redactor = Redactor(key=KEY, engine="fast", policy=load_policy(path))
    events = [inbound(), inbound(id="m-2", text="mail jane.canary@example.com")]

    with Pipeline(module_store, redactor, keys=KEYS, clock=lambda: NOW_NS) as pipeline:
        act = event_actions(pipeline, redactor, keys=KEYS, clock=lambda: NOW_NS)["events"]
        with pytest.raises(BadRequestError, match=r"events\[1\]: a canary"):
            act({"tenant": tenant, "events": events})

    assert rows(module_store, tenant, "event_id") == []


def test_ids_say_nothing_of_what_they_are_made_of(
    report: Action, module_store: Store, tenant: str
) -> None:
    """Spans have ids made with the installation's key: one trace for a conversation."""
    report({"tenant": tenant, "events": [inbound(), inbound(id="m-2")]})

    found = rows(module_store, tenant, "trace_id", "span_id")
    assert len({trace for trace, _ in found}) == 1
    assert len({span for _, span in found}) == 2


def test_events_are_told_over_http(
    module_pipeline: Pipeline, module_store: Store, redactor: Redactor, tenant: str
) -> None:
    """The answer of a good request, and the errors of a bad and of an unknown one."""
    actions = event_actions(module_pipeline, redactor, keys=KEYS, clock=lambda: NOW_NS)
    with Receivers(module_pipeline, http_port=0, grpc_port=0, actions=actions) as listening:
        remote = RemoteStore(listening.url)

        answer = remote.act("events", {"tenant": tenant, **inbound(text="hello")})
        with pytest.raises(BadRequestError, match="'kind' must be one of"):
            remote.act("events", {"tenant": tenant, **inbound(id="m-2", kind="reply")})
        with pytest.raises(NotFoundError, match="has no decision"):
            remote.act("events", {"tenant": tenant, **paid(decision_id="0" * 15 + "9")})

    assert answer == {"stored": 1, "duplicates": 0}
    assert rows(module_store, tenant, "event_id", "text") == [("m-1", "hello")]


@settings(max_examples=20, deadline=None)
@given(
    reports=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["c-1", "c-2"]),
                st.sampled_from(["m-1", "m-2", "m-3"]),
                st.integers(0, 400 * 86_400),
            ),
            min_size=1,
            max_size=4,
        ),
        max_size=4,
    ),
)
def test_each_key_is_one_event_in_whatever_order_it_is_told(
    report: Action,
    module_store: Store,
    reports: list[list[tuple[str, str, int]]],
) -> None:
    """The first report of a key wins, in one request or in several; each answer adds up."""
    tenant = f"run-{next(RUNS)}"
    first: dict[tuple[str, str], int] = {}
    counted = 0

    for listed in reports:
        for conversation, key, seconds_ago in listed:
            first.setdefault((conversation, key), NOW_NS - seconds_ago * SECOND_NS)
        answer = report(
            {
                "tenant": tenant,
                "events": [
                    inbound(
                        conversation_id=conversation,
                        id=key,
                        occurred_at=NOW.timestamp() - seconds_ago,
                    )
                    for conversation, key, seconds_ago in listed
                ],
            }
        )
        assert sum(cast("Iterable[int]", answer.values())) == len(listed)
        counted += cast("int", answer["stored"])

    found = rows(
        module_store, tenant, "thread_id", "event_id", "toUnixTimestamp64Nano(occurred_at)"
    )
    assert {(thread, key): at for thread, key, at in found} == first
    assert len(found) == len(first) == counted
