"""Turns an OTLP request into rows of the store: normalised, fingerprinted, redacted, described."""

from __future__ import annotations

import json
import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from trainingloop.collector import _second_net
from trainingloop.collector._anyvalue import attributes_of, stringified
from trainingloop.collector._customer import customer_record, pseudonymise
from trainingloop.collector._dialects import normalise
from trainingloop.collector._draft import Draft, Event, Link
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.decision import describe, fingerprint_attributes
from trainingloop.instrumentation.environment import TENANT_RULE, is_tenant
from trainingloop.processor import Report
from trainingloop.store import SpanRow
from trainingloop.store.encoding import EncodedSpans, encode_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from google.protobuf.message import Message
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource
    from opentelemetry.proto.trace.v1.trace_pb2 import Span
    from opentelemetry.util.types import AttributeValue

    from trainingloop.collector._second_net import Redacts
    from trainingloop.instrumentation.keys import Keyring

_logger = logging.getLogger(__name__)

EARLIEST_NS: Final = 946_684_800 * 10**9
"""The year 2000: what starts before it has a broken clock, and would land in a month of its own."""
MOST_AHEAD_NS: Final = 24 * 3600 * 10**9
_MOST_NS: Final = 2**63 - 1
_TRACE_ID_BYTES: Final = 16
_SPAN_ID_BYTES: Final = 8
_KINDS: Final = ("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer")
_STATUSES: Final = ("Unset", "Ok", "Error")
_SOURCE: Final = "otlp"
_FAILED_NAME: Final = "<REDACTION_FAILED>"


class Rejection(StrEnum):
    """Why a single span was not stored; its value ends the sentence "2 with …"."""

    ID = "an invalid trace or span id"
    TIME = "a start before the year 2000 or more than a day ahead"
    CANARY = "a canary of the redaction policy in it"
    TENANT = f"a tenant that is not {TENANT_RULE}"
    UNREADABLE = "content that could not be read"


class _RejectedError(Exception):
    def __init__(self, reason: Rejection) -> None:
        self.reason = reason


@dataclass(slots=True, kw_only=True)
class Converted:
    """What became of one request."""

    spans: EncodedSpans = field(default_factory=lambda: encode_spans([]))
    rejected: Counter[Rejection] = field(default_factory=Counter[Rejection])
    caught: int = 0
    """Personal data found in spans that claimed to be redacted."""
    failures: int = 0
    """Values or spans whose redaction failed, so that they were not kept."""
    has_tool_calls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The ids of a span, in hex."""

    trace_id: str
    span_id: str
    parent_span_id: str


@dataclass(slots=True, kw_only=True)
class _Resource:
    """What sent the spans: read once, redacted once for each tenant it sends for."""

    attributes: dict[str, AttributeValue]
    sent: Resource
    redacted: dict[str, tuple[dict[str, str], Report]] = field(
        default_factory=dict[str, "tuple[dict[str, str], Report]"]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A span that is to be stored, on its way there."""

    span: Span
    ids: Ids
    draft: Draft
    resource: _Resource
    conversation: str
    """What it belongs to: a conversation, else a trace."""


