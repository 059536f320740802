"""Plain OpenTelemetry GenAI, in all the forms it has had; the others end here too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from trainingloop.collector._anyvalue import json_text
from trainingloop.collector._dialects._messages import (
    finish_reasons,
    message,
    messages,
    tool_definitions,
)
from trainingloop.collector._dialects._values import (
    Attributes,
    cost_usd,
    fill,
    items,
    mapping,
    parsed,
    pop_first,
    rename,
    whole_number,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

    from trainingloop.collector._draft import Draft, Event

NAME: Final = "genai"

_RENAMED: Final = (
    ("gen_ai.system", semconv.PROVIDER_NAME),
    ("gen_ai.usage.prompt_tokens", semconv.INPUT_TOKENS),
    ("gen_ai.usage.completion_tokens", semconv.OUTPUT_TOKENS),
    ("gen_ai.usage.cache_read_input_tokens", semconv.CACHE_READ_TOKENS),
    ("gen_ai.usage.details.cache_read_tokens", semconv.CACHE_READ_TOKENS),
    ("gen_ai.usage.reasoning_tokens", semconv.REASONING_TOKENS),
    ("gen_ai.usage.details.reasoning_tokens", semconv.REASONING_TOKENS),
    ("gen_ai.tool.arguments", semconv.TOOL_CALL_ARGUMENTS),
    ("gen_ai.tool.result", semconv.TOOL_CALL_RESULT),
    ("gen_ai.response.finish_reason", semconv.FINISH_REASONS),
    ("gen_ai.session.id", semconv.CONVERSATION_ID),
    ("session.id", semconv.CONVERSATION_ID),
)
_COUNTS: Final = (
    semconv.INPUT_TOKENS,
    semconv.OUTPUT_TOKENS,
    semconv.CACHE_READ_TOKENS,
    semconv.REASONING_TOKENS,
)
_COSTS: Final = (
    semconv.COST_USD,
    "operation.cost",
    "llm.cost.total",
    "gen_ai.usage.cost",
    "gen_ai.usage.total_cost",
)
"""Ours, Pydantic AI's, OpenInference's, and what others made up; all in US dollars."""
_DOCUMENTS: Final = (
    semconv.INPUT_MESSAGES,
    semconv.OUTPUT_MESSAGES,
    semconv.SYSTEM_INSTRUCTIONS,
    semconv.TOOL_DEFINITIONS,
    semconv.TOOL_CALL_ARGUMENTS,
    semconv.TOOL_CALL_RESULT,
)
_OPERATIONS: Final = {"completion": "text_completion", "response": "chat", "message": "chat"}
_MESSAGE_EVENTS: Final = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
_CHOICE_EVENT: Final = "gen_ai.choice"
_PROMPT_EVENT: Final = "gen_ai.content.prompt"
_COMPLETION_EVENT: Final = "gen_ai.content.completion"
_DETAILS_EVENT: Final = "gen_ai.client.inference.operation.details"


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether the span has any ``gen_ai.*``."""
    return "gen_ai" in families or any(event.name.startswith("gen_ai.") for event in draft.events)


def translate(draft: Draft) -> None:
    """Take content out of span events and retired attributes."""
    attributes = draft.attributes
    _lift_events(draft)
    prompt = pop_first(attributes, "gen_ai.prompt")
    completion = pop_first(attributes, "gen_ai.completion")
    set_turn(
        attributes,
        given=messages(prompt, role="user"),
        answered=messages(completion, role="assistant"),
    )


def complete(draft: Draft) -> None:
    """Do what every dialect needs once its own names are translated."""
    attributes = draft.attributes
    rename(attributes, _RENAMED)
    for name, role in ((semconv.INPUT_MESSAGES, "user"), (semconv.OUTPUT_MESSAGES, "assistant")):
        value = attributes.get(name)
        if value is not None and not _has_parts(value):
            attributes[name] = cast("AttributeValue", messages(value, role=role))
    for name in _DOCUMENTS:
        value = attributes.get(name)
        if isinstance(value, list | dict):
            # As text, so that redaction remembers a history message by message.
            attributes[name] = json_text(value)
    for name in _COUNTS:
        if name in attributes:
            fill_count(attributes, name, attributes.pop(name))
    fill_cost(attributes, *(attributes.pop(name, None) for name in _COSTS))
    _complete_finish_reasons(attributes)
    _complete_operation(attributes)


