"""Messages of every shape as the parts the GenAI conventions have."""

from __future__ import annotations

from typing import Final, cast

from trainingloop.collector._dialects._values import first, items, mapping, parsed

_ROLES: Final = {"human": "user", "ai": "assistant", "model": "assistant", "function": "tool"}
_TEXT_TYPES: Final = frozenset({"text", "input_text", "output_text", "refusal"})
_CALL_TYPES: Final = frozenset(
    {"tool_call", "tool-call", "tool_use", "function", "function_call", "toolCall"}
)
_RESPONSE_TYPES: Final = frozenset(
    {"tool_call_response", "tool-result", "tool_result", "function_call_output"}
)
_REASONING_TYPES: Final = frozenset({"reasoning", "thinking"})

Message = dict[str, object]
Part = dict[str, object]


def messages(value: object, *, role: str) -> list[Message]:
    """Return the messages in ``value``.

    Args:
        value: a list of messages, one message, a request or answer that holds some, or a text.
        role: whose message it is when it does not say.
    """
    found = parsed(value)
    if isinstance(found, dict):
        holder = cast("dict[str, object]", found)
        inner = first(holder, "messages", "choices", "contents")
        if isinstance(inner, list):
            return _with_system(holder, messages(cast("object", inner), role=role))
        return [message(holder, role=role)]
    if isinstance(found, list):
        return _from_list(cast("list[object]", found), role)
    if found in (None, ""):
        return []
    return [{"role": role, "parts": [_text(str(found))]}]


def _from_list(found: list[object], role: str) -> list[Message]:
    is_parts = all(
        isinstance(item, dict) and "role" not in item and "message" not in item and "type" in item
        for item in found
    )
    if found and is_parts:
        return [{"role": role, "parts": parts(cast("object", found))}]
    return [message(item, role=role) for item in found]


def _with_system(holder: dict[str, object], found: list[Message]) -> list[Message]:
    """Put the system prompt in front that some interfaces give beside the messages."""
    system = holder.get("system")
    return [*messages(system, role="system"), *found] if system else found


def message(value: object, *, role: str) -> Message:
    """Return one message."""
    if not isinstance(value, dict):
        return {"role": role, "parts": [_text(str(value))]}
    source = cast("dict[str, object]", value)
    inner = source.get("message")
    if isinstance(inner, dict):
        # A choice, or OpenInference's wrapper.
        inside = cast("dict[str, object]", inner)
        return message({"finish_reason": source.get("finish_reason"), **inside}, role=role)
    given = str(first(source, "role", "type") or role)
    spoken = _ROLES.get(given, given)
    found: Message = {
        "role": spoken if spoken in ("system", "developer", "user", "assistant", "tool") else role,
        "parts": _parts_of(source),
    }
    if finish := source.get("finish_reason"):
        found["finish_reason"] = finish
    return found


def parts(value: object) -> list[Part]:
    """Return the parts in a message's content."""
    found = parsed(value)
    if isinstance(found, list):
        return [_part(item) for item in cast("list[object]", found)]
    if isinstance(found, dict):
        return [_part(cast("object", found))]
    return [_text(str(value))] if value not in (None, "") else []


def tool_call(value: object) -> Part:
    """Return one tool a model asked for."""
    source = mapping(value)
    source = mapping(first(source, "tool_call", "toolUse", "functionCall")) or source
    function = mapping(source.get("function"))
    called = {**source, **function} if function else source
    arguments = first(called, "arguments", "args", "input", "parameters")
    part: Part = {
        "type": "tool_call",
        "name": first(called, "name", "toolName", "tool_name") or "",
        "arguments": parsed(arguments) if arguments is not None else {},
    }
    # ``call_id`` is the Responses API's; its ``id`` names the item and not the call.
    if identity := first(source, "call_id", "toolCallId", "toolUseId", "tool_call_id", "id"):
        part["id"] = identity
    return part


def tool_response(value: object) -> Part:
    """Return what a tool gave back."""
    source = mapping(value)
    source = mapping(source.get("toolResult")) or source
    response = first(source, "response", "result", "output", "content")
    wrapped = mapping(response)
    if set(wrapped) == {"type", "value"}:
        response = wrapped["value"]
    part: Part = {"type": "tool_call_response", "response": parsed(response)}
    identity = first(
        source, "toolCallId", "tool_use_id", "toolUseId", "tool_call_id", "call_id", "id"
    )
    if identity:
        part["id"] = identity
    return part


def _parts_of(source: dict[str, object]) -> list[Part]:
    if isinstance(source.get("parts"), list):
        return parts(source["parts"])
    if source.get("role") in ("tool", "function") and "tool_call_id" in source:
        return [tool_response({"id": source["tool_call_id"], "content": source.get("content")})]
    found: list[Part] = []
    if reasoning := first(source, "reasoning_content", "reasoning"):
        found.append({"type": "reasoning", "content": reasoning})
    content = first(source, "contents", "content", "text")
    # An object in a message's text is JSON the assistant wrote; a list is parts.
    found += [_text(content)] if isinstance(content, str) and content[:1] == "{" else parts(content)
    found += [tool_call(call) for call in items(first(source, "tool_calls", "toolCalls"))]
    if function_call := mapping(source.get("function_call")):
        found.append(tool_call(function_call))
    return found


def _part(value: object) -> Part:
    if not isinstance(value, dict):
        return _text(str(value))
    source = cast("dict[str, object]", value)
    source = mapping(source.get("message_content")) or source
    kind = str(source.get("type", ""))
    if kind in _CALL_TYPES or "toolUse" in source or "functionCall" in source:
        return tool_call(source)
    if kind in _RESPONSE_TYPES or "toolResult" in source:
        return tool_response(source)
    if kind in _REASONING_TYPES:
        return {"type": "reasoning", "content": first(source, "content", "text", "thinking") or ""}
    text = first(source, "content", "text", "refusal")
    if (kind in _TEXT_TYPES or not kind) and text is not None:
        return _text(str(text))
    return {**source, "type": kind or "unknown"}


def _text(text: str) -> Part:
    return {"type": "text", "content": text}


def tool_definitions(value: object) -> list[dict[str, object]]:
    """Return the tools that were offered, each as the conventions describe one."""
    return [_definition(item) for item in items(value)]


def _definition(value: object) -> dict[str, object]:
    source = mapping(value)
    source = mapping(source.get("tool")) or source
    source = mapping(source.get("json_schema")) or source
    described = {**source, **mapping(source.get("function"))}
    found: dict[str, object] = {
        "type": "function",
        "name": first(described, "name", "toolName") or "",
    }
    if description := described.get("description"):
        found["description"] = description
    schema = first(described, "parameters", "inputSchema", "input_schema", "parameters_json_schema")
    if schema is not None:
        found["parameters"] = parsed(schema)
    return found


def finish_reasons(found: list[Message]) -> list[str]:
    """Take the finish reasons out of answers and return them."""
    reasons = (message.pop("finish_reason", None) for message in found)
    return [str(reason) for reason in reasons if reason]