class Converter:
    """Makes rows of requests. Threads may share it."""

    def __init__(
        self, redactor: Redacts, *, keys: Keyring, default_tenant: str, clock: Callable[[], int]
    ) -> None:
        self._redactor = redactor
        self._keys = keys
        self._default_tenant = default_tenant
        self._clock = clock

    def convert(self, request: ExportTraceServiceRequest) -> Converted:
        """Return the rows of ``request``; a span that cannot be one is counted, not raised."""
        converted = Converted()
        drafted = list(self._drafts(request, converted))
        _guarded(lambda: self._prepare(drafted))
        rows: list[SpanRow] = []
        for each in drafted:
            with _counting(converted):
                rows.append(self._row(each, converted))
        converted.spans = encode_spans(rows)
        return converted

    def _drafts(
        self, request: ExportTraceServiceRequest, converted: Converted
    ) -> Iterator[_Drafted]:
        latest_ns = self._clock() + MOST_AHEAD_NS
        for resource_spans in request.resource_spans:
            resource = _Resource(
                attributes=attributes_of(resource_spans.resource.attributes),
                sent=resource_spans.resource,
            )
            for scope_spans in resource_spans.scope_spans:
                for span in scope_spans.spans:
                    with _counting(converted):
                        yield self._drafted(span, scope_spans.scope, resource, latest_ns)

    def _drafted(
        self, span: Span, scope: InstrumentationScope, resource: _Resource, latest_ns: int
    ) -> _Drafted:
        ids = _ids(span)
        if not EARLIEST_NS <= span.start_time_unix_nano <= latest_ns:
            raise _RejectedError(Rejection.TIME)
        draft = _draft(span, scope)
        draft.tenant = self._tenant(draft, resource)
        canaries = self._redactor.policy.for_tenant(draft.tenant).canary
        if canaries and _carries(canaries, span, scope, resource.sent):
            raise _RejectedError(Rejection.CANARY)
        draft.attributes[semconv.TENANT_ID] = draft.tenant
        is_foreign = not _is_ours(draft)
        if is_foreign:
            _guarded(lambda: normalise(draft))
        named = draft.attributes.get(semconv.CONVERSATION_ID)
        conversation = named if isinstance(named, str) and named else ids.trace_id
        if customer := customer_record(draft):
            self._redactor.learn(customer, conversation=conversation, tenant=draft.tenant)
        pseudonymise(draft, keys=self._keys)
        if is_foreign or semconv.COHORT not in draft.attributes:
            _guarded(lambda: _fingerprint(draft, resource))
        return _Drafted(
            span=span, ids=ids, draft=draft, resource=resource, conversation=conversation
        )

    def _prepare(self, drafted: list[_Drafted]) -> None:
        self._redactor.prepare(
            (each.draft.tenant, each.conversation, each.draft.attributes) for each in drafted
        )

    def _row(self, each: _Drafted, converted: Converted) -> SpanRow:
        draft = each.draft
        had_proof = semconv.REDACTION_VERSION in draft.attributes
        report = Report()
        resource_attributes = self._redact(each, report)
        converted.failures += report.failures
        if had_proof:
            converted.caught += report.total
        _guarded(lambda: draft.attributes.update(describe(draft.attributes)))
        converted.has_tool_calls |= _has_tool_calls(draft.attributes)
        return _row(each.span, each.ids, draft, resource_attributes)

    def _tenant(self, draft: Draft, resource: _Resource) -> str:
        given = draft.attributes.get(semconv.TENANT_ID)
        if given is None:
            given = resource.attributes.get(semconv.TENANT_ID)
        if given is None:
            return self._default_tenant
        if not isinstance(given, str) or not is_tenant(given):
            raise _RejectedError(Rejection.TENANT)
        return given

    def _redact(self, each: _Drafted, report: Report) -> dict[str, str]:
        """Redact the span and return its redacted resource; what fails leaves a skeleton."""
        draft = each.draft
        resource_attributes: dict[str, str] = {}
        try:
            resource_attributes = self._redacted_resource(draft.tenant, each.resource, report)
            _second_net.redact(draft, self._redactor, report, conversation=each.conversation)
        except Exception as error:  # noqa: BLE001  # fails closed, whatever broke
            _logger.warning("redaction failed, a span lost its content: %s", type(error).__name__)
            report.add({}, failures=1)
            _strip(draft)
        return resource_attributes

    def _redacted_resource(
        self, tenant: str, resource: _Resource, report: Report
    ) -> dict[str, str]:
        known = resource.redacted.get(tenant)
        if known is None:
            own = Report()
            attributes = self._redactor.attributes(resource.attributes, tenant=tenant, report=own)
            known = resource.redacted[tenant] = (stringified(attributes), own)
        attributes_text, found = known
        # Each row carries its own copy of the resource, so each row's proof counts it.
        report.add(found.counts, found.failures)
        return attributes_text


@contextmanager
def _counting(converted: Converted) -> Generator[None]:
    """Count a span that cannot be stored; one bad span never loses a batch."""
    try:
        yield
    except _RejectedError as error:
        converted.rejected[error.reason] += 1
    except Exception as error:  # noqa: BLE001  # anything may be wrong with a span
        # The type alone: a message may quote the span.
        _logger.warning("a span could not be read: %s", type(error).__name__)
        converted.rejected[Rejection.UNREADABLE] += 1


def _carries(canaries: Sequence[str], *messages: Message) -> bool:
    """Whether a canary stands anywhere in what was sent: protobuf writes text as it is.

    JSON in an attribute may escape the letters of a canary that is not ASCII.
    """
    sent = b"\0".join(message.SerializeToString() for message in messages)
    forms = (form for canary in canaries for form in (canary, json.dumps(canary)[1:-1]))
    return any(form.encode() in sent for form in forms)


