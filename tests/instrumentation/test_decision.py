"""What a span says about a decision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.instrumentation import decision, fingerprint, semconv

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

_SYSTEM = {"role": "system", "parts": [{"type": "text", "content": "Book tables."}]}
_USER = {"role": "user", "parts": [{"type": "text", "content": "A table, please."}]}
_CALL = {"type": "tool_call", "id": "call_1", "name": "book", "arguments": {"day": "Friday"}}
_TOOLS = [{"type": "function", "name": "book"}, {"type": "function", "name": "cancel"}]

_OUR_NAMES = {name for name in vars(semconv).values() if isinstance(name, str)}


def _turn(*output_parts: object) -> dict[str, AttributeValue]:
    return {
        semconv.OPERATION_NAME: "chat",
        semconv.REQUEST_MODEL: "gpt-4o",
        semconv.INPUT_MESSAGES: json.dumps([_SYSTEM, _USER]),
        semconv.OUTPUT_MESSAGES: json.dumps([{"role": "assistant", "parts": list(output_parts)}]),
        semconv.TOOL_DEFINITIONS: json.dumps(_TOOLS),
    }


def test_a_model_turn_gets_its_whole_fingerprint() -> None:
    """Kind, prompt, tools, code version, cohort and source are added in one go."""
    attributes = _turn({"type": "text", "content": "Which day?"})

    added = decision.fingerprint_attributes(
        "chat gpt-4o", attributes, {semconv.VCS_REVISION: "ab" * 20}
    )

    digest = fingerprint.prompt_hash("Book tables.")
    assert added == {
        semconv.DECISION_KIND: "message",
        semconv.PROMPT_HASH: digest,
        semconv.TOOLS_NAMES: ["book", "cancel"],
        semconv.TOOLS_HASH: fingerprint.tools_hash(_TOOLS),
        semconv.CODE_VERSION: "abababababab",
        semconv.SOURCE: "otlp",
        semconv.COHORT: f"prompt_{digest[:8]}",
    }


def test_instructions_count_as_the_prompt() -> None:
    """The Responses API keeps the system prompt apart; it has the same hash."""
    attributes: dict[str, AttributeValue] = {
        semconv.OPERATION_NAME: "chat",
        semconv.SYSTEM_INSTRUCTIONS: json.dumps([{"type": "text", "content": "Book tables."}]),
    }

    added = decision.fingerprint_attributes("chat", attributes, {})

    assert added[semconv.PROMPT_HASH] == fingerprint.prompt_hash("Book tables.")


def test_one_tool_call_makes_the_turn_a_tool_call() -> None:
    """A turn that answers and asks for a tool is one decision of kind tool_call."""
    attributes = _turn({"type": "text", "content": "One moment."}, _CALL)

    added = decision.fingerprint_attributes("chat gpt-4o", attributes, {})

    assert added[semconv.DECISION_KIND] == "tool_call"


def test_finish_reason_tells_the_kind_when_content_is_missing() -> None:
    """A turn recorded without content is still told from its finish reason."""
    attributes: dict[str, AttributeValue] = {
        semconv.OPERATION_NAME: "chat",
        semconv.FINISH_REASONS: ("tool_calls",),
    }

    added = decision.fingerprint_attributes("chat", attributes, {})

    assert added[semconv.DECISION_KIND] == "tool_call"


def test_known_facts_are_left_alone() -> None:
    """What the agent's process already stamped is not computed again."""
    stamped: dict[str, AttributeValue] = {
        semconv.DECISION_KIND: "message",
        semconv.PROMPT_HASH: "0" * 16,
        semconv.TOOLS_HASH: "1" * 16,
        semconv.TOOLS_NAMES: ["book"],
        semconv.CODE_VERSION: "v1",
        semconv.COHORT: "booking_v1",
        semconv.SOURCE: "sdk",
    }

    added = decision.fingerprint_attributes("chat", _turn(_CALL) | stamped, {})

    assert added == {}


@pytest.mark.parametrize("operation", ["invoke_agent", "embeddings", None])
def test_other_spans_are_no_decisions(operation: str | None) -> None:
    """A span that decides nothing gets no fingerprint and no description."""
    attributes: dict[str, AttributeValue] = {semconv.OPERATION_NAME: operation} if operation else {}

    assert decision.fingerprint_attributes("GET /", attributes, {}) == {}
    assert decision.describe(attributes) == {}


def test_description_holds_answer_question_and_calls() -> None:
    """Lists and search get the answer, the newest question and what was asked of tools."""
    attributes = _turn({"type": "text", "content": "One moment."}, _CALL)

    described = decision.describe(attributes)

    assert described[semconv.OUTPUT_TEXT] == "One moment."
    assert described[semconv.INPUT_TEXT] == "A table, please."
    assert json.loads(str(described[semconv.TOOL_CALLS])) == [
        {
            "id": "call_1",
            "name": "book",
            "arguments": {"day": "Friday"},
            "arguments_hash": fingerprint.arguments_hash({"day": "Friday"}),
        }
    ]


def test_an_executed_tool_hashes_like_the_call_that_asked_for_it() -> None:
    """The store can find the call of an execute_tool span that lost its id."""
    executed: dict[str, AttributeValue] = {
        semconv.OPERATION_NAME: "execute_tool",
        semconv.TOOL_CALL_ARGUMENTS: '{"day": "Friday"}',
    }

    described = decision.describe(executed)

    asked = json.loads(str(decision.describe(_turn(_CALL))[semconv.TOOL_CALLS]))
    assert described == {semconv.TOOL_ARGUMENTS_HASH: asked[0]["arguments_hash"]}


@given(
    operation=st.sampled_from(["chat", "execute_tool", "evaluate_playbook", "nonsense"]),
    content=st.text()
    | st.binary()
    | st.integers()
    | st.recursive(
        st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(json.dumps),
)
def test_malformed_content_is_passed_over(operation: str, content: AttributeValue) -> None:
    """Whatever stands in the content attributes, nothing is raised."""
    attributes: dict[str, AttributeValue] = {
        semconv.OPERATION_NAME: operation,
        semconv.INPUT_MESSAGES: content,
        semconv.OUTPUT_MESSAGES: content,
        semconv.SYSTEM_INSTRUCTIONS: content,
        semconv.TOOL_DEFINITIONS: content,
        semconv.TOOL_CALL_ARGUMENTS: content,
        semconv.FINISH_REASONS: content,
    }

    added = decision.fingerprint_attributes("x", attributes, {})
    described = decision.describe(attributes)

    assert set(added) | set(described) <= _OUR_NAMES


@pytest.mark.parametrize("operation", [["chat"], {"a": 1}, 7, None])
def test_an_operation_that_is_no_text_is_no_decision(operation: object) -> None:
    """Anybody's span comes through here: a list as the operation's name raises nothing."""
    attributes = cast("dict[str, AttributeValue]", {semconv.OPERATION_NAME: operation})

    assert decision.fingerprint_attributes("chat", attributes, {}) == {}
    assert decision.describe(attributes) == {}
