"""Tools for a model that was never taught any: a choice of JSON stands for them.

The server of the local model lets it choose a tool or not as it pleases, whatever ``tool_choice``
says, and the model writes calls that nobody can read. So the choice becomes a JSON schema, which
the server does enforce, and what comes back becomes a call again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._json import canonical, object_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.chat import JsonObject

_MOST_TOKENS: Final = 300
_USUAL_TOKENS: Final = 160
"""The model is small, and says the same again and again when nothing stops it."""
_TAKEN: Final = ("frequency_penalty", "presence_penalty", "seed", "stop", "temperature", "top_p")
_LIMITS: Final = ("max_completion_tokens", "max_tokens")
_INTRODUCTION: Final = (
    'Answer in JSON: "reply" with what you say to the customer, or "tool" and "arguments" to use '
    "one of these tools:"
)


def plain_request(body: JsonObject, *, is_loose: bool = False) -> JsonObject:
    """Return a chat request without tools that asks for the same.

    Args:
        body: as the chat API takes it.
        is_loose: whether arguments may be any object; for schemas the server cannot enforce.
    """
    tools = _choosable(body)
    messages = [_plain(object_of(message)) for message in _list(body.get("messages"))]
    limit = next((body[name] for name in _LIMITS if isinstance(body.get(name), int)), _USUAL_TOKENS)
    return {
        "messages": _introduced(messages, tools) if tools else messages,
        "max_tokens": min(cast("int", limit), _MOST_TOKENS),
        **{name: body[name] for name in _TAKEN if name in body},
        **(
            {"response_format": _choice(tools, body.get("tool_choice"), is_loose=is_loose)}
            if tools
            else {name: body[name] for name in ("response_format",) if name in body}
        ),
    }


def with_calls(completion: JsonObject, asked: JsonObject) -> JsonObject:
    """Return an answer in which a chosen tool is a call again."""
    if not _choosable(asked):
        return completion
    choice = object_of(_list(completion.get("choices"))[0])
    text = str(object_of(choice.get("message")).get("content") or "")
    said = object_of(text)
    message: JsonObject = {"role": "assistant", "content": said.get("reply", text)}
    reason = choice.get("finish_reason")
    if "tool" in said:
        message, reason = _call(said), "tool_calls"
    return {**completion, "choices": [{"index": 0, "finish_reason": reason, "message": message}]}


def _choosable(body: JsonObject) -> list[JsonObject]:
    if body.get("tool_choice") == "none":
        return []
    return [object_of(object_of(tool).get("function")) for tool in _list(body.get("tools"))]


def _plain(message: JsonObject) -> JsonObject:
    """Return a message of the history in words: the model's template knows no calls."""
    role, content = message.get("role"), _text(message.get("content"))
    if role == "tool":
        return {"role": "user", "content": f"The tool returned: {content}"}
    calls = [
        object_of(object_of(call).get("function")) for call in _list(message.get("tool_calls"))
    ]
    asked = [
        canonical({"tool": call.get("name"), "arguments": object_of(call.get("arguments"))})
        for call in calls
    ]
    known = role if role in ("assistant", "user") else "system"
    return {"role": known, "content": "\n".join(filter(None, [content, *asked]))}


def _introduced(messages: Sequence[JsonObject], tools: Sequence[JsonObject]) -> list[JsonObject]:
    text = "\n".join([_INTRODUCTION, *map(_line, tools)])
    if messages and messages[0]["role"] == "system":
        return [
            {"role": "system", "content": f"{messages[0]['content']}\n\n{text}"},
            *messages[1:],
        ]
    return [{"role": "system", "content": text}, *messages]


def _line(tool: JsonObject) -> str:
    names = ", ".join(object_of(object_of(tool.get("parameters")).get("properties")))
    description = str(tool.get("description") or "").split("\n")[0]
    return f"- {tool.get('name')}({names}): {description}"


def _choice(tools: Sequence[JsonObject], choice: object, *, is_loose: bool) -> JsonObject:
    named = object_of(object_of(choice).get("function")).get("name")
    offered = [tool for tool in tools if named in (None, tool.get("name"))] or tools
    forms = [_form(tool, is_loose=is_loose) for tool in offered]
    if named is None and choice != "required":
        forms.insert(0, _exactly({"reply": {"type": "string"}}))
    schema: JsonObject = {"anyOf": forms}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def _form(tool: JsonObject, *, is_loose: bool) -> JsonObject:
    anything: JsonObject = {"type": "object"}
    arguments = anything if is_loose else object_of(tool.get("parameters")) or anything
    return _exactly({"tool": {"const": tool.get("name")}, "arguments": arguments})


def _exactly(properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _call(said: JsonObject) -> JsonObject:
    arguments = canonical(object_of(said.get("arguments")))
    name = str(said["tool"])
    digest = hashlib.sha256(f"{name}{arguments}".encode()).hexdigest()[:12]
    function: JsonObject = {"name": name, "arguments": arguments}
    call: JsonObject = {"id": f"call_{digest}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _text(content: object) -> str:
    if isinstance(content, list):
        parts = map(object_of, cast("list[object]", content))
        return "\n".join(str(part.get("text", "")) for part in parts)
    return text_of(content or "")


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
