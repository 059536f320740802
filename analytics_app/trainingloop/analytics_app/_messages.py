"""Recorded messages, tools and rules, whatever state they arrive in.

Everything here comes from other people's programs: a part that is not understood is shown as the
JSON it is, and text that is no JSON as the text it is. Nothing is left out and nothing raises.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from trainingloop.analytics_app._format import pretty_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BlockKind = Literal["text", "reasoning", "tool_call", "tool_result", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a message."""

    kind: BlockKind
    body: str
    """Text, or JSON for everything but texts."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """Who said something, and what."""

    role: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTool:
    """A tool the model could have called."""

    name: str
    description: str
    schema: str
    """Its parameters as JSON; the whole definition where it has another shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCheck:
    """A rule of a playbook that was considered."""

    name: str
    is_fired: bool
    reason: str


def chat_messages(recorded: str) -> tuple[ChatMessage, ...]:
    """The messages in ``gen_ai.input.messages`` or ``gen_ai.output.messages``."""
    if not recorded.strip():
        return ()
    parsed = _parsed(recorded)
    if not isinstance(parsed, list):
        return (ChatMessage(role="unknown", blocks=(_as_it_is(recorded),)),)
    return tuple(_message(item) for item in cast("list[object]", parsed))


def instructions(recorded: str) -> str:
    """The text in ``gen_ai.system_instructions``."""
    parsed = _parsed(recorded)
    if isinstance(parsed, str):
        return parsed
    if not isinstance(parsed, list):
        return recorded
    return "\n\n".join(_block(part).body for part in cast("list[object]", parsed))


def system_prompt(recorded: str, history: Sequence[ChatMessage]) -> str:
    """The system prompt, given apart or among the messages."""
    among = (
        block.body
        for message in history
        if message.role in ("system", "developer")
        for block in message.blocks
    )
    return "\n\n".join(text for text in (instructions(recorded), *among) if text)


def offered_tools(recorded: str) -> tuple[OfferedTool, ...]:
    """The tools in ``gen_ai.tool.definitions``."""
    if not recorded.strip():
        return ()
    parsed = _parsed(recorded)
    if not isinstance(parsed, list):
        return (OfferedTool(name="tools", description="", schema=pretty_json(recorded)),)
    return tuple(_tool(item) for item in cast("list[object]", parsed))


def rule_checks(recorded: str) -> tuple[RuleCheck, ...]:
    """The rules in ``trainingloop.playbook.rules``, in the order they were evaluated."""
    if not recorded.strip():
        return ()
    parsed = _parsed(recorded)
    if not isinstance(parsed, list):
        return (RuleCheck(name=recorded, is_fired=False, reason="this record is not readable"),)
    return tuple(_rule(item) for item in cast("list[object]", parsed))


def entity_counts(recorded: str) -> dict[str, int]:
    """The counts by type in ``trainingloop.redaction.entities``, the most frequent first."""
    parsed = _mapping(_parsed(recorded))
    counts = {name: n for name, n in parsed.items() if isinstance(n, int)}
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _message(item: object) -> ChatMessage:
    fields = _mapping(item)
    if not fields:
        return ChatMessage(role="unknown", blocks=(_as_it_is(item),))
    parts = fields.get("parts", fields.get("content"))
    asked = [{"type": "tool_call", **_flat(call)} for call in _list(fields.get("tool_calls"))]
    role = str(fields.get("role") or "unknown")
    if isinstance(parts, list):
        blocks = [_block(part) for part in cast("list[object]", parts)]
    elif parts in (None, ""):
        blocks = []
    else:
        blocks = [_answer(parts, fields) if role == "tool" else _block(parts)]
    return ChatMessage(role=role, blocks=(*blocks, *map(_block, asked)))


def _block(part: object) -> Block:
    if isinstance(part, str):
        return Block(kind="text", body=part)
    fields = _mapping(part)
    match fields.get("type"):
        case "text" | "input_text" | "output_text" | "reasoning" as kind:
            text = fields.get("content", fields.get("text"))
            if isinstance(text, str):
                return Block(kind="reasoning" if kind == "reasoning" else "text", body=text)
        case "tool_call" | "function_call":
            return Block(
                kind="tool_call",
                title=str(fields.get("name") or "unnamed tool"),
                body=pretty_json(fields.get("arguments", "")),
            )
        case "tool_call_response" | "tool_result":
            return _answer(fields.get("response", fields.get("result")), fields)
        case _:
            pass
    return _as_it_is(part)


def _answer(result: object, fields: Mapping[str, object]) -> Block:
    title = fields.get("name") or fields.get("id") or fields.get("tool_call_id") or ""
    return Block(kind="tool_result", title=str(title), body=pretty_json(result))


def _as_it_is(part: object) -> Block:
    if isinstance(part, str):
        return Block(kind="text", body=part)
    return Block(
        kind="other",
        title=str(_mapping(part).get("type") or "part"),
        body=pretty_json(part),
    )


def _tool(item: object) -> OfferedTool:
    fields = _flat(item)
    name = str(fields.get("name") or fields.get("type") or "unnamed tool")
    schema = fields.get("parameters", fields.get("input_schema", item))
    return OfferedTool(
        name=name, description=str(fields.get("description") or ""), schema=pretty_json(schema)
    )


def _rule(item: object) -> RuleCheck:
    fields = _mapping(item)
    return RuleCheck(
        name=str(fields.get("rule") or pretty_json(item)),
        is_fired=fields.get("fired") is True,
        reason=str(fields.get("reason") or ""),
    )


def _flat(item: object) -> dict[str, object]:
    """A tool or call whose name lies under ``function``, as the chat API has it, or beside it."""
    fields = _mapping(item)
    return {**fields, **_mapping(fields.get("function"))}


def _parsed(recorded: str) -> object:
    try:
        return cast("object", json.loads(recorded))
    except (ValueError, RecursionError):
        return None


def _mapping(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
