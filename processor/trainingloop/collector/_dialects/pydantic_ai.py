"""Pydantic AI and Logfire: agent runs around model turns, in three versions of the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._anyvalue import json_text
from trainingloop.collector._dialects import genai
from trainingloop.collector._dialects._messages import messages, tool_definitions
from trainingloop.collector._dialects._values import (
    Attributes,
    fill,
    first,
    items,
    mapping,
    pop_first,
    rename,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from typing import Any

    from trainingloop.collector._draft import Draft

NAME: Final = "pydantic_ai"

_SCOPE: Final = "pydantic-ai"
_RUN_CONTENT: Final = ("all_messages_events", "pydantic_ai.all_messages", "final_result")
_ROLES: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether Pydantic AI made the span, or Logfire recorded a model call."""
    attributes = draft.attributes
    return (
        draft.scope_name == _SCOPE
        or "pydantic_ai" in families
        or "all_messages_events" in attributes
        or ("logfire" in families and not families.isdisjoint({"gen_ai", "request_data"}))
    )


def translate(draft: Draft) -> None:
    """Write model turns and tool runs in the conventions; an agent run is no decision itself."""
    attributes = draft.attributes
    if any(name in attributes for name in _RUN_CONTENT[:2]):
        # The whole conversation once more, and the sums of the turns below it.
        pop_first(attributes, *_RUN_CONTENT)
        attributes[semconv.OPERATION_NAME] = semconv.OPERATION_INVOKE_AGENT
        rename(attributes, (("agent_name", semconv.AGENT_NAME),))
    elif "tool_arguments" in attributes or "tool_response" in attributes:
        fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_EXECUTE_TOOL)
        rename(
            attributes,
            (
                ("tool_arguments", semconv.TOOL_CALL_ARGUMENTS),
                ("tool_response", semconv.TOOL_CALL_RESULT),
            ),
        )
    elif "events" in attributes:
        _translate_events(attributes)
    elif "request_data" in attributes:
        _translate_logfire(attributes)
    _translate_tools(attributes)


def _translate_events(attributes: Attributes) -> None:
    """Read the first version of the format: a list of events in one attribute."""
    given: list[dict[str, object]] = []
    answered: list[dict[str, object]] = []
    for item in items(attributes.pop("events")):
        event = mapping(item)
        name = str(event.get("event.name", ""))
        if name == "gen_ai.choice":
            answered.append(genai.message_of_event(event, "assistant"))
        elif name in _ROLES:
            given.append(genai.message_of_event(event, _ROLES[name]))
    genai.set_turn(attributes, given=given, answered=answered)


def _translate_logfire(attributes: Attributes) -> None:
    """Read Logfire's own instrumentation of model clients."""
    request: dict[str, Any] = mapping(attributes.pop("request_data"))
    response = mapping(attributes.pop("response_data", None))
    answer = first(response, "message", "combined_chunk_content", "text")
    genai.set_turn(
        attributes,
        given=messages(request.pop("messages", None) or request.pop("input", None), role="user"),
        answered=messages(answer, role="assistant"),
        tools=request.pop("tools", None),
    )
    fill(attributes, semconv.REQUEST_MODEL, request.pop("model", None))
    usage = mapping(response.get("usage"))
    input_tokens = first(usage, "prompt_tokens", "input_tokens")
    output_tokens = first(usage, "completion_tokens", "output_tokens")
    genai.fill_count(attributes, semconv.INPUT_TOKENS, input_tokens)
    genai.fill_count(attributes, semconv.OUTPUT_TOKENS, output_tokens)
    if request:
        fill(attributes, semconv.REQUEST_PARAMS, json_text(request))


def _translate_tools(attributes: Attributes) -> None:
    parameters = mapping(attributes.pop("model_request_parameters", None))
    offered = [*items(parameters.get("function_tools")), *items(parameters.get("output_tools"))]
    fill(attributes, semconv.TOOL_DEFINITIONS, tool_definitions(offered))