def _guarded(step: Callable[[], None]) -> None:
    """Do a step that only adds to a span: the span is worth more than what is added."""
    try:
        step()
    except Exception as error:  # noqa: BLE001  # see above
        _logger.warning("a span was stored without what is derived: %s", type(error).__name__)


def _fingerprint(draft: Draft, resource: _Resource) -> None:
    draft.attributes.update(
        fingerprint_attributes(draft.name, draft.attributes, resource.attributes)
    )


def _is_ours(draft: Draft) -> bool:
    source = draft.attributes.get(semconv.SOURCE)
    return source is not None and source != _SOURCE


def _ids(span: Span) -> Ids:
    trace_id, span_id, parent = span.trace_id, span.span_id, span.parent_span_id
    if len(trace_id) != _TRACE_ID_BYTES or len(span_id) != _SPAN_ID_BYTES:
        raise _RejectedError(Rejection.ID)
    if not any(trace_id) or not any(span_id):
        raise _RejectedError(Rejection.ID)
    has_parent = len(parent) == _SPAN_ID_BYTES and any(parent)
    return Ids(
        trace_id=trace_id.hex(),
        span_id=span_id.hex(),
        parent_span_id=parent.hex() if has_parent else "",
    )


def _draft(span: Span, scope: InstrumentationScope) -> Draft:
    return Draft(
        name=span.name,
        scope_name=scope.name,
        scope_version=scope.version,
        status_message=span.status.message,
        trace_state=span.trace_state,
        attributes=attributes_of(span.attributes),
        events=[
            Event(
                timestamp_ns=_within(event.time_unix_nano, span.start_time_unix_nano),
                name=event.name,
                attributes=attributes_of(event.attributes),
            )
            for event in span.events
        ],
        links=[
            Link(
                trace_id=link.trace_id.hex(),
                span_id=link.span_id.hex(),
                trace_state=link.trace_state,
                attributes=attributes_of(link.attributes),
            )
            for link in span.links
        ],
    )


def _within(timestamp_ns: int, fallback_ns: int) -> int:
    """Return a time the store can hold; a missing or absurd one becomes the span's start."""
    return timestamp_ns if EARLIEST_NS <= timestamp_ns <= _MOST_NS else fallback_ns


def _strip(draft: Draft) -> None:
    """Leave of a span only what cannot hold personal data."""
    kind = draft.attributes.get(semconv.DECISION_KIND)
    draft.name = _FAILED_NAME
    draft.attributes = {
        semconv.TENANT_ID: draft.tenant,
        semconv.SOURCE: _SOURCE,
        **({semconv.DECISION_KIND: kind} if kind in set(semconv.DecisionKind) else {}),
        **_second_net.failed_proof(),
    }
    draft.events, draft.links = [], []
    draft.status_message = draft.trace_state = draft.scope_name = draft.scope_version = ""


def _has_tool_calls(attributes: Mapping[str, AttributeValue]) -> bool:
    return (
        semconv.TOOL_CALLS in attributes
        or attributes.get(semconv.OPERATION_NAME) == semconv.OPERATION_EXECUTE_TOOL
    )


def _row(span: Span, ids: Ids, draft: Draft, resource_attributes: dict[str, str]) -> SpanRow:
    start_ns, status, kind = span.start_time_unix_nano, span.status.code, span.kind
    return SpanRow(
        timestamp_ns=start_ns,
        trace_id=ids.trace_id,
        span_id=ids.span_id,
        parent_span_id=ids.parent_span_id,
        trace_state=draft.trace_state,
        span_name=draft.name,
        span_kind=_KINDS[kind] if 0 <= kind < len(_KINDS) else _KINDS[0],
        service_name=resource_attributes.get(semconv.SERVICE_NAME, ""),
        resource_attributes=resource_attributes,
        scope_name=draft.scope_name,
        scope_version=draft.scope_version,
        span_attributes=stringified(draft.attributes),
        duration_ns=max(0, span.end_time_unix_nano - start_ns),
        status_code=_STATUSES[status] if 0 <= status < len(_STATUSES) else _STATUSES[0],
        status_message=draft.status_message,
        events_timestamp_ns=[event.timestamp_ns for event in draft.events],
        events_name=[event.name for event in draft.events],
        events_attributes=[stringified(event.attributes) for event in draft.events],
        links_trace_id=[link.trace_id for link in draft.links],
        links_span_id=[link.span_id for link in draft.links],
        links_trace_state=[link.trace_state for link in draft.links],
        links_attributes=[stringified(link.attributes) for link in draft.links],
    )
