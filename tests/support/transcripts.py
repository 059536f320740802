"""Transcripts for tests, and the spans they become as plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol, cast

from trainingloop.instrumentation.keys import Keyring
from trainingloop.transcripts import BadRow, Conversation, SpanSettings, read_transcripts, spans_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

SETTINGS = SpanSettings(
    tenant="default", keys=Keyring.of(b"a key of sixteen"), end_ns=1_800_000_000_000_000_000
)


class WritesRows(Protocol):
    """Writes rows to a file, by its suffix as JSONL or as one JSON value."""

    def __call__(self, content: object, name: str = "chats.json") -> Path:
        """Return the file."""
        ...


def asked(name: str, call_id: str | None = "c1", arguments: object = "{}") -> dict[str, object]:
    """Return an assistant's message that asks for one tool."""
    call: dict[str, object] = {
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }
    if call_id is not None:
        call["id"] = call_id
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def told(content: object, call_id: str = "c1", **more: object) -> dict[str, object]:
    """Return a tool's result."""
    return {"role": "tool", "tool_call_id": call_id, "content": content, **more}


def user(content: object = "hello", **more: object) -> dict[str, object]:
    """Return a user's message."""
    return {"role": "user", "content": content, **more}


def assistant(content: object = "hi", **more: object) -> dict[str, object]:
    """Return an assistant's message."""
    return {"role": "assistant", "content": content, **more}


def good(path: Path) -> list[Conversation]:
    """Return the conversations of a file that has no bad rows."""
    found = list(read_transcripts(path))
    assert [row for row in found if isinstance(row, BadRow)] == []
    return [row for row in found if isinstance(row, Conversation)]


def bad(path: Path) -> list[tuple[int, str]]:
    """Return number and reason of the bad rows of a file."""
    return [(row.row, row.reason) for row in read_transcripts(path) if isinstance(row, BadRow)]


def spans(path: Path) -> list[Span]:
    """Return the spans of a file."""
    return [span for conversation in good(path) for span in spans_of(conversation, SETTINGS)]


def decisions(path: Path) -> list[Mapping[str, object]]:
    """Return the attributes of the decisions of a file."""
    return [values(span) for span in spans(path) if span.name.startswith("chat")]


def events(path: Path) -> list[dict[str, object]]:
    """Return what the events of a file say, by the endings of their attributes' names."""
    start = "trainingloop.event."
    told = [
        {name.removeprefix(start): value for name, value in values(span).items() if start in name}
        for span in spans(path)
    ]
    return [event for event in told if event]


def values(span: Span) -> dict[str, object]:
    """Return a span's attributes; what is JSON is parsed."""
    return {attribute.key: _value(attribute.value) for attribute in span.attributes}


def _value(value: AnyValue) -> object:
    if value.WhichOneof("value") == "array_value":
        return [_value(item) for item in value.array_value.values]
    if value.WhichOneof("value") == "int_value":
        return value.int_value
    if value.WhichOneof("value") == "double_value":
        return value.double_value
    text = value.string_value
    return cast("object", json.loads(text)) if text[:1] in ("{", "[") else text
