"""Conversations, turns, playbooks and events: what is stamped on which span."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest
from opentelemetry import baggage, trace
from opentelemetry.trace import StatusCode

from trainingloop.instrumentation import (
    Experiment,
    Playbook,
    Prompt,
    conversation,
    customers,
    keys,
    playbook,
    record_close,
    record_escalation,
    record_inbound,
    semconv,
    shutdown,
    tool,
    turn,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from opentelemetry.util.types import AttributeValue

_PROCESS = {
    semconv.SOURCE: "sdk",
    semconv.TENANT_ID: "default",
    semconv.LIBRARY_VERSION: "0.1.0",
    semconv.CODE_VERSION: "test-1",
}


def _attributes(span: ReadableSpan) -> dict[str, AttributeValue]:
    return dict(span.attributes or {})


def _by_name(spans: InMemorySpanExporter) -> dict[str, dict[str, AttributeValue]]:
    return {span.name: _attributes(span) for span in spans.get_finished_spans()}


def _values(spans: InMemorySpanExporter, name: str) -> list[object]:
    return [_attributes(span).get(name) for span in spans.get_finished_spans()]


def test_a_turn_carries_the_whole_context(spans: InMemorySpanExporter) -> None:
    """Tenant, conversation, customer, channel and every version are on the span."""
    with (
        conversation(
            "c-17",
            customer="crm-42",
            channel="whatsapp",
            tenant="acme",
            playbook=Playbook(
                id="booking", version="3.2", name="Booking", settings={"tone": "kind"}
            ),
            prompt=Prompt(name="greeter", version="7"),
            experiment=Experiment(id="tone", variant="control"),
        ),
        turn(agent="waiter"),
    ):
        pass

    found = _by_name(spans)["invoke_agent waiter"]
    assert len(str(found.pop(semconv.PLAYBOOK_HASH))) == 16
    assert found == {
        **_PROCESS,
        semconv.OPERATION_NAME: "invoke_agent",
        semconv.AGENT_NAME: "waiter",
        semconv.TENANT_ID: "acme",
        semconv.CONVERSATION_ID: "c-17",
        semconv.ENDUSER_PSEUDO_ID: keys.pseudonym(
            b"a key for tests only", "acme", "customer", "crm-42", characters=16
        ),
        semconv.CHANNEL: "whatsapp",
        semconv.TURN_INDEX: 1,
        semconv.PLAYBOOK_ID: "booking",
        semconv.PLAYBOOK_NAME: "Booking",
        semconv.PLAYBOOK_VERSION: "3.2",
        semconv.PROMPT_NAME: "greeter",
        semconv.PROMPT_VERSION: "7",
        semconv.EXPERIMENT_ID: "tone",
        semconv.EXPERIMENT_VARIANT: "control",
    }


def test_everybodys_spans_are_stamped(
    spans: InMemorySpanExporter, provider: TracerProvider
) -> None:
    """A span of another library inside a conversation belongs to it, too."""
    tracer = provider.get_tracer("somebody else")

    with conversation("c-1"), tracer.start_as_current_span("GET /tables"):
        pass
    with tracer.start_as_current_span("GET /health"):
        pass

    found = _by_name(spans)
    assert found["GET /tables"] == {**_PROCESS, semconv.CONVERSATION_ID: "c-1"}
    assert found["GET /health"] == _PROCESS


def test_a_customers_record_is_on_no_span(spans: InMemorySpanExporter) -> None:
    """It is known to the redaction in this process, and its id to others as a pseudonym."""
    record = {"id": "crm-42", "name": "Grizelda Quux"}

    with conversation("c-1", customer=record, tenant="acme"), turn():
        pass
    with conversation("c-2", customer="crm-42", tenant="acme"), turn():
        pass

    recorded = [dict(span.attributes or {}) for span in spans.get_finished_spans()]
    assert "Grizelda" not in str(recorded)
    first, second = _values(spans, semconv.ENDUSER_PSEUDO_ID)
    assert first == second
    assert customers.recall("acme", "c-1") == record


def test_nothing_travels_in_baggage(spans: InMemorySpanExporter) -> None:
    """Baggage would leave with every outgoing request; it stays empty."""
    with conversation("c-1", customer="crm-42"), turn():
        carried = baggage.get_all()

    assert carried == {}


def test_turns_are_counted_through_the_conversation(spans: InMemorySpanExporter) -> None:
    """The count goes on when a conversation is entered again, and can be named instead."""
    for _ in range(2):
        with conversation("c-turns"):
            with turn():
                pass
            with turn():
                pass
    with conversation("c-turns"), turn(index=9):
        pass

    assert _values(spans, semconv.TURN_INDEX) == [1, 2, 3, 4, 9]


def test_a_turn_without_a_conversation_is_still_recorded(spans: InMemorySpanExporter) -> None:
    """An agent that names no conversation loses nothing else."""
    with turn():
        pass

    assert _by_name(spans)["invoke_agent"][semconv.TURN_INDEX] == 1


def test_an_error_in_a_turn_is_recorded_and_raised_unchanged(spans: InMemorySpanExporter) -> None:
    """The agent's own exception passes through as the same object."""
    own = KeyError("table")

    with pytest.raises(KeyError) as caught, conversation("c-1"), turn():
        raise own

    (span,) = spans.get_finished_spans()
    assert caught.value is own
    assert span.status.status_code is StatusCode.ERROR
    assert _attributes(span)[semconv.ERROR_TYPE] == "KeyError"


