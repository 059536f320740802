"""Redacted copies of spans and log records: everything they carry, nothing of it raw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, Status, StatusCode

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.decision import fingerprint_attributes
from trainingloop.instrumentation.environment import default_tenant
from trainingloop.processor._entities import FAILED
from trainingloop.processor._report import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.util.types import AnyValue, Attributes

    from trainingloop.processor._json import Value
    from trainingloop.processor._redactor import Redactor

_REMEMBERED: Final = 64
"""How many resources and scopes are remembered: a process has one or two."""

# What a span is worth storing for when its content could not be redacted: structure only.
_SKELETON: Final = (
    semconv.OPERATION_NAME,
    semconv.DECISION_KIND,
    semconv.EVENT_KIND,
    semconv.TENANT_ID,
    semconv.CONVERSATION_ID,
    semconv.REQUEST_MODEL,
    semconv.PLAYBOOK_ID,
    semconv.PLAYBOOK_VERSION,
    semconv.COHORT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """Whose data a span or record holds, and what was found in it."""

    tenant: str
    conversation: str | None
    report: Report = field(default_factory=Report)


class RedactedSpan(ReadableSpan):
    """A copy that remembers how much its original had lost to the limits of the SDK."""

    _lost: tuple[int, int, int] = (0, 0, 0)

    @property
    def dropped_attributes(self) -> int:
        """Attributes the original lost to a limit."""
        return self._lost[0]

    @property
    def dropped_events(self) -> int:
        """Events the original lost to a limit."""
        return self._lost[1]

    @property
    def dropped_links(self) -> int:
        """Links the original lost to a limit."""
        return self._lost[2]

    def with_losses_of(self, original: ReadableSpan) -> RedactedSpan:
        """This copy, with the losses of its original."""
        self._lost = (
            original.dropped_attributes,
            original.dropped_events,
            original.dropped_links,
        )
        return self


class Cloner:
    """Makes redacted copies with one redactor."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        # By identity, with the original kept alive: hashing a resource serialises it.
        self._resources: dict[tuple[int, str], tuple[Resource, Resource, Report]] = {}
        self._scopes: dict[
            tuple[int, str], tuple[InstrumentationScope, InstrumentationScope, Report]
        ] = {}

    def prepare(self, spans: Iterable[ReadableSpan]) -> None:
        """Get to know what the spans of one export say about their conversations."""
        self._redactor.prepare(
            (tenant_of(given, span.resource), conversation, given)
            for span in spans
            if (given := span.attributes or {})
            and (conversation := conversation_of(given, span.context))
        )

    def span(self, span: ReadableSpan, stamps: Mapping[str, AnyValue]) -> ReadableSpan:
        """A copy of the span without personal data, with its proof of redaction.

        Args:
            span: The span as the application recorded it.
            stamps: Attributes of the recorder itself, added as they are.
        """
        attributes = dict(span.attributes or {})
        about = _About(
            tenant=tenant_of(attributes, span.resource),
            conversation=conversation_of(attributes, span.context),
        )
        attributes |= fingerprint_attributes(span.name, attributes, span.resource.attributes)
        redacted = self._attributes(attributes, about)
        events = [self._event(event, about) for event in span.events]
        links = [self._link(link, about) for link in span.links]
        copy = RedactedSpan(
            name=self._text(span.name, about),
            context=_without_state(span.context),
            parent=_without_state(span.parent),
            resource=self._resource(span.resource, about),
            events=events,
            links=links,
            kind=span.kind,
            status=self._status(span.status, about),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=self._scope(span.instrumentation_scope, about),
            # Evaluated last: by now the report has counted everything above.
            attributes={**redacted, **stamps, **about.report.as_attributes()},
        )
        return copy.with_losses_of(span)

    def skeleton(self, span: ReadableSpan, stamps: Mapping[str, AnyValue]) -> ReadableSpan:
        """What is left of a span whose redaction broke: when it was, what kind, whose."""
        given = span.attributes or {}
        about = _About(tenant=tenant_of(given, span.resource), conversation=None)
        about.report.add({}, failures=1)
        kept = {key: given[key] for key in _SKELETON if key in given}
        return RedactedSpan(
            name=FAILED,
            context=_without_state(span.context),
            parent=_without_state(span.parent),
            resource=Resource({semconv.SERVICE_NAME: FAILED}),
            attributes={
                **self._attributes(kept, about),
                **stamps,
                **about.report.as_attributes(),
            },
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
        ).with_losses_of(span)

    def record(self, record: ReadableLogRecord) -> ReadableLogRecord:
        """A copy of the log record without personal data, with its proof of redaction."""
        original = record.log_record
        given = original.attributes or {}
        about = _About(
            tenant=tenant_of(given, record.resource),
            conversation=conversation_of(given, None),
        )
        copy = _empty_record(original)
        copy.body = self._redactor.attribute(
            "body",
            original.body,
            tenant=about.tenant,
            conversation=about.conversation,
            report=about.report,
        )
        if original.event_name:
            copy.event_name = self._text(original.event_name, about)
        if original.severity_text:
            copy.severity_text = self._text(original.severity_text, about)
        attributes = self._attributes(original.attributes, about)
        resource = self._resource(record.resource, about)
        scope = self._scope(record.instrumentation_scope, about)
        copy.attributes = {**attributes, **about.report.as_attributes()}
        return ReadableLogRecord(
            log_record=copy,
            resource=resource,
            instrumentation_scope=scope,
            limits=record.limits,
        )

    def record_skeleton(self, record: ReadableLogRecord) -> ReadableLogRecord:
        """What is left of a log record whose redaction broke: when it was, and how severe."""
        report = Report()
        report.add({}, failures=1)
        copy = _empty_record(record.log_record)
        copy.body = FAILED
        copy.attributes = report.as_attributes()
        return ReadableLogRecord(log_record=copy, resource=Resource({semconv.SERVICE_NAME: FAILED}))

    def _text(self, text: str, about: _About) -> str:
        return self._redactor.text(
            text, tenant=about.tenant, conversation=about.conversation, report=about.report
        )

    def _attributes(self, attributes: Attributes, about: _About) -> dict[str, AnyValue]:
        given = cast("Mapping[str, Value]", attributes or {})
        return self._redactor.attributes(
            given, tenant=about.tenant, conversation=about.conversation, report=about.report
        )

    def _event(self, event: Event, about: _About) -> Event:
        return Event(
            name=self._text(event.name, about),
            attributes=self._attributes(event.attributes, about),
            timestamp=event.timestamp,
        )

    def _link(self, link: Link, about: _About) -> Link:
        context = _without_state(link.context) or link.context
        return Link(context, self._attributes(link.attributes, about))

    def _status(self, status: Status, about: _About) -> Status:
        if status.status_code is not StatusCode.ERROR or not status.description:
            return Status(status.status_code)
        text = self._text(status.description, about)
        return Status(status.status_code, text)

    def _resource(self, resource: Resource, about: _About) -> Resource:
        key = (id(resource), about.tenant)
        known = self._resources.get(key)
        if known is None:
            own = _About(tenant=about.tenant, conversation=None)
            copy = Resource(self._attributes(resource.attributes, own), resource.schema_url)
            known = (resource, copy, own.report)
            if len(self._resources) >= _REMEMBERED:
                self._resources.clear()
            self._resources[key] = known
        about.report.add(known[2].counts, known[2].failures)
        return known[1]

    def _scope(
        self, scope: InstrumentationScope | None, about: _About
    ) -> InstrumentationScope | None:
        if scope is None:
            return None
        key = (id(scope), about.tenant)
        known = self._scopes.get(key)
        if known is None:
            own = _About(tenant=about.tenant, conversation=None)
            copy = self._clean_scope(scope, own)
            known = (scope, copy, own.report)
            if len(self._scopes) >= _REMEMBERED:
                self._scopes.clear()
            self._scopes[key] = known
        about.report.add(known[2].counts, known[2].failures)
        return known[1]

    def _clean_scope(self, scope: InstrumentationScope, about: _About) -> InstrumentationScope:
        return InstrumentationScope(
            self._text(scope.name, about),
            scope.version,
            scope.schema_url,
            self._attributes(scope.attributes, about),
        )


