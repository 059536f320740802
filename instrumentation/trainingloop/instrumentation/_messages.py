"""Reading the messages of a model call, whatever state they arrive in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOOL_CALL: Final = "tool_call"
_TEXT: Final = "text"
SYSTEM_ROLES: Final = frozenset({"system", "developer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A tool the model asked for."""

    id: str
    name: str
    arguments: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: who wrote it, and its parts as they were recorded."""

    role: str
    parts: Sequence[Mapping[str, object]]

    @property
    def text(self) -> str:
        """The text parts, one below the other."""
        return _text_of(self.parts)

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tools this message asks for."""
        return [
            ToolCall(
                id=_string(part.get("id")),
                name=_string(part.get("name")),
                arguments=part.get("arguments"),
            )
            for part in self.parts
            if part.get("type") == _TOOL_CALL
        ]


def read_messages(value: object, *, roles: frozenset[str] | None = None) -> list[Message]:
    """The messages in a span attribute, of all roles or some; none when it holds anything else."""
    return [
        Message(role=_string(item.get("role")), parts=_parts_of(item))
        for item in _mappings(parse(value))
        if roles is None or item.get("role") in roles
    ]


def newest_text(value: object, *, role: str) -> str:
    """The text of the last message with text of that role; empty when there is none.

    Histories are long and the last message is what is asked for: only it is looked into.
    """
    for item in reversed(_mappings(parse(value))):
        if item.get("role") == role and (text := _text_of(_parts_of(item))):
            return text
    return ""


def read_instructions(value: object) -> str:
    """The text of ``gen_ai.system_instructions``; empty when it holds anything else."""
    parsed = parse(value)
    return parsed if isinstance(parsed, str) else _text_of(_mappings(parsed))


def read_tool_names(value: object) -> list[str]:
    """The names in ``gen_ai.tool.definitions``, in the order the tools were offered."""
    names: list[str] = []
    for definition in _mappings(parse(value)):
        # The chat API nests the function; the conventions do not.
        nested = definition.get("function")
        source = cast("Mapping[str, object]", nested) if isinstance(nested, dict) else definition
        name = _string(source.get("name")) or _string(definition.get("type"))
        if name:
            names.append(name)
    return names


def parse(value: object) -> object:
    """The value a JSON text stands for; anything that is no JSON text as it is."""
    if not isinstance(value, str | bytes):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _parts_of(message: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    content = message.get("content")
    if "parts" not in message and isinstance(content, str):
        return [{"type": _TEXT, "content": content}]
    return _mappings(message.get("parts"))


def _text_of(parts: Sequence[Mapping[str, object]]) -> str:
    texts = (part.get("content") for part in parts if part.get("type") == _TEXT)
    return "\n".join(text for text in texts if isinstance(text, str) and text)


def _mappings(value: object) -> Sequence[Mapping[str, object]]:
    # Parsed JSON and recorded attributes are plain lists, tuples and dicts; asking for the
    # abstract classes instead took a third of the time of describing a decision.
    if not isinstance(value, list | tuple):
        return ()
    items = cast("Sequence[object]", value)
    return [cast("Mapping[str, object]", item) for item in items if isinstance(item, dict)]


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