def test_async_conversations_do_not_mix(spans: InMemorySpanExporter) -> None:
    """Tasks that run at the same time each keep their own conversation."""

    async def talk(name: str) -> None:
        async with conversation(name), turn(agent=name):
            await asyncio.sleep(0)
            record_inbound(name)
            await asyncio.sleep(0)

    async def talk_all() -> None:
        await asyncio.gather(*(talk(f"c-{number}") for number in range(20)))

    asyncio.run(talk_all())

    inbound = [s for s in map(_attributes, spans.get_finished_spans()) if semconv.EVENT_KIND in s]
    assert len(inbound) == 20
    assert all(found[semconv.EVENT_TEXT] == found[semconv.CONVERSATION_ID] for found in inbound)


def test_a_task_keeps_the_conversation_it_was_started_in(spans: InMemorySpanExporter) -> None:
    """Work in the background still belongs to the conversation after its block has ended."""

    async def main() -> None:
        is_over = asyncio.Event()

        async def later() -> None:
            await is_over.wait()
            record_close()

        async with conversation("c-1"):
            task = asyncio.create_task(later())
        is_over.set()
        await task

    asyncio.run(main())

    assert _values(spans, semconv.CONVERSATION_ID) == ["c-1"]


def test_threads_do_not_mix(spans: InMemorySpanExporter) -> None:
    """One object may be entered in many threads; a fresh thread has no conversation."""
    shared = conversation("c-shared")

    def work() -> None:
        record_inbound("before")
        with shared:
            record_inbound("inside")
        record_inbound("after")

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pairs = {
        (a[semconv.EVENT_TEXT], a.get(semconv.CONVERSATION_ID))
        for a in map(_attributes, spans.get_finished_spans())
    }
    assert pairs == {("before", None), ("inside", "c-shared"), ("after", None)}


