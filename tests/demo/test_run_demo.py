"""A whole demo: the real client, the real instrumentation, real OTLP."""

from __future__ import annotations

import json
import socket
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from demo.recording import CONVERSATIONS, NOW, SEED, Recording, record, text_of
from trainingloop.demo import TENANT, run_demo
from trainingloop.demo._calendar import to_ns
from trainingloop.demo._plans import DAYS, plan
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.instrumentation.semconv import DecisionKind

if TYPE_CHECKING:
    from opentelemetry.proto.trace.v1.trace_pb2 import Span


def by_id(recording: Recording) -> dict[tuple[bytes, bytes], Span]:
    """Give the spans by what names them."""
    return {(span.trace_id, span.span_id): span for span in recording.spans}


def test_decisions_of_all_three_kinds_arrive(recording: Recording) -> None:
    """Messages, tool calls and playbook evaluations are all in a small demo."""
    kinds = set(recording.texts(semconv.DECISION_KIND))

    assert kinds == set(DecisionKind)


def test_what_was_done_is_what_arrived(recording: Recording) -> None:
    """The summary counts the spans of each sort."""
    operations = recording.texts(semconv.OPERATION_NAME)
    summary = recording.summary

    assert operations.count(semconv.OPERATION_CHAT) == summary.model_calls
    assert operations.count(semconv.OPERATION_EXECUTE_TOOL) == summary.tool_calls
    assert operations.count(semconv.OPERATION_PLAYBOOK) == summary.playbook_evaluations
    assert len(recording.texts(semconv.EVENT_KIND)) == summary.events


def test_nothing_is_lost(recording: Recording) -> None:
    """Every span that was emitted has arrived by the time the demo returns."""
    summary = recording.summary

    assert summary.spans_dropped == 0
    assert summary.spans_emitted == summary.spans_exported == len(recording.spans)


def test_progress_reaches_the_end(recording: Recording) -> None:
    """The caller is told of every conversation."""
    assert recording.progress == tuple((done, CONVERSATIONS) for done in range(1, 11))


def test_every_span_belongs_to_a_conversation_of_the_tenant(recording: Recording) -> None:
    """Nothing is recorded outside."""
    planned = {plan(seed=SEED, index=index, now=NOW).id for index in range(CONVERSATIONS)}

    assert {text_of(span, semconv.CONVERSATION_ID) for span in recording.spans} == planned
    assert {text_of(span, semconv.TENANT_ID) for span in recording.spans} == {TENANT}


def test_conversations_are_spread_over_the_past_weeks(recording: Recording) -> None:
    """The demo looks like weeks of work, none of it in the future."""
    starts = [span.start_time_unix_nano for span in recording.spans]

    assert min(starts) >= to_ns(NOW - timedelta(days=DAYS))
    assert max(span.end_time_unix_nano for span in recording.spans) <= to_ns(NOW)
    assert max(starts) - min(starts) > timedelta(days=7).total_seconds() * 1e9


def test_a_conversation_lasts_minutes(recording: Recording) -> None:
    """Customers take their time between two messages."""
    times: dict[str, list[int]] = {}
    for span in recording.spans:
        if text_of(span, semconv.EVENT_KIND) == semconv.EventKind.INBOUND:
            conversation = text_of(span, semconv.CONVERSATION_ID)
            times.setdefault(conversation, []).append(span.start_time_unix_nano)

    lasting = [max(moments) - min(moments) for moments in times.values() if len(moments) > 2]

    assert lasting
    assert min(lasting) > timedelta(minutes=0.4).total_seconds() * 1e9


def test_no_span_ends_before_it_starts(recording: Recording) -> None:
    """Moving spans in time keeps each of them whole."""
    for span in recording.spans:
        assert span.start_time_unix_nano <= span.end_time_unix_nano


def test_children_lie_inside_their_parents(recording: Recording) -> None:
    """Moving spans in time keeps a trace in order."""
    spans = by_id(recording)
    children = [span for span in recording.spans if span.parent_span_id]

    assert children
    for child in children:
        parent = spans[child.trace_id, child.parent_span_id]
        assert parent.start_time_unix_nano <= child.start_time_unix_nano
        assert child.end_time_unix_nano <= parent.end_time_unix_nano


def test_model_calls_take_as_long_as_a_model_takes(recording: Recording) -> None:
    """The time the endpoint says it needed has passed within the call."""
    calls = [
        (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6
        for span in recording.spans
        if text_of(span, semconv.OPERATION_NAME) == semconv.OPERATION_CHAT
    ]

    assert min(calls) > 150


@pytest.mark.parametrize("index", range(CONVERSATIONS))
def test_personal_data_of_no_customer_leaves_the_process(recording: Recording, index: int) -> None:
    """Nothing of a customer is in what goes over the wire, however it was written."""
    values = plan(seed=SEED, index=index, now=NOW).customer.personal_values()

    # Only positions: what leaked must not be printed either.
    leaked = [
        at
        for at, value in enumerate(values)
        if any(
            form in recording.payload for form in (value.encode(), json.dumps(value)[1:-1].encode())
        )
    ]

    assert leaked == []


def test_both_wire_formats_are_recorded(recording: Recording) -> None:
    """The two models are asked through different APIs, and both are recorded."""
    models = set(recording.texts(semconv.RESPONSE_MODEL))

    assert models == {"demo-large-2026-05", "demo-mini-2026-09"}


def test_versions_of_both_arms_run(recording: Recording) -> None:
    """A demo has cohorts to compare."""
    variants = set(recording.texts(semconv.EXPERIMENT_VARIANT))

    assert variants == {"control", "experiment"}


def test_the_same_seed_gives_the_same_demo(recording: Recording) -> None:
    """Threads, ports and the time of day change nothing of what is said and done."""
    again = record()

    assert again.summary == recording.summary
    for attribute in (semconv.OUTPUT_MESSAGES, semconv.EVENT_TEXT, semconv.TOOL_CALL_RESULT):
        assert again.texts(attribute) == recording.texts(attribute)


def test_another_seed_gives_another_demo(recording: Recording) -> None:
    """The seed decides."""
    other = record(seed=SEED + 1)

    assert other.texts(semconv.EVENT_TEXT) != recording.texts(semconv.EVENT_TEXT)


def test_an_endpoint_where_nothing_listens_is_refused() -> None:
    """The demo says at once what is missing, instead of losing everything at the end."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(ConfigurationError, match="trainingloop serve"):
        run_demo(endpoint=f"http://127.0.0.1:{port}", conversations=1, now=NOW)


def test_an_endpoint_that_is_no_url_is_refused() -> None:
    """The message shows what a base URL looks like."""
    with pytest.raises(ConfigurationError, match="http://127"):
        run_demo(endpoint="localhost:4318", conversations=1, now=NOW)


def test_a_time_without_zone_is_refused() -> None:
    """The message says what to give instead."""
    with pytest.raises(ConfigurationError, match=r"datetime\.now\(UTC\)"):
        run_demo(endpoint="http://127.0.0.1:9", now=datetime(2026, 11, 22))  # noqa: DTZ001  # the point


def test_a_demo_of_nothing_is_refused() -> None:
    """There has to be at least one conversation."""
    with pytest.raises(ConfigurationError, match="conversations=0"):
        run_demo(endpoint="http://127.0.0.1:9", conversations=0, now=NOW)
