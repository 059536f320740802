"""What is exported is what OpenAI takes, and what was recorded."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema
from hypothesis import given, settings
from openai.types.chat import ChatCompletionFunctionToolParam, ChatCompletionMessageParam
from pydantic import TypeAdapter

from support.chats import chats
from support.reviewed import TOOL, asked_for, decided, emptied, exported, returned, said, vote
from support.transcripts import decisions
from trainingloop.exports import ALL, ExportForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.store import Store

_MESSAGES: TypeAdapter[list[Any]] = TypeAdapter(list[ChatCompletionMessageParam])
_TOOLS: TypeAdapter[list[Any]] = TypeAdapter(list[ChatCompletionFunctionToolParam])

_TEXT: dict[str, object] = {"type": "string"}
_ANY: dict[str, object] = {}


def _shape(required: Mapping[str, object], optional: Mapping[str, object] | None = None) -> Any:
    """Return the schema of an object with these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_CALL = _shape(
    {
        "id": {"type": "string", "minLength": 1},
        "type": {"const": "function"},
        "function": _shape({"name": _TEXT, "arguments": _TEXT}),
    }
)
_TOOL = _shape(
    {
        "type": {"const": "function"},
        "function": _shape(
            {"name": _TEXT}, dict.fromkeys(("description", "parameters", "strict"), _ANY)
        ),
    }
)
_ASSISTANT = {
    **_shape(
        {"role": {"const": "assistant"}},
        {"content": _ANY, "tool_calls": {"type": "array", "items": _CALL, "minItems": 1}},
    ),
    "anyOf": [{"required": ["content"]}, {"required": ["tool_calls"]}],
}
_MESSAGE = {
    "oneOf": [
        _shape({"role": {"enum": ["system", "developer", "user"]}, "content": _ANY}),
        _ASSISTANT,
        _shape({"role": {"const": "tool"}, "tool_call_id": _TEXT, "content": _TEXT}),
    ]
}
_INPUT = (
    {"messages": {"type": "array", "items": _MESSAGE, "minItems": 1}},
    {
        "tools": {"type": "array", "items": _TOOL, "minItems": 1},
        "parallel_tool_calls": {"type": "boolean"},
    },
)
_ANSWER = {"type": "array", "items": _ASSISTANT, "minItems": 1, "maxItems": 1}
_SFT = _shape(*_INPUT)
_DPO = _shape(
    {"input": _shape(*_INPUT), "preferred_output": _ANSWER, "non_preferred_output": _ANSWER}
)
"""The published formats of fine-tuning files, FineTuneChatRequestInput and
FineTunePreferenceRequestInput, as far as chat needs them. The openai package ships no validator
for them any more; its types of messages and tools are asked as well."""


def _check(line: dict[str, Any], schema: object) -> None:
    jsonschema.validate(line, cast("dict[str, Any]", schema))
    question = cast("dict[str, Any]", line.get("input", line))
    _MESSAGES.validate_python(question["messages"])
    _TOOLS.validate_python(question.get("tools", []))


def _judged(store: Store) -> None:
    asked = asked_for("c1", arguments={"seats": 2})
    parts = [{"type": "text", "content": "One"}, {"type": "text", "content": "Two"}]
    question: dict[str, object] = {"role": "user", "parts": parts}
    knew = [question, asked, returned("c1", {"ok": True})]
    store.insert_spans(
        [
            decided(1),
            decided(2, knew=knew, tools=[TOOL], params={"parallel_tool_calls": True}),
            decided(3, answered=[asked_for("c1")], tools=[TOOL]),
            decided(4, knew=knew, tools=[TOOL], answered=[said("assistant", "No.")]),
        ]
    )
    for number in (1, 2, 3):
        vote(store, number, 1, correction="Until seven." if number == 3 else "")
    vote(store, 4, -1)


def test_examples_are_what_openai_takes(store: Store) -> None:
    """Known keys only, ids and arguments as texts."""
    _judged(store)

    lines = exported(store, ExportForm.SFT).lines

    assert len(lines) == 3
    for line in lines:
        _check(line, _SFT)


def test_pairs_are_what_openai_takes(store: Store) -> None:
    """From corrections and from opposite votes."""
    _judged(store)

    lines = exported(store, ExportForm.DPO).lines

    assert len(lines) == 2
    for line in lines:
        _check(line, _DPO)


# --- What was recorded ------------------------------------------------------------------------
def _recorded(messages: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return what importing a chat records of each of its decisions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.json"
        path.write_text(json.dumps([{"id": "c", "model": "m", "messages": messages}]))
        return decisions(path)


@settings(max_examples=15, deadline=None)
@given(messages=chats())
def test_an_example_is_the_decision_that_was_recorded(
    opened: Store, messages: list[dict[str, object]]
) -> None:
    """What was said goes through recording, store and export and is what was said."""
    store = emptied(opened)
    rows = [
        decided(
            number,
            system="",
            knew=cast("Any", knew["gen_ai.input.messages"]),
            answered=cast("Any", knew["gen_ai.output.messages"]),
        )
        for number, knew in enumerate(_recorded(messages), 1)
    ]
    store.insert_spans(rows)

    lines = exported(store, ExportForm.SFT, only=ALL).lines

    ends = [number for number, message in enumerate(messages, 1) if message["role"] == "assistant"]
    assert [line["messages"] for line in lines] == [messages[:end] for end in ends]
