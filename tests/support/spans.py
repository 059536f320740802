"""Rows of spans for tests of the store and of what reads from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from trainingloop.instrumentation import semconv
from trainingloop.store import SpanRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""When `span_row` and its callers begin, unless they are told."""

EVERYTHING: dict[str, object] = {
    "since": datetime(2000, 1, 1, tzinfo=UTC),
    "until": datetime(2100, 1, 1, tzinfo=UTC),
    **dict.fromkeys(
        (
            "kind",
            "model",
            "playbook",
            "playbook_version",
            "prompt",
            "prompt_version",
            "code_version",
            "cohort",
            "variant",
            "channel",
            "status",
            "service",
            "tool",
            "thread",
            "text",
        ),
        "",
    ),
}
"""Decision filter parameters that leave every decision."""


def span_row(
    name: str,
    attributes: Mapping[str, str],
    *,
    number: int,
    conversation: str = "c-1",
    tenant: str = "default",
    seconds: float = 0,
    status_code: str = "Unset",
) -> SpanRow:
    """Return a span whose ids are made from ``number``, ``seconds`` after `START`."""
    return SpanRow(
        timestamp_ns=int((START.timestamp() + seconds) * 1e9),
        trace_id=sha256(conversation.encode()).hexdigest()[:32],
        span_id=f"{number:016x}",
        parent_span_id="",
        trace_state="",
        span_name=name,
        span_kind="Internal",
        service_name="test-agent",
        resource_attributes={semconv.SERVICE_INSTANCE_ID: "instance-1"},
        scope_name="test",
        scope_version="1",
        span_attributes={
            semconv.TENANT_ID: tenant,
            semconv.CONVERSATION_ID: conversation,
            **attributes,
        },
        duration_ns=5_000_000,
        status_code=status_code,
        status_message="",
        events_timestamp_ns=[],
        events_name=[],
        events_attributes=[],
        links_trace_id=[],
        links_span_id=[],
        links_trace_state=[],
        links_attributes=[],
    )


def model_turn(
    *,
    number: int,
    text: str = "",
    calls: Sequence[Mapping[str, object]] = (),
    conversation: str = "c-1",
    tenant: str = "default",
    seconds: float = 0,
    more: Mapping[str, str] | None = None,
) -> SpanRow:
    """Return a stored chat span that answered with ``text`` or asked for ``calls``."""
    attributes = {
        semconv.DECISION_KIND: "tool_call" if calls else "message",
        semconv.OPERATION_NAME: "chat",
        semconv.REQUEST_MODEL: "demo-large",
        semconv.OUTPUT_TEXT: text,
        **({semconv.TOOL_CALLS: json.dumps(list(calls))} if calls else {}),
        **(more or {}),
    }
    return span_row(
        "chat demo-large",
        attributes,
        number=number,
        conversation=conversation,
        tenant=tenant,
        seconds=seconds,
    )


def tool_request(call_id: str, tool: str, arguments_hash: str = "h") -> dict[str, object]:
    """Return one tool call as a model's answer holds it."""
    return {"id": call_id, "name": tool, "arguments": {"n": 1}, "arguments_hash": arguments_hash}


def tool_run(
    tool: str,
    *,
    number: int,
    call_id: str = "",
    arguments_hash: str = "h",
    conversation: str = "c-1",
    seconds: float = 0,
) -> SpanRow:
    """Return a stored execute_tool span."""
    attributes = {
        semconv.DECISION_KIND: "tool_call",
        semconv.OPERATION_NAME: "execute_tool",
        semconv.TOOL_NAME: tool,
        semconv.TOOL_CALL_ARGUMENTS: '{"n":1}',
        semconv.TOOL_ARGUMENTS_HASH: arguments_hash,
        semconv.TOOL_CALL_RESULT: "done",
        **({semconv.TOOL_CALL_ID: call_id} if call_id else {}),
    }
    return span_row(
        f"execute_tool {tool}",
        attributes,
        number=number,
        conversation=conversation,
        seconds=seconds,
    )


def event_row(
    kind: str, *, number: int, text: str = "", conversation: str = "c-1", seconds: float = 0
) -> SpanRow:
    """Return a stored event span."""
    return span_row(
        f"record {kind}",
        {semconv.EVENT_KIND: kind, semconv.EVENT_TEXT: text},
        number=number,
        conversation=conversation,
        seconds=seconds,
    )
