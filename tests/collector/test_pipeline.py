"""Spans through the pipeline: what is stored, what is rejected, what is counted."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.conftest import KEY, KEYS
from support.otlp import (
    START_NS,
    any_value,
    chat_attributes,
    key_values,
    otlp_span,
    request_of,
    tool_attributes,
)
from support.stores import MemoryStore
from trainingloop.collector import Pipeline
from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.processor import Redactor
from trainingloop.processor.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

    from trainingloop.processor.policy import Policy
    from trainingloop.store import SpanRow, Store

DAY_NS = 24 * 3600 * 10**9
CANARY = "jane.canary@example.com"


def stored(*spans: Span, resource: Mapping[str, object] | None = None) -> list[SpanRow]:
    """Return the rows that ``spans`` become."""
    store = MemoryStore()
    with Pipeline(store, Redactor(key=KEY, engine="fast"), keys=KEYS) as pipeline:
        pipeline.accept(request_of(*spans, resource=resource), source="test")
    return store.rows


def test_a_span_becomes_a_row_with_every_part() -> None:
    """Ids in hex, times in nanoseconds, values as text, events and links beside."""
    span = otlp_span(
        {
            "text": "a",
            "yes": True,
            "n": 3,
            "x": 0.5,
            "whole": 2.0,
            "list": ["a", 1],
            "map": {"b": 1},
        },
        number=255,
        name="work",
        lasts_seconds=2,
    )
    span.parent_span_id = (7).to_bytes(8, "big")
    span.status.code = span.status.STATUS_CODE_ERROR
    span.status.message = "it broke"
    event = span.events.add(name="retry", time_unix_nano=START_NS + 5)
    event.attributes.extend(key_values({"attempt": 2}))
    link = span.links.add(trace_id=b"t" * 16, span_id=b"s" * 8, trace_state="k=v")
    link.attributes.extend(key_values({"why": "follows"}))

    (row,) = stored(span, resource={"service.name": "agent", "service.version": "1.2"})

    assert row.span_id == "00000000000000ff"
    assert row.parent_span_id == "0000000000000007"
    assert (row.timestamp_ns, row.duration_ns) == (START_NS, 2 * 10**9)
    assert (row.span_name, row.span_kind, row.service_name) == ("work", "Client", "agent")
    assert (row.status_code, row.status_message) == ("Error", "it broke")
    assert row.resource_attributes == {"service.name": "agent", "service.version": "1.2"}
    assert (row.events_timestamp_ns, row.events_name) == ([START_NS + 5], ["retry"])
    assert row.events_attributes == [{"attempt": "2"}]
    assert row.links_span_id == [(b"s" * 8).hex()]
    assert row.links_attributes == [{"why": "follows"}]
    given_attributes = {
        key: row.span_attributes[key] for key in ("text", "yes", "n", "x", "whole", "list", "map")
    }
    assert given_attributes == {
        "text": "a",
        "yes": "true",
        "n": "3",
        "x": "0.5",
        "whole": "2",
        "list": '["a",1]',
        "map": '{"b":1}',
    }


def test_a_span_that_ends_before_it_starts_lasts_nothing() -> None:
    """A clock that was set back does not lose the decision."""
    (row,) = stored(otlp_span(chat_attributes(), number=1, lasts_seconds=-5))

    assert row.duration_ns == 0


def test_enum_values_of_the_future_are_unspecified() -> None:
    """A newer sender's kind or status is not an error."""
    span = otlp_span({}, number=1)
    span.kind = 99  # type: ignore[assignment]  # a value this version does not know
    span.status.code = 77  # type: ignore[assignment]  # a value this version does not know

    (row,) = stored(span)

    assert (row.span_kind, row.status_code) == ("Unspecified", "Unset")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"trace_id": b""}, "id"),
        ({"trace_id": bytes(16)}, "id"),
        ({"span_id": bytes(8)}, "id"),
        ({"span_id": b"short"}, "id"),
        ({"start_time_unix_nano": 0}, "time"),
        ({"start_time_unix_nano": 2**64 - 1}, "time"),
        ({"start_time_unix_nano": START_NS + 3 * DAY_NS}, "time"),
    ],
)
def test_a_span_that_cannot_be_stored_is_counted_with_its_reason(
    redactor: Redactor, change: dict[str, object], reason: str
) -> None:
    """The others of its batch are stored, and the sender is told."""
    store = MemoryStore()
    bad = otlp_span(chat_attributes(), number=1)
    for field, value in change.items():
        setattr(bad, field, value)
    good = otlp_span(chat_attributes(), number=2)

    with Pipeline(store, redactor, keys=KEYS, clock=lambda: START_NS + DAY_NS) as pipeline:
        outcome = pipeline.accept(request_of(bad, good), source="test")

    assert (outcome.stored, outcome.rejected) == (1, 1)
    assert outcome.message.startswith("1 spans were rejected: 1 with ")
    assert pipeline.counters().rejected == {reason: 1}
    assert [row.span_id for row in store.rows] == [f"{2:016x}"]


