"""Reading recorded messages, tools and rules in whatever state they arrive."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.analytics_app._messages import (
    Block,
    ChatMessage,
    RuleCheck,
    chat_messages,
    entity_counts,
    instructions,
    offered_tools,
    rule_checks,
    system_prompt,
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
_ANYTHING = st.text() | _JSON.map(json.dumps)


@given(_ANYTHING)
def test_nothing_that_was_recorded_makes_a_page_fail(recorded: str) -> None:
    """Whatever the text, each reader returns something to show."""
    messages = chat_messages(recorded)

    assert isinstance(system_prompt(recorded, messages), str)
    assert isinstance(offered_tools(recorded), tuple)
    assert isinstance(rule_checks(recorded), tuple)
    assert isinstance(entity_counts(recorded), dict)


def test_parts_of_the_genai_conventions_become_blocks() -> None:
    """Text, reasoning, a tool call and its result."""
    parts = [
        {"type": "text", "content": "Let me see."},
        {"type": "reasoning", "content": "Friday is near."},
        {"type": "tool_call", "id": "call-1", "name": "book", "arguments": {"day": "Friday"}},
        {"type": "tool_call_response", "id": "call-1", "response": "done"},
    ]

    (message,) = chat_messages(json.dumps([{"role": "assistant", "parts": parts}]))

    assert message == ChatMessage(
        role="assistant",
        blocks=(
            Block(kind="text", body="Let me see."),
            Block(kind="reasoning", body="Friday is near."),
            Block(kind="tool_call", title="book", body='{"day": "Friday"}'),
            Block(kind="tool_result", title="call-1", body="done"),
        ),
    )


def test_messages_of_the_chat_api_become_blocks() -> None:
    """Plain content, and tool calls beside it whose arguments are JSON in a string."""
    call = {"id": "call-1", "function": {"name": "book", "arguments": '{"day":"Friday"}'}}
    history = [
        {"role": "user", "content": "Friday?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call-1", "content": "done"},
    ]

    said, asked, answered = chat_messages(json.dumps(history))

    assert said.blocks == (Block(kind="text", body="Friday?"),)
    assert asked.blocks == (Block(kind="tool_call", title="book", body='{"day": "Friday"}'),)
    assert answered.blocks == (Block(kind="tool_result", title="call-1", body="done"),)


def test_a_part_that_is_not_understood_is_shown_whole() -> None:
    """A part of a later convention is not left out."""
    part = {"type": "hologram", "uri": "holo:1"}

    (message,) = chat_messages(json.dumps([{"role": "user", "parts": [part]}]))

    (block,) = message.blocks
    assert block.kind == "other"
    assert block.title == "hologram"
    assert json.loads(block.body) == part


@pytest.mark.parametrize("recorded", ["[{", "plain words", '"a string"', "{}", "[" * 100_000])
def test_what_is_no_list_of_messages_is_shown_as_text(recorded: str) -> None:
    """Malformed, cut off or nested without end: the reader still sees it."""
    (message,) = chat_messages(recorded)

    assert message.blocks[0].body == recorded


def test_instructions_may_be_plain_text() -> None:
    """Not everybody writes a list of parts."""
    assert instructions("Be brief.") == "Be brief."
    assert instructions('"Be brief."') == "Be brief."
    assert instructions('[{"type":"text","content":"Be brief."}]') == "Be brief."


def test_the_system_prompt_may_stand_among_the_messages() -> None:
    """As the chat API has it."""
    history = chat_messages(
        '[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]'
    )

    assert system_prompt("", history) == "Be brief."


def test_tools_are_read_nested_and_flat() -> None:
    """The chat API nests the function; the conventions and other providers do not."""
    nested = {"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}
    flat = {"name": "cancel", "description": "Cancels", "input_schema": {"type": "object"}}

    tools = offered_tools(json.dumps([nested, flat]))

    assert [(tool.name, tool.description) for tool in tools] == [
        ("book", ""),
        ("cancel", "Cancels"),
    ]
    assert all(json.loads(tool.schema) == {"type": "object"} for tool in tools)


def test_rules_keep_their_order() -> None:
    """The order they were evaluated in is part of the decision."""
    recorded = '[{"rule":"b","fired":true,"reason":"why"},{"rule":"a","fired":false}]'

    assert rule_checks(recorded) == (
        RuleCheck(name="b", is_fired=True, reason="why"),
        RuleCheck(name="a", is_fired=False, reason=""),
    )


def test_entities_come_most_frequent_first() -> None:
    """Equal counts by name."""
    assert list(entity_counts('{"EMAIL":1,"PHONE":3,"CARD":1}')) == ["PHONE", "CARD", "EMAIL"]