def set_turn(
    attributes: Attributes,
    *,
    given: list[dict[str, object]],
    answered: list[dict[str, object]],
    tools: object = None,
) -> None:
    """Set what a model was given and what it answered, as far as it is not set yet."""
    fill(attributes, semconv.FINISH_REASONS, finish_reasons(answered))
    finish_reasons(given)
    fill(attributes, semconv.INPUT_MESSAGES, given)
    fill(attributes, semconv.OUTPUT_MESSAGES, answered)
    if tools:
        fill(attributes, semconv.TOOL_DEFINITIONS, tool_definitions(tools))


def fill_count(attributes: Attributes, name: str, value: object) -> None:
    """Set a count that is not there yet, if there is one."""
    count = whole_number(value)
    if count is not None and name not in attributes:
        attributes[name] = cast("int", count)


def fill_cost(attributes: Attributes, *values: object) -> None:
    """Set what a call cost, if that is not set yet and one of the values says it."""
    known = (cost for value in values if (cost := cost_usd(value)) is not None)
    fill(attributes, semconv.COST_USD, next(known, None))


def _has_parts(value: object) -> bool:
    """Whether messages are in the shape of the conventions already; read without parsing."""
    if isinstance(value, str):
        return '"parts"' in value or not value
    return all("parts" in mapping(item) for item in items(value))


def _complete_finish_reasons(attributes: Attributes) -> None:
    reasons = parsed(attributes.get(semconv.FINISH_REASONS))
    if reasons is None:
        return
    listed = items(reasons) or [reasons]
    attributes[semconv.FINISH_REASONS] = [str(reason).replace("-", "_") for reason in listed]


def _complete_operation(attributes: Attributes) -> None:
    operation = attributes.get(semconv.OPERATION_NAME)
    if isinstance(operation, str):
        attributes[semconv.OPERATION_NAME] = _OPERATIONS.get(operation, operation)
    elif semconv.OUTPUT_MESSAGES in attributes or semconv.FINISH_REASONS in attributes:
        attributes[semconv.OPERATION_NAME] = semconv.OPERATION_CHAT
    elif semconv.TOOL_NAME in attributes and semconv.TOOL_CALL_ARGUMENTS in attributes:
        attributes[semconv.OPERATION_NAME] = semconv.OPERATION_EXECUTE_TOOL


def _lift_events(draft: Draft) -> None:
    """Turn events that hold messages into attributes; the other events stay."""
    given: list[dict[str, object]] = []
    answered: list[dict[str, object]] = []
    kept: list[Event] = []
    for event in draft.events:
        if event.name in _MESSAGE_EVENTS:
            given.append(_event_message(event, _MESSAGE_EVENTS[event.name]))
        elif event.name == _CHOICE_EVENT:
            answered.append(_event_message(event, "assistant"))
        elif event.name == _PROMPT_EVENT:
            given += messages(event.attributes.get("gen_ai.prompt"), role="user")
        elif event.name == _COMPLETION_EVENT:
            answered += messages(event.attributes.get("gen_ai.completion"), role="assistant")
        elif event.name == _DETAILS_EVENT:
            for key, value in event.attributes.items():
                fill(draft.attributes, key, value)
        else:
            kept.append(event)
    draft.events = kept
    set_turn(draft.attributes, given=given, answered=answered)


def _event_message(event: Event, role: str) -> dict[str, object]:
    content = mapping(event.attributes.get("gen_ai.event.content"))
    return message_of_event({**event.attributes, **content}, role)


def message_of_event(body: dict[str, object], role: str) -> dict[str, object]:
    """Return the message in the body of a ``gen_ai.*.message`` or ``gen_ai.choice`` event."""
    inner = parsed(body.get("message"))
    if isinstance(inner, dict):
        body = {"finish_reason": body.get("finish_reason"), **cast("dict[str, object]", inner)}
    elif inner is not None:
        body = {"finish_reason": body.get("finish_reason"), "content": inner}
    if role == "tool" and "id" in body:
        body = {**body, "role": "tool", "tool_call_id": body["id"]}
    return message({"role": role, **body}, role=role)