def test_a_span_of_no_tenant_belongs_to_the_default_one() -> None:
    """A resource names the tenant for its spans, a span for itself."""
    spans = [
        otlp_span({}, number=1),
        otlp_span({"trainingloop.tenant.id": "zeta"}, number=2),
    ]

    without = stored(*spans)
    with_resource = stored(*spans, resource={"trainingloop.tenant.id": "acme"})

    def tenants(rows: list[SpanRow]) -> list[str]:
        return [row.span_attributes["trainingloop.tenant.id"] for row in rows]

    assert tenants(without) == ["default", "zeta"]
    assert tenants(with_resource) == ["acme", "zeta"]


@pytest.mark.parametrize("tenant", ["", "a b", "a" * 65, "a/b", 7])
def test_an_impossible_tenant_is_rejected(redactor: Redactor, tenant: object) -> None:
    """Better told than stored where nobody looks."""
    store = MemoryStore()
    span = otlp_span({"trainingloop.tenant.id": tenant}, number=1)
    # An empty text is a tenant that was named, unlike no attribute.
    span.attributes[0].value.CopyFrom(any_value(tenant))

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        outcome = pipeline.accept(request_of(span), source="test")

    assert (outcome.stored, outcome.rejected) == (0, 1)


def test_an_impossible_default_tenant_is_a_configuration_error(redactor: Redactor) -> None:
    """It says what a tenant may be."""
    with pytest.raises(ConfigurationError, match="1 to 64 letters"):
        Pipeline(MemoryStore(), redactor, keys=KEYS, default_tenant="a b")


def test_personal_data_is_found_in_every_part_of_a_span() -> None:
    """The second net covers names, keys, values, events, links, status, scope and resource."""
    span = otlp_span(
        {
            f"key {CANARY}": "x",
            "nested": {"deep": [{"mail": CANARY}]},
            "bytes": CANARY.encode(),
            "json": json.dumps({"a": json.dumps({"b": CANARY})}),
            **chat_attributes(f"write to {CANARY}", question=f"I am {CANARY}"),
        },
        number=1,
        name=f"chat {CANARY}",
    )
    span.status.message = f"failed for {CANARY}"
    span.trace_state = f"mail={CANARY}"
    event = span.events.add(name=f"mail {CANARY}", time_unix_nano=START_NS)
    event.attributes.extend(key_values({"exception.stacktrace": f"at {CANARY}"}))
    link = span.links.add(trace_id=b"t" * 16, span_id=b"s" * 8, trace_state=CANARY)
    link.attributes.extend(key_values({"mail": CANARY}))
    request = request_of(
        span, resource={"process.command_line": f"agent {CANARY}"}, scope=f"lib {CANARY}"
    )
    store = MemoryStore()

    with Pipeline(store, Redactor(key=KEY, engine="fast"), keys=KEYS) as pipeline:
        pipeline.accept(request, source="test")

    (row,) = store.rows
    assert "canary" not in str(row)
    assert json.loads(row.span_attributes["gen_ai.output.messages"])
    assert row.span_attributes["trainingloop.redaction.status"] == "ok"
    assert int(row.span_attributes["trainingloop.redaction.count"]) >= 10


def test_the_proof_of_the_sender_is_kept_and_added_to() -> None:
    """Its counts stay; what the second net still found is added and said."""
    proof = {
        "trainingloop.redaction.version": "0.9",
        "trainingloop.redaction.status": "ok",
        "trainingloop.redaction.count": 2,
        "trainingloop.redaction.failures": 0,
        "trainingloop.redaction.entities": '{"PHONE": 2}',
    }

    (row,) = stored(otlp_span({**proof, "note": CANARY}, number=1))

    attributes = row.span_attributes
    assert json.loads(attributes["trainingloop.redaction.entities"]) == {"EMAIL": 1, "PHONE": 2}
    assert attributes["trainingloop.redaction.count"] == "3"
    assert attributes["trainingloop.redaction.second_net"] == "1"
    assert attributes["trainingloop.redaction.version"] == "0.9"


