"""Evaluations as the log records of OpenTelemetry's GenAI conventions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from opentelemetry.util.types import AnyValue

    from trainingloop.store import Table

_SERVICE: Final = "trainingloop"
_SCOPE: Final = InstrumentationScope(name="trainingloop.evaluations")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cursor:
    """How far the evaluations of one kind and tenant have been sent."""

    at_ms: int
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is said about one decision."""

    cursor: Cursor
    evaluated_ms: int
    name: str
    score: float | None
    """1 for yes, 0 for no; None for a vote that was taken back."""
    label: str
    explanation: str
    decision_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a decision is called in other systems."""

    trace_id: str
    response_id: str
    """Empty where its provider gave none."""


def evaluations_in(table: Table) -> list[Evaluation]:
    """Return the rows of the reads ``evaluation_outcomes`` and ``evaluation_votes``."""
    return [
        Evaluation(
            cursor=Cursor(
                at_ms=cast("int", record["cursor_at"]), key=cast("str", record["cursor_key"])
            ),
            evaluated_ms=cast("int", record["evaluated_ms"]),
            name=cast("str", record["name"]),
            score=cast("float | None", record["score"]),
            label=cast("str", record["label"]),
            explanation=cast("str", record["explanation"]),
            decision_id=cast("str", record["decision_id"]),
        )
        for record in table.records()
    ]


def answers_in(table: Table) -> dict[str, Answer]:
    """Return the rows of the read ``evaluation_decisions``, by decision."""
    return {
        cast("str", record["decision_id"]): Answer(
            trace_id=cast("str", record["trace_id"]),
            response_id=cast("str", record["response_id"]),
        )
        for record in table.records()
    }


def log_record(
    evaluation: Evaluation, answer: Answer, *, tenant: str, observed_ns: int
) -> ReadableLogRecord:
    """Return the event ``gen_ai.evaluation.result`` of ``evaluation``.

    It belongs to the span of the decision, as the conventions want it: whoever has that span
    finds the event beside it.
    """
    attributes: dict[str, AnyValue] = {
        semconv.EVALUATION_NAME: evaluation.name,
        semconv.EVALUATION_LABEL: evaluation.label,
        semconv.TENANT_ID: tenant,
    }
    if evaluation.score is not None:
        attributes[semconv.EVALUATION_SCORE] = evaluation.score
    if evaluation.explanation:
        attributes[semconv.EVALUATION_EXPLANATION] = evaluation.explanation
    if answer.response_id:
        attributes[semconv.RESPONSE_ID] = answer.response_id
    span = SpanContext(
        trace_id=int(answer.trace_id, 16),
        span_id=int(evaluation.decision_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return ReadableLogRecord(
        log_record=LogRecord(
            timestamp=evaluation.evaluated_ms * 1_000_000,
            observed_timestamp=observed_ns,
            context=trace.set_span_in_context(NonRecordingSpan(span)),
            severity_number=SeverityNumber.INFO,
            event_name=semconv.EVALUATION_EVENT,
            attributes=attributes,
        ),
        resource=Resource({semconv.SERVICE_NAME: _SERVICE}),
        instrumentation_scope=_SCOPE,
    )