def tenant_of(attributes: Mapping[str, object], resource: Resource) -> str:
    """Whose span it is: its own word, else that of the process."""
    own = attributes.get(semconv.TENANT_ID) or resource.attributes.get(semconv.TENANT_ID)
    return own if isinstance(own, str) else default_tenant()


def conversation_of(attributes: Mapping[str, object], context: SpanContext | None) -> str | None:
    """What belongs together: a conversation, else a trace."""
    named = attributes.get(semconv.CONVERSATION_ID)
    if isinstance(named, str) and named:
        return named
    return format(context.trace_id, "032x") if context is not None else None


def _without_state(context: SpanContext | None) -> SpanContext | None:
    """The ids alone: a trace state is free text of every system the request came through."""
    if context is None or not context.trace_state:
        return context
    return SpanContext(
        trace_id=context.trace_id,
        span_id=context.span_id,
        is_remote=context.is_remote,
        trace_flags=context.trace_flags,
    )


def _empty_record(original: LogRecord) -> LogRecord:
    copy = LogRecord(
        timestamp=original.timestamp,
        observed_timestamp=original.observed_timestamp,
        context=original.context,
        severity_number=original.severity_number,
    )
    # The span in the context may be another one than the record was made for.
    copy.trace_id = original.trace_id
    copy.span_id = original.span_id
    copy.trace_flags = original.trace_flags
    return copy