def test_a_forged_proof_is_no_hiding_place() -> None:
    """What is no count, version or status does not reach the store."""
    forged = {
        "trainingloop.redaction.version": CANARY,
        "trainingloop.redaction.status": CANARY,
        "trainingloop.redaction.count": CANARY,
        "trainingloop.redaction.failures": CANARY,
        "trainingloop.redaction.second_net": CANARY,
        "trainingloop.redaction.entities": json.dumps({CANARY: 1, "EMAIL": CANARY}),
    }

    (row,) = stored(otlp_span(forged, number=1))

    assert "canary" not in str(row)


def test_a_span_whose_redaction_fails_is_stored_without_content(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That there was a decision is known; nothing of it that may be personal is."""
    store = MemoryStore()
    span = otlp_span(chat_attributes(CANARY), number=1, name=CANARY)

    redactor = Redactor(key=KEYS)

    def raising(text: str, **_: object) -> str:
        raise RuntimeError(text)

    monkeypatch.setattr(redactor, "text", raising)

    with caplog.at_level(logging.DEBUG), Pipeline(store, redactor, keys=KEYS) as pipeline:
        outcome = pipeline.accept(request_of(span), source="test")

    (row,) = store.rows
    assert outcome.stored == 1
    assert row.span_attributes["trainingloop.decision.kind"] == "message"
    assert row.span_attributes["trainingloop.redaction.status"] == "partial"
    assert "canary" not in str(row)
    assert "canary" not in caplog.text
    assert pipeline.counters().failures == 1


def test_a_batch_that_is_sent_twice_is_stored_once(pipeline: Pipeline, store: Store) -> None:
    """A sender that got no answer sends again."""
    request = request_of(*(otlp_span(chat_attributes(), number=n) for n in range(1, 4)))

    pipeline.accept(request, source="test")
    pipeline.accept(request, source="test")

    (record,) = store.reads("default").table("overview_extent").records()
    assert record["decisions"] == 3


def test_a_history_of_ten_thousand_messages_is_stored(pipeline: Pipeline, store: Store) -> None:
    """Long conversations are one row like any other."""
    history = [
        {"role": "user", "parts": [{"type": "text", "content": f"message {n}"}]}
        for n in range(10_000)
    ]
    attributes = {**chat_attributes(), "gen_ai.input.messages": json.dumps(history)}

    pipeline.accept(request_of(otlp_span(attributes, number=1)), source="test")

    (record,) = store.reads("default").table("decision", {"decision": f"{1:016x}"}).records()
    assert len(json.loads(str(record["input_messages"]))) == 10_000
    assert record["input_text"] == "message 9999"


def test_a_prompt_of_five_megabytes_is_stored_or_fails_closed(
    pipeline: Pipeline, store: Store
) -> None:
    """Whatever its size, the decision is there, valid, and without personal data."""
    prompt = "please " * (5 * 1024**2 // 7) + CANARY
    attributes = chat_attributes(question=prompt)

    pipeline.accept(request_of(otlp_span(attributes, number=1)), source="test")

    (record,) = store.reads("default").table("decision", {"decision": f"{1:016x}"}).records()
    assert CANARY not in str(record["input_messages"])
    assert json.loads(str(record["input_messages"]))
    assert record["output_text"] == "See you on Friday"


ASKED = chat_attributes(
    "", calls=[{"id": "call_1", "name": "book", "arguments": {"day": "Friday"}}]
)
ASKED_NO_ID = chat_attributes("", calls=[{"name": "book", "arguments": {"day": "Friday"}}])
RAN = tool_attributes(call_id="call_1")
RAN_NO_ID = tool_attributes()


@pytest.mark.parametrize(
    ("sent", "decisions"),
    [
        ([ASKED], 1),
        ([RAN], 1),
        ([RAN_NO_ID], 1),
        ([ASKED, RAN], 1),
        ([RAN, ASKED], 1),
        ([ASKED_NO_ID, RAN_NO_ID], 1),
        ([RAN_NO_ID, ASKED_NO_ID], 1),
        ([ASKED, RAN_NO_ID], 1),
    ],
    ids=[
        "asked",
        "ran",
        "ran-without-id",
        "asked-and-ran",
        "ran-before-asked",
        "without-ids",
        "without-ids-ran-before-asked",
        "asked-with-id-ran-without",
    ],
)
def test_a_tool_call_is_counted_once(
    pipeline: Pipeline, store: Store, sent: list[dict[str, object]], decisions: int
) -> None:
    """Seen in the model's answer, in the tool's span or in both, in any order of arrival."""
    for number, attributes in enumerate(sent, start=1):
        seconds = 0 if "gen_ai.output.messages" in attributes else 5
        span = otlp_span(attributes, number=number, seconds=seconds)
        pipeline.accept(request_of(span), source="test")
    pipeline.settle()

    (extent,) = store.reads("default").table("overview_extent").records()
    calls = store.reads("default").table("tool_calls_of_thread", {"thread": "c-1"})
    assert extent["decisions"] == decisions
    assert len(calls.rows) == 1


def test_tool_calls_are_settled_by_themselves(redactor: Redactor) -> None:
    """Once at the start, and again after what was called."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        pipeline.accept(request_of(otlp_span(RAN, number=1)), source="test")

    assert len(store.settled) >= 2


def test_every_span_is_accounted_for(redactor: Redactor) -> None:
    """Received is stored plus rejected plus refused, by source."""
    store = MemoryStore()
    bad = otlp_span({}, number=1)
    bad.span_id = b""

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        pipeline.accept(request_of(bad, otlp_span({}, number=2)), source="http")
        pipeline.accept(request_of(otlp_span({}, number=3)), source="grpc")
        counters = pipeline.counters()

    assert counters.received == 3
    assert counters.received_by_source == {"http": 2, "grpc": 1}
    assert (counters.stored, counters.rejected, counters.refused) == (2, {"id": 1}, {})


_VALUES = st.recursive(
    st.text() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.booleans() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    [
        "gen_ai.operation.name",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.usage.input_tokens",
        "gen_ai.response.finish_reasons",
        "gen_ai.tool.call.arguments",
        "gen_ai.prompt.0.content",
        "llm.input_messages.0.message.content",
        "openinference.span.kind",
        "traceloop.entity.input",
        "ai.operationId",
        "events",
        "metadata",
        "user.id",
        "trainingloop.decision.kind",
        "trainingloop.redaction.entities",
    ]
)


@settings(max_examples=150, deadline=None)
@given(attributes=st.dictionaries(_KEYS | st.text(max_size=20), _VALUES, max_size=6))
def test_no_attributes_whatever_lose_a_span(attributes: dict[str, object]) -> None:
    """Any value under any key ends as one row of texts."""
    (row,) = stored(otlp_span(attributes, number=1))

    assert all(
        isinstance(key, str) and isinstance(value, str)
        for key, value in row.span_attributes.items()
    )


def test_a_span_that_carries_a_canary_is_refused(tmp_path: Path) -> None:
    """Whoever plants a string that may never arrive learns that it did."""
    policy = policy_of(tmp_path, f"version: 1\ncanary: [{CANARY}]\n")
    redactor = Redactor(key=KEYS, policy=policy)
    spans = (otlp_span(chat_attributes(CANARY), number=1), otlp_span(chat_attributes(), number=2))
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        outcome = pipeline.accept(request_of(*spans), source="test")

    assert (outcome.stored, outcome.rejected) == (1, 1)
    assert "canary" in outcome.message
    assert CANARY not in str(store.rows)


def test_a_canary_is_recognised_where_json_escapes_it(tmp_path: Path) -> None:
    """Most JSON writers escape what is not ASCII."""
    policy = policy_of(tmp_path, "version: 1\ncanary: [tl-cañary]\n")
    redactor = Redactor(key=KEYS, policy=policy)
    span = otlp_span({"note": json.dumps({"text": "a tl-cañary"})}, number=1)

    with Pipeline(MemoryStore(), redactor, keys=KEYS) as pipeline:
        outcome = pipeline.accept(request_of(span), source="test")

    assert (outcome.stored, outcome.rejected) == (0, 1)


def test_a_later_span_of_a_request_says_who_an_earlier_one_mentions() -> None:
    """The customer says a name before a tool returns it."""
    conversation = {"gen_ai.conversation.id": "c-1"}
    asked = otlp_span({**chat_attributes("hi, this is about grizelda"), **conversation}, number=1)
    told = otlp_span(
        {**chat_attributes(), **conversation, "customer.full_name": "Grizelda Quux"}, number=2
    )
    store = MemoryStore()

    with Pipeline(store, Redactor(key=KEYS), keys=KEYS) as pipeline:
        pipeline.accept(request_of(asked, told), source="test")

    assert "grizelda" not in str(store.rows).casefold()


def test_a_foreign_span_that_names_its_user_makes_the_name_known() -> None:
    """`user.name` is not stored, and what it says is found in the messages."""
    span = otlp_span({**chat_attributes("grizelda again"), "user.name": "Grizelda Quux"}, number=1)
    store = MemoryStore()

    with Pipeline(store, Redactor(key=KEYS), keys=KEYS) as pipeline:
        pipeline.accept(request_of(span), source="test")

    assert "grizelda" not in str(store.rows).casefold()


def policy_of(folder: Path, text: str) -> Policy:
    """The policy that a file with this text says."""
    path = folder / "redaction.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)
