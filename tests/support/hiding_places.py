"""Spans with personal data in every place a span has for it, and requests that are refused."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from support.otlp import START_NS, chat_attributes, key_values, otlp_span, tool_attributes
from support.planted import Planted, twice

if TYPE_CHECKING:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

_OF_TEXT = (
    "url.full",
    "url.path",
    "http.request.header.x-note",
    "user_agent.original",
    "db.query.text",
    "db.query.parameter.0",
    "messaging.message.body",
    "baggage.customer",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.prompt.0.content",
    "gen_ai.completion.0.content",
    "llm.input_messages.0.message.content",
    "llm.output_messages.0.message.content",
    "traceloop.entity.input",
    "traceloop.entity.output",
    "input.value",
    "output.value",
    "retrieval.documents.0.document.content",
    "ai.prompt",
    "ai.response.text",
    "langfuse.observation.input",
    "all_messages_events",
    "error.message",
    "trainingloop.request.params",
    "trainingloop.playbook.rules",
    "trainingloop.playbook.settings",
    "trainingloop.event.reason",
    "trainingloop.event.text",
    "trainingloop.output.text",
    "trainingloop.input.text",
    "trainingloop.redaction.note",
    "trainingloop.recorder.note",
    "trainingloop.experiment.id",
    "trainingloop.channel",
    "gen_ai.agent.name",
    "gen_ai.agent.description",
    "gen_ai.request.model",
    "gen_ai.response.id",
    "gen_ai.usage.note",
    "gen_ai.conversation.id",
    "enduser.pseudo.id",
    "service.peer.name",
    "telemetry.note",
    "process.runtime.description",
    "exception.type",
    "error.type",
    "server.address",
)
_PRIVATE_KEYS = {
    "user.email": "email",
    "user.id": "email",
    "enduser.id": "phone",
    "client.address": "ip",
    "http.request.header.authorization": "secret",
    "customer.phone": "phone",
    "born": "born",
    "user_dob": "born",
    "ssn": "ssn",
    "credit_card": "card",
    "iban": "iban",
}


class Planter:
    """Plants one person at each place it is asked for, and remembers where."""

    def __init__(self, origin: str, *, first: int) -> None:
        self._origin = origin
        self._next = first
        self.planted: list[Planted] = []

    def __call__(self, place: str) -> Planted:
        """Return the person of a place."""
        person = Planted(place=f"{self._origin}: {place}", number=self._next)
        self._next += 1
        self.planted.append(person)
        return person


def plant(request: ExportTraceServiceRequest, at: Planter) -> None:
    """Fill a request with spans that hide personal data, one in each place."""
    resource_spans = request.resource_spans.add(schema_url=at("resource schema").text)
    resource_spans.resource.attributes.extend(
        key_values(
            {
                "service.name": at("service.name").email,
                "service.instance.id": at("service.instance.id").phone,
                "process.command_line": f"agent --to {at('process.command_line').text}",
                "process.command_args": ["agent", "--to", at("process.command_args").text],
                "process.owner": at("process.owner").text,
                "host.note": at("resource attribute").text,
                at("resource key").email: 1,
            }
        )
    )
    scope_spans = resource_spans.scope_spans.add(schema_url=at("scope schema").text)
    scope_spans.scope.name = f"lib {at('scope name').text}"
    scope_spans.scope.version = f"1.0 {at('scope version').text}"
    scope_spans.scope.attributes.extend(key_values({"note": at("scope attribute").text}))
    scope_spans.spans.extend([_parts(at), _values(at), _messages(at), _tool(at), _event(at)])
    scope_spans.spans.extend(_identified(at))
    scope_spans.spans.extend(_malformed(at))


def _parts(at: Planter) -> Span:
    span = otlp_span(
        chat_attributes(), number=1, name=f"chat {at('span name').text}", trace="parts"
    )
    span.status.message = at("status").text
    span.status.code = span.status.STATUS_CODE_ERROR
    span.trace_state = f"note={at('trace state').email}"
    event = span.events.add(name=at("event name").text, time_unix_nano=START_NS)
    stack = f'Traceback\n  File "a.py"\nValueError: {at("stacktrace").text}'
    attributes = {
        "exception.message": at("exception message").text,
        "exception.stacktrace": stack,
        "exception.type": at("event exception type").text,
        at("event key").email: 1,
        "gen_ai.input.messages": _json_messages(at("event messages").text),
    }
    event.attributes.extend(key_values(attributes))
    link = span.links.add(trace_id=b"t" * 16, span_id=b"s" * 8)
    link.trace_state = f"note={at('link trace state').email}"
    link.attributes.extend(key_values({"note": at("link attribute").text}))
    return span


def _values(at: Planter) -> Span:
    values: dict[str, object] = {
        at("attribute key").email: 1,
        f"note.{at('phone in key').phone}": 1,
        "note": at("text").text,
        "list": ["a", at("list").text],
        "map": {"deep": [{"deeper": {"text": at("nested map").text}}]},
        "map of keys": {at("nested key").email: {"x": 1}},
        "bytes": at("bytes").text.encode(),
        "nested bytes": {"raw": [at("nested bytes").text.encode()]},
        "whole number": int(at("card as number").card),
        "numbers": {"phone": int(at("phone as number").phone.replace(" ", "").lstrip("+"))},
        "json": json.dumps({"a": [at("json").text]}),
        "json twice": twice({"a": at("json twice").text}),
        "json three times": json.dumps(twice({"a": at("json three times").text})),
        "json escaped": "".join(f"\\u{ord(c):04x}" for c in at("escaped").email),
        "json cut": json.dumps({"a": at("json cut").text, "b": "x"})[:-9],
        "python": str({"a": at("python literal").text, "b": None}),
        "url": f"https://example.com/?q={quote(at('percent').text)}&x=1",
        "url.query": f"mail={quote(at('url.query').email, safe='')}",
        "data": f"data:text/plain;base64,{_base64(at('data url').text)}",
        "file": f"/tmp/{at('file name').email}/invoice.pdf",
        "html": f"<b>{at('html').text}</b>",
    }
    return otlp_span(values, number=2, name="work", trace="values")


def _messages(at: Planter) -> Span:
    attributes = chat_attributes(
        f"answer: {at('answer').text}",
        question=f"question: {at('question').text}",
        calls=[
            {
                "id": "call_1",
                "name": "book",
                "arguments": {"note": at("call argument").text, at("call argument key").email: 1},
            },
            {"id": "call_2", "name": "book", "arguments": twice({"a": at("call text").text})},
        ],
    )
    attributes.update({key: at(key).text for key in _OF_TEXT})
    attributes |= {key: getattr(at(key), kind) for key, kind in _PRIVATE_KEYS.items()}
    attributes["gen_ai.response.finish_reasons"] = ["stop", at("finish reason").text]
    return otlp_span(attributes, number=3, trace="messages")


def _tool(at: Planter) -> Span:
    attributes = tool_attributes(arguments=json.dumps({"note": at("tool argument").text}))
    attributes["gen_ai.tool.call.result"] = json.dumps({"rows": [{"x": at("tool result").text}]})
    attributes["gen_ai.tool.call.id"] = at("tool call id").email
    attributes["gen_ai.tool.name"] = f"book {at('tool name').email}"
    return otlp_span(attributes, number=4, name="execute_tool book", trace="tool")


def _event(at: Planter) -> Span:
    attributes = {
        "trainingloop.event.kind": "escalation",
        "trainingloop.event.reason": at("event reason").text,
        "trainingloop.event.target": at("event target").email,
        "trainingloop.event.text": at("event text").text,
        "trainingloop.event.id": at("event id").phone,
        "gen_ai.conversation.id": at("event's conversation").phone,
    }
    return otlp_span(attributes, number=5, name="record escalation", trace="event")


def _identified(at: Planter) -> list[Span]:
    """Conversations whose ids are personal data."""
    digits = at("conversation is a WhatsApp id").phone.replace(" ", "").lstrip("+")
    ids = [
        at("conversation is a phone number").phone,
        f"{digits}@s.whatsapp.net",
        at("conversation is a mail address").email,
        at("conversation is digits").phone.replace(" ", "").lstrip("+"),
        f"whatsapp:{at('conversation is a channel address').phone.replace(' ', '')}",
    ]
    return [
        otlp_span(chat_attributes(conversation=text), number=10 + number, trace=f"id {number}")
        for number, text in enumerate(ids)
    ]


def _malformed(at: Planter) -> list[Span]:
    """Spans that are rejected one by one."""
    early = otlp_span(chat_attributes(at("too early").text), number=20)
    early.start_time_unix_nano = 1
    no_id = otlp_span(chat_attributes(at("no id").text), number=21)
    no_id.span_id = b""
    no_tenant = otlp_span({"trainingloop.tenant.id": at("tenant").text}, number=22)
    return [early, no_id, no_tenant]


def refused_bodies(at: Planter) -> dict[str, bytes]:
    """Return bodies no receiver takes, by their content type."""
    return {
        "application/x-protobuf": b"\xff" + at("malformed protobuf").text.encode(),
        "application/json": json.dumps({"resourceSpans": at("malformed JSON").text}).encode(),
        "text/plain": at("other type").text.encode(),
    }


def _json_messages(text: str) -> str:
    return json.dumps([{"role": "user", "parts": [{"type": "text", "content": text}]}])


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
