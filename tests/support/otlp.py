"""OTLP requests as foreign senders would make them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START_NS = int(datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()) * 10**9
"""When `otlp_span` begins, unless it is told."""


def any_value(value: object) -> AnyValue:
    """Return ``value`` as OTLP has it, structure kept."""
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, list):
        found = AnyValue()
        found.array_value.values.extend(any_value(item) for item in cast("list[object]", value))
        return found
    if isinstance(value, dict):
        found = AnyValue()
        found.kvlist_value.values.extend(key_values(cast("dict[str, object]", value)))
        return found
    return AnyValue(string_value=str(value))


def key_values(attributes: Mapping[str, object]) -> list[KeyValue]:
    """Return attributes as OTLP has them."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in attributes.items()]


def otlp_span(
    attributes: Mapping[str, object],
    *,
    number: int,
    name: str = "chat gpt-4o",
    trace: str = "t-1",
    seconds: float = 0,
    lasts_seconds: float = 1,
) -> Span:
    """Return a span whose ids are made from ``trace`` and ``number``."""
    start_ns = START_NS + int(seconds * 1e9)
    return Span(
        trace_id=sha256(trace.encode()).digest()[:16],
        span_id=number.to_bytes(8, "big"),
        name=name,
        kind=Span.SPAN_KIND_CLIENT,
        start_time_unix_nano=start_ns,
        end_time_unix_nano=start_ns + int(lasts_seconds * 1e9),
        attributes=key_values(attributes),
    )


def request_of(
    *spans: Span,
    resource: Mapping[str, object] | None = None,
    scope: str = "test",
) -> ExportTraceServiceRequest:
    """Return a request with ``spans`` of one resource and one scope."""
    request = ExportTraceServiceRequest()
    resource_spans = request.resource_spans.add()
    resource_spans.resource.attributes.extend(
        key_values(resource or {"service.name": "test-agent"})
    )
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name = scope
    scope_spans.spans.extend(spans)
    return request


def chat_attributes(
    text: str = "See you on Friday",
    *,
    conversation: str = "c-1",
    question: str = "When are you open?",
    calls: Sequence[Mapping[str, object]] = (),
) -> dict[str, object]:
    """Return the attributes of a model turn in the OpenTelemetry GenAI conventions."""
    parts: list[object] = [{"type": "text", "content": text}] if text else []
    parts += [{"type": "tool_call", **call} for call in calls]
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.conversation.id": conversation,
        "gen_ai.input.messages": json.dumps(
            [
                {"role": "system", "parts": [{"type": "text", "content": "You are helpful."}]},
                {"role": "user", "parts": [{"type": "text", "content": question}]},
            ]
        ),
        "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": parts}]),
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.response.finish_reasons": ["tool_call" if calls else "stop"],
    }


def tool_attributes(
    tool: str = "book",
    *,
    arguments: str = '{"day": "Friday"}',
    call_id: str = "",
    conversation: str = "c-1",
) -> dict[str, object]:
    """Return the attributes of a tool's execution in the OpenTelemetry GenAI conventions."""
    return {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        "gen_ai.tool.call.arguments": arguments,
        "gen_ai.tool.call.result": "done",
        "gen_ai.conversation.id": conversation,
        **({"gen_ai.tool.call.id": call_id} if call_id else {}),
    }
