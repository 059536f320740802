"""The action ``events``: what happened in conversations, told over HTTP by other systems."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from trainingloop.collector._event_documents import ReportedEvent, events_of
from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.keys import load_keyring
from trainingloop.instrumentation.stable_ids import SPAN_ID_BYTES, TRACE_ID_BYTES, stable_digest
from trainingloop.processor import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trainingloop.collector._pipeline import Pipeline
    from trainingloop.collector._second_net import Redacts
    from trainingloop.collector.actions import Action
    from trainingloop.instrumentation.keys import Keyring

__all__ = ["event_actions"]

_SOURCE: Final = "api"
_PURPOSE: Final = "trainingloop.events"


def event_actions(
    pipeline: Pipeline,
    redactor: Redacts,
    *,
    keys: Keyring | None = None,
    clock: Callable[[], int] = time.time_ns,
) -> dict[str, Action]:
    """Return the actions about events, by their path under ``/api/v1/``.

    Args:
        pipeline: the way of every span into the store.
        redactor: the one of ``pipeline``: it tells under which ids things are stored.
        keys: make the ids of spans; those of this installation when not given.
        clock: nanoseconds since 1970.
    """
    events = _Events(pipeline, redactor, keys or load_keyring(), clock)
    return {"events": events.report}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an event is stored: what makes it one, whenever it took place."""

    thread_id: str
    event_id: str


class _Events:
    """Stores what is reported, each event once."""

    def __init__(
        self, pipeline: Pipeline, redactor: Redacts, keys: Keyring, clock: Callable[[], int]
    ) -> None:
        self._pipeline = pipeline
        self._redactor = redactor
        self._keys = keys
        self._clock = clock
        # Two reports of one event at the same moment would not see each other.
        self._one_at_a_time = threading.Lock()

    def report(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Store the events of a document that are not stored yet; all of them or none."""
        tenant = tenant_of(document)
        events = events_of(document, now_ns=self._clock())
        self._refuse_canaries(tenant, events)
        self._check_decisions(tenant, events)
        with self._one_at_a_time:
            fresh = self._fresh(tenant, events)
            if fresh:
                self._store(tenant, fresh)
        return {"stored": len(fresh), "duplicates": len(events) - len(fresh)}

    def _store(self, tenant: str, events: Sequence[ReportedEvent]) -> None:
        request = _request(self._span(tenant, event) for event in events)
        outcome = self._pipeline.accept(request, source=_SOURCE)
        if outcome.rejected:
            raise BadRequestError(outcome.message)

    def _fresh(self, tenant: str, events: Sequence[ReportedEvent]) -> list[ReportedEvent]:
        """Return the events that are not stored yet; of two with one id, the first."""
        by_place: dict[_Place, ReportedEvent] = {}
        for event in events:
            by_place.setdefault(self._place(tenant, event), event)
        table = self._pipeline.store.reads(tenant).table(
            "event_keys",
            {
                "threads": sorted({place.thread_id for place in by_place}),
                "events": sorted({place.event_id for place in by_place}),
            },
        )
        stored = {_Place(thread_id=str(row[0]), event_id=str(row[1])) for row in table.rows}
        return [event for place, event in by_place.items() if place not in stored]

    def _place(self, tenant: str, event: ReportedEvent) -> _Place:
        """Return the ids as they are stored: one that is a phone number is a token there."""
        redacted = self._redactor.attributes(
            {semconv.CONVERSATION_ID: event.conversation_id, semconv.EVENT_ID: event.id},
            tenant=tenant,
            conversation=event.conversation_id,
            report=Report(),
        )
        return _Place(
            thread_id=str(redacted.get(semconv.CONVERSATION_ID)),
            event_id=str(redacted.get(semconv.EVENT_ID)),
        )

    def _check_decisions(self, tenant: str, events: Sequence[ReportedEvent]) -> None:
        named = {event.decision_id for event in events if event.decision_id}
        if not named:
            return
        table = self._pipeline.store.reads(tenant).table(
            "event_decisions", {"decisions": sorted(named)}
        )
        thread_of = {str(row[0]): str(row[1]) for row in table.rows}
        for event in events:
            if not event.decision_id:
                continue
            if event.decision_id not in thread_of:
                raise NotFoundError(
                    f"{event.place}{tenant!r} has no decision {event.decision_id!r}: "
                    "give the span id of one that is stored, or none"
                )
            if thread_of[event.decision_id] != self._place(tenant, event).thread_id:
                raise BadRequestError(
                    f"{event.place}decision {event.decision_id!r} belongs to another "
                    "conversation than 'conversation_id' says"
                )

    def _refuse_canaries(self, tenant: str, events: Sequence[ReportedEvent]) -> None:
        """Refuse all when one would be rejected later: the others would be stored by then."""
        canaries = self._redactor.policy.for_tenant(tenant).canary
        for event in events:
            texts = (*_facts(event).values(), event.conversation_id)
            if any(canary in text for canary in canaries for text in texts):
                raise BadRequestError(
                    f"{event.place}a canary of the redaction policy is in it: nothing is stored"
                )

    def _span(self, tenant: str, event: ReportedEvent) -> Span:
        attributes = {
            semconv.TENANT_ID: tenant,
            semconv.CONVERSATION_ID: event.conversation_id,
            semconv.SOURCE: _SOURCE,
            **_facts(event),
        }
        ids = (event.conversation_id, event.id)
        trace = stable_digest(self._keys, tenant, _PURPOSE, event.conversation_id)
        return Span(
            trace_id=trace[:TRACE_ID_BYTES],
            span_id=stable_digest(self._keys, tenant, _PURPOSE, *ids)[:SPAN_ID_BYTES],
            name=f"record {event.kind.value}",
            kind=Span.SPAN_KIND_INTERNAL,
            start_time_unix_nano=event.occurred_at_ns,
            end_time_unix_nano=event.occurred_at_ns,
            attributes=_attributes(attributes),
        )


def _facts(event: ReportedEvent) -> dict[str, str]:
    return {
        semconv.EVENT_KIND: event.kind.value,
        semconv.EVENT_ID: event.id,
        semconv.EVENT_TEXT: event.text,
        semconv.EVENT_REASON: event.reason,
        semconv.EVENT_TARGET: event.target,
        semconv.EVENT_OUTCOME: event.outcome,
        semconv.EVENT_VALUE: event.value,
        semconv.EVENT_DECISION_ID: event.decision_id,
        semconv.CHANNEL: event.channel,
    }


def _attributes(values: Mapping[str, str]) -> list[KeyValue]:
    return [
        KeyValue(key=key, value=AnyValue(string_value=value))
        for key, value in values.items()
        if value
    ]


def _request(spans: Iterable[Span]) -> ExportTraceServiceRequest:
    resource = Resource(attributes=_attributes({semconv.SERVICE_NAME: _SOURCE}))
    scope_spans = ScopeSpans(scope=InstrumentationScope(name=_PURPOSE), spans=spans)
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[scope_spans])]
    )