def test_interleaved_generators_bring_back_nobodys_conversation(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """Blocks that end in the order they began leave no finished conversation behind."""

    def talk(name: str) -> Generator[None]:
        with conversation(name), turn():
            yield

    first, second = talk("c-1"), talk("c-2")
    with caplog.at_level(logging.DEBUG):
        next(first)
        next(second)
        assert list(first) == []
        record_inbound("in the second")
        assert list(second) == []
        record_inbound("in none")

    events = [a for a in map(_attributes, spans.get_finished_spans()) if semconv.EVENT_KIND in a]
    assert [event.get(semconv.CONVERSATION_ID) for event in events] == ["c-2", None]
    assert trace.get_current_span() is trace.INVALID_SPAN
    assert not caplog.records


def test_a_block_left_in_another_context_complains_to_nobody(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """A generator that is finished by another task ends its span and says nothing."""

    def talk() -> Generator[None]:
        with conversation("c-1"), turn():
            yield

    generator = talk()
    with caplog.at_level(logging.DEBUG):
        contextvars.copy_context().run(next, generator)
        contextvars.copy_context().run(generator.close)

    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.UNSET
    assert not caplog.records


def test_a_playbook_evaluation_is_one_decision(spans: InMemorySpanExporter) -> None:
    """The rules that were looked at are on the span, with what fired and why."""
    with conversation("c-1"), turn():
        with playbook("booking", version="3.2", settings={"tone": "kind"}) as rules:
            rules.rule("ask_phone_first", fired=True, reason="no phone known")
            rules.rule("refund_limit", fired=False, reason="no refund asked")
        record_close(reason="resolved")

    found = _by_name(spans)
    decided = found["evaluate_playbook booking"]
    assert json.loads(str(decided[semconv.PLAYBOOK_RULES])) == [
        {"rule": "ask_phone_first", "fired": True, "reason": "no phone known"},
        {"rule": "refund_limit", "fired": False, "reason": "no refund asked"},
    ]
    assert decided[semconv.PLAYBOOK_RULES_FIRED] == ("ask_phone_first",)
    assert decided[semconv.PLAYBOOK_SETTINGS] == '{"tone":"kind"}'
    assert found["record close"][semconv.PLAYBOOK_VERSION] == "3.2"


def test_a_playbook_of_the_conversation_stays(spans: InMemorySpanExporter) -> None:
    """Evaluating another playbook inside a conversation ends with its block."""
    with conversation("c-1", playbook=Playbook(id="booking", version="3.2")):
        with playbook("refunds", version="1"):
            record_inbound("inside")
        record_close()

    found = _by_name(spans)
    assert found["evaluate_playbook refunds"][semconv.PLAYBOOK_ID] == "refunds"
    assert found["record inbound"][semconv.PLAYBOOK_ID] == "refunds"
    assert found["record close"][semconv.PLAYBOOK_ID] == "booking"


def test_events_say_what_happened_and_when(spans: InMemorySpanExporter) -> None:
    """An event is a span without duration at the time it happened."""
    moment = datetime(2026, 11, 1, 12, 30, 0, 123456, tzinfo=UTC)

    with conversation("c-1"):
        record_inbound("Hello", event_id="m-1", occurred_at=moment)
        record_escalation(reason="angry", target="human_desk")
        record_close(reason="resolved")

    inbound, escalation, close = spans.get_finished_spans()
    assert inbound.start_time == inbound.end_time == 1_793_536_200_123_456_000
    assert escalation.start_time == escalation.end_time
    assert [span.name for span in (inbound, escalation, close)] == [
        "record inbound",
        "record escalation",
        "record close",
    ]
    stamped = {**_PROCESS, semconv.CONVERSATION_ID: "c-1"}
    assert _attributes(inbound) == {
        **stamped,
        semconv.EVENT_KIND: "inbound",
        semconv.EVENT_ID: "m-1",
        semconv.EVENT_TEXT: "Hello",
    }
    assert _attributes(escalation) == {
        **stamped,
        semconv.EVENT_KIND: "escalation",
        semconv.EVENT_REASON: "angry",
        semconv.EVENT_TARGET: "human_desk",
    }
    assert _attributes(close) == {
        **stamped,
        semconv.EVENT_KIND: "close",
        semconv.EVENT_REASON: "resolved",
    }


def test_nothing_happens_while_nothing_is_configured(spans: InMemorySpanExporter) -> None:
    """Without a recorder every function does its work, records nothing and raises nothing."""
    shutdown()

    @tool
    def double(number: int) -> int:
        return 2 * number

    with conversation("c-1", customer="crm-42"), turn(), playbook("p", version="1") as rules:
        rules.rule("r", fired=True)
        record_inbound("hi")
        record_escalation()
        record_close()
        result = double(2)

    assert result == 4
    assert spans.get_finished_spans() == ()


@pytest.mark.parametrize("strange", [None, 7, b"\xff", "\ud800", object()])
def test_strange_values_hurt_nobody(spans: InMemorySpanExporter, strange: object) -> None:
    """Values of the wrong type are recorded as well as can be, or not at all."""
    wrong = cast("str", strange)

    with (
        conversation(wrong, customer=wrong, channel=wrong, tenant=wrong),
        turn(agent=wrong),
        playbook(wrong, version=wrong, settings={"x": strange}) as rules,
    ):
        rules.rule(wrong, fired=True, reason=wrong)
        record_inbound(wrong, event_id=wrong, occurred_at=cast("datetime", strange))
        is_alive = True

    assert is_alive
