"""``record_inbound``, ``record_escalation`` and the like: what happened without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.trace import SpanKind

from trainingloop.instrumentation import _payload, _recorder, semconv
from trainingloop.instrumentation._guard import Shield
from trainingloop.instrumentation.moments import nanoseconds
from trainingloop.instrumentation.semconv import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from opentelemetry.util.types import AttributeValue


def record_inbound(
    text: str | None = None, *, event_id: str | None = None, occurred_at: datetime | None = None
) -> None:
    """Record that the customer wrote.

    Args:
        text: What they wrote; it is stored redacted.
        event_id: Names the message, so that telling it twice does not make it two.
        occurred_at: When they wrote, if not now. A time without a zone is taken as UTC.
    """
    _record(EventKind.INBOUND, event_id, occurred_at, {semconv.EVENT_TEXT: text})


def record_escalation(
    *,
    reason: str | None = None,
    target: str | None = None,
    event_id: str | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Record that the conversation was handed to a human.

    Args:
        reason: Why it was.
        target: Who took over, such as ``human_desk``.
        event_id: Names the event, so that telling it twice does not make it two.
        occurred_at: When it happened, if not now.
    """
    facts = {semconv.EVENT_REASON: reason, semconv.EVENT_TARGET: target}
    _record(EventKind.ESCALATION, event_id, occurred_at, facts)


def record_close(
    *,
    reason: str | None = None,
    event_id: str | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Record that the conversation was closed.

    Args:
        reason: How it ended, such as ``resolved``, ``resolved by agent`` or ``timeout``.
        event_id: Names the event, so that telling it twice does not make it two.
        occurred_at: When it happened, if not now.
    """
    _record(EventKind.CLOSE, event_id, occurred_at, {semconv.EVENT_REASON: reason})


def record_outcome(
    name: str,
    value: bool = True,
    *,
    event_id: str | None = None,
    occurred_at: datetime | None = None,
    decision_id: str | None = None,
) -> None:
    """Record what came of the conversation, such as an order that was paid.

    Args:
        name: The outcome: lower-case letters, digits and ``_``, at most 64 of them.
        value: Whether it came about.
        event_id: Names the event, so that telling it twice does not make it two.
        occurred_at: When it happened, if not now.
        decision_id: The decision it is about (a span id in hex), where you know; otherwise it is
            the last one before the outcome.
    """
    facts = {
        semconv.EVENT_OUTCOME: name,
        semconv.EVENT_VALUE: "yes" if value else "no",
        semconv.EVENT_DECISION_ID: decision_id,
    }
    _record(EventKind.OUTCOME, event_id, occurred_at, facts)


def _record(
    kind: EventKind,
    event_id: str | None,
    occurred_at: datetime | None,
    facts: dict[str, str | None],
) -> None:
    recorder = _recorder.current()
    if recorder is None:
        return
    with Shield(f"recording {kind.value}"):
        attributes: dict[str, AttributeValue] = {semconv.EVENT_KIND: kind.value}
        if event_id is not None:
            attributes[semconv.EVENT_ID] = str(event_id)
        for name, text in facts.items():
            if text is not None and (recorder.captures_content or name != semconv.EVENT_TEXT):
                attributes[name] = _payload.text_of(text)
        at_ns = None if occurred_at is None else nanoseconds(occurred_at)
        span = recorder.tracer.start_span(
            f"record {kind.value}",
            kind=SpanKind.INTERNAL,
            attributes=attributes,
            start_time=at_ns,
        )
        span.end(at_ns or getattr(span, "start_time", None))
