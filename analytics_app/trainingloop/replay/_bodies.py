"""Messages and tools as each of OpenAI's interfaces takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._json import object_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject

_SYSTEM: Final = frozenset({"system", "developer"})


def chat_body(
    model: str,
    messages: Sequence[JsonObject],
    tools: Sequence[JsonObject],
    params: Mapping[str, object],
) -> JsonObject:
    """Return the arguments of ``chat.completions.create``."""
    return {
        "model": model,
        "messages": list(messages),
        **({"tools": list(tools)} if tools else {}),
        **params,
    }


def responses_body(
    model: str,
    messages: Sequence[JsonObject],
    tools: Sequence[JsonObject],
    params: Mapping[str, object],
) -> JsonObject:
    """Return the arguments of ``responses.create``; the provider is to keep nothing."""
    has_prompt = bool(messages) and messages[0].get("role") in _SYSTEM
    instructions = _plain(messages[0].get("content")) if has_prompt else ""
    rest = messages[1:] if has_prompt else messages
    return {
        "model": model,
        **({"instructions": instructions} if instructions else {}),
        "input": [item for message in rest for item in _items(message)],
        **({"tools": [_flat(tool) for tool in tools]} if tools else {}),
        "store": False,
        **params,
    }


def _items(message: JsonObject) -> Iterator[JsonObject]:
    """Yield what a message is as input: its text, and each call as an item of its own."""
    role = str(message.get("role"))
    if role == "tool":
        yield {
            "type": "function_call_output",
            "call_id": message.get("tool_call_id"),
            "output": _plain(message.get("content")),
        }
        return
    if content := message.get("content"):
        yield {"role": role, "content": _content(role, content)}
    for call in cast("list[object]", message.get("tool_calls") or []):
        function = object_of(object_of(call).get("function"))
        yield {
            "type": "function_call",
            "call_id": object_of(call).get("id"),
            "name": function.get("name"),
            "arguments": function.get("arguments"),
        }


def _content(role: str, content: object) -> object:
    if not isinstance(content, list):
        return content
    kind = "output_text" if role == "assistant" else "input_text"
    parts = map(object_of, cast("list[object]", content))
    return [{"type": kind, "text": part.get("text", "")} for part in parts]


def _plain(content: object) -> str:
    if isinstance(content, list):
        parts = map(object_of, cast("list[object]", content))
        return "\n\n".join(str(part.get("text", "")) for part in parts)
    return text_of(content or "")


def _flat(tool: JsonObject) -> JsonObject:
    """Return a tool without the nesting; the chat API is not strict where nothing is said."""
    return {"type": "function", "strict": False, **object_of(tool.get("function"))}
