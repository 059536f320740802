"""Redacted copies of spans and log records: everything they carry, nothing of it raw."""

from __future__ import annotations

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
    from collections.abc import Mapping

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

    def span(self, span: ReadableSpan, stamps: Mapping[str, AnyValue]) -> ReadableSpan:
        """A copy of the span without personal data, with its proof of redaction.

        Args:
            span: The span as the application recorded it.
            stamps: Attributes of the recorder itself, added as they are.
        """
        report = Report()
        attributes = dict(span.attributes or {})
        tenant = tenant_of(attributes, span.resource)
        attributes |= fingerprint_attributes(span.name, attributes, span.resource.attributes)
        redacted = self._attributes(attributes, tenant, report)
        events = [self._event(event, tenant, report) for event in span.events]
        links = [self._link(link, tenant, report) for link in span.links]
        copy = RedactedSpan(
            name=self._redactor.text(span.name, tenant=tenant, report=report),
            context=_without_state(span.context),
            parent=_without_state(span.parent),
            resource=self._resource(span.resource, tenant, report),
            events=events,
            links=links,
            kind=span.kind,
            status=self._status(span.status, tenant, report),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=self._scope(span.instrumentation_scope, tenant, report),
            # Evaluated last: by now the report has counted everything above.
            attributes={**redacted, **stamps, **report.as_attributes()},
        )
        return copy.with_losses_of(span)

    def skeleton(self, span: ReadableSpan, stamps: Mapping[str, AnyValue]) -> ReadableSpan:
        """What is left of a span whose redaction broke: when it was, what kind, whose."""
        report = Report()
        report.add({}, failures=1)
        given = span.attributes or {}
        tenant = tenant_of(given, span.resource)
        kept = {key: given[key] for key in _SKELETON if key in given}
        return RedactedSpan(
            name=FAILED,
            context=_without_state(span.context),
            parent=_without_state(span.parent),
            resource=Resource({semconv.SERVICE_NAME: FAILED}),
            attributes={
                **self._attributes(kept, tenant, report),
                **stamps,
                **report.as_attributes(),
            },
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
        ).with_losses_of(span)

    def record(self, record: ReadableLogRecord) -> ReadableLogRecord:
        """A copy of the log record without personal data, with its proof of redaction."""
        report = Report()
        original = record.log_record
        tenant = tenant_of(original.attributes or {}, record.resource)
        copy = _empty_record(original)
        copy.body = self._redactor.attribute("body", original.body, tenant=tenant, report=report)
        if original.event_name:
            copy.event_name = self._redactor.text(original.event_name, tenant=tenant, report=report)
        if original.severity_text:
            copy.severity_text = self._redactor.text(
                original.severity_text, tenant=tenant, report=report
            )
        attributes = self._attributes(original.attributes, tenant, report)
        resource = self._resource(record.resource, tenant, report)
        scope = self._scope(record.instrumentation_scope, tenant, report)
        copy.attributes = {**attributes, **report.as_attributes()}
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

    def _attributes(
        self, attributes: Attributes, tenant: str, report: Report
    ) -> dict[str, AnyValue]:
        given = cast("Mapping[str, Value]", attributes or {})
        return self._redactor.attributes(given, tenant=tenant, report=report)

    def _event(self, event: Event, tenant: str, report: Report) -> Event:
        return Event(
            name=self._redactor.text(event.name, tenant=tenant, report=report),
            attributes=self._attributes(event.attributes, tenant, report),
            timestamp=event.timestamp,
        )

    def _link(self, link: Link, tenant: str, report: Report) -> Link:
        context = _without_state(link.context) or link.context
        return Link(context, self._attributes(link.attributes, tenant, report))

    def _status(self, status: Status, tenant: str, report: Report) -> Status:
        if status.status_code is not StatusCode.ERROR or not status.description:
            return Status(status.status_code)
        text = self._redactor.text(status.description, tenant=tenant, report=report)
        return Status(status.status_code, text)

    def _resource(self, resource: Resource, tenant: str, report: Report) -> Resource:
        key = (id(resource), tenant)
        known = self._resources.get(key)
        if known is None:
            own = Report()
            copy = Resource(self._attributes(resource.attributes, tenant, own), resource.schema_url)
            known = (resource, copy, own)
            if len(self._resources) >= _REMEMBERED:
                self._resources.clear()
            self._resources[key] = known
        report.add(known[2].counts, known[2].failures)
        return known[1]

    def _scope(
        self, scope: InstrumentationScope | None, tenant: str, report: Report
    ) -> InstrumentationScope | None:
        if scope is None:
            return None
        key = (id(scope), tenant)
        known = self._scopes.get(key)
        if known is None:
            own = Report()
            copy = self._clean_scope(scope, tenant, own)
            known = (scope, copy, own)
            if len(self._scopes) >= _REMEMBERED:
                self._scopes.clear()
            self._scopes[key] = known
        report.add(known[2].counts, known[2].failures)
        return known[1]

    def _clean_scope(
        self, scope: InstrumentationScope, tenant: str, report: Report
    ) -> InstrumentationScope:
        return InstrumentationScope(
            self._redactor.text(scope.name, tenant=tenant, report=report),
            scope.version,
            scope.schema_url,
            self._attributes(scope.attributes, tenant, report),
        )


def tenant_of(attributes: Mapping[str, object], resource: Resource) -> str:
    """Whose span it is: its own word, else that of the process."""
    own = attributes.get(semconv.TENANT_ID) or resource.attributes.get(semconv.TENANT_ID)
    return own if isinstance(own, str) else default_tenant()


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
