"""Spans as OTLP requests of a bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    InstrumentationScope,
    KeyValue,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Value = str | int | float | list[str]
MAX_BATCH_SPANS: Final = 256
MAX_BATCH_BYTES: Final = 4 * 1024 * 1024
_SERVICE: Final = "import"
_SCOPE: Final = "trainingloop.transcripts"


def attributes(values: Mapping[str, Value]) -> list[KeyValue]:
    """Return the attributes that say something: no empty text, no zero."""
    return [KeyValue(key=key, value=_any(value)) for key, value in values.items() if value]


def batches(spans: Iterable[Span]) -> Iterator[ExportTraceServiceRequest]:
    """Yield requests of at most 256 spans and 4 MiB, or of one span that is larger."""
    batch: list[Span] = []
    size_bytes = 0
    for span in spans:
        span_bytes = span.ByteSize()
        if batch and (len(batch) == MAX_BATCH_SPANS or size_bytes + span_bytes > MAX_BATCH_BYTES):
            yield _request(batch)
            batch, size_bytes = [], 0
        batch.append(span)
        size_bytes += span_bytes
    if batch:
        yield _request(batch)


def _request(spans: list[Span]) -> ExportTraceServiceRequest:
    resource = Resource(attributes=attributes({semconv.SERVICE_NAME: _SERVICE}))
    scope = InstrumentationScope(name=_SCOPE)
    return ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=scope, spans=spans)])
        ]
    )


def _any(value: Value) -> AnyValue:
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    return AnyValue(array_value=ArrayValue(values=[_any(item) for item in value]))
