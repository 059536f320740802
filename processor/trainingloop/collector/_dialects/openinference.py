"""OpenInference (Arize Phoenix): flattened ``llm.*`` and a kind on each span."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._anyvalue import json_text
from trainingloop.collector._dialects import genai
from trainingloop.collector._dialects._messages import messages, tool_definitions
from trainingloop.collector._dialects._values import (
    Attributes,
    cost_usd,
    fill,
    first,
    mapping,
    pop_first,
    pop_list,
    rename,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from typing import Any

    from trainingloop.collector._draft import Draft

NAME: Final = "openinference"

_KIND: Final = "openinference.span.kind"
_RENAMED: Final = (
    ("llm.provider", semconv.PROVIDER_NAME),
    ("llm.system", semconv.PROVIDER_NAME),
    ("llm.token_count.prompt", semconv.INPUT_TOKENS),
    ("llm.token_count.completion", semconv.OUTPUT_TOKENS),
    ("llm.token_count.prompt_details.cache_read", semconv.CACHE_READ_TOKENS),
    ("llm.token_count.completion_details.reasoning", semconv.REASONING_TOKENS),
    ("llm.finish_reason", semconv.FINISH_REASONS),
    ("llm.prompt_template.version", semconv.PROMPT_VERSION),
    ("agent.name", semconv.AGENT_NAME),
)
_CONVERSATION_FIELDS: Final = ("session_id", "sessionId", "conversation_id", "thread_id", "chat_id")
_CONTENT: Final = ("input.value", "input.mime_type", "output.value", "output.mime_type")


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether the span names its OpenInference kind or has its message keys."""
    return _KIND in draft.attributes or (
        "llm" in families
        and any(
            key.startswith(("llm.input_messages.", "llm.output_messages.", "llm.model_name"))
            for key in draft.attributes
        )
    )


def translate(draft: Draft) -> None:
    """Write model turns, tool runs and agents in the conventions."""
    attributes = draft.attributes
    kind = str(attributes.get(_KIND, "LLM")).upper()
    if kind == "LLM":
        _translate_turn(attributes)
    elif kind == "TOOL":
        _translate_tool(draft)
    elif kind == "AGENT":
        fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_INVOKE_AGENT)
    rename(attributes, _RENAMED)
    _translate_cost(attributes)
    # ``metadata`` is the application's own; only what names the conversation is read from it.
    metadata = mapping(attributes.get("metadata"))
    fill(attributes, semconv.CONVERSATION_ID, attributes.pop("session.id", None))
    fill(attributes, semconv.CONVERSATION_ID, first(metadata, *_CONVERSATION_FIELDS))


def _translate_turn(attributes: Attributes) -> None:
    _translate_parameters(attributes)
    given = messages(pop_list(attributes, "llm.input_messages"), role="user")
    answered = messages(pop_list(attributes, "llm.output_messages"), role="assistant")
    operation = semconv.OPERATION_CHAT
    if not given and (prompts := pop_list(attributes, "llm.prompts")):
        operation = "text_completion"
        given = [_completion(item, "prompt", "user") for item in prompts]
    if not answered and (choices := pop_list(attributes, "llm.choices")):
        answered = [_completion(item, "completion", "assistant") for item in choices]
    fill(attributes, semconv.OPERATION_NAME, operation)
    # The raw request and answer repeat the messages; alone, they are all there is.
    content = {name: attributes.pop(name, None) for name in _CONTENT}
    genai.set_turn(
        attributes,
        given=given or messages(content["input.value"], role="user"),
        answered=answered or messages(content["output.value"], role="assistant"),
    )
    if tools := pop_list(attributes, "llm.tools"):
        fill(attributes, semconv.TOOL_DEFINITIONS, tool_definitions(tools))


def _translate_parameters(attributes: Attributes) -> None:
    """Tell the model that was asked for from the one that answered."""
    parameters: dict[str, Any] = mapping(attributes.pop("llm.invocation_parameters", None))
    requested = parameters.pop("model", None)
    for name in ("messages", "input", "tools"):
        parameters.pop(name, None)
    responded = attributes.pop("llm.model_name", None)
    if isinstance(requested, str):
        # With its GenAI twin switched on, it writes the model that answered in both places.
        attributes[semconv.REQUEST_MODEL] = requested
    fill(attributes, semconv.REQUEST_MODEL, responded)
    fill(attributes, semconv.RESPONSE_MODEL, responded)
    if parameters:
        fill(attributes, semconv.REQUEST_PARAMS, json_text(parameters))


def _translate_cost(attributes: Attributes) -> None:
    """Add up the two halves of a cost whose total is not told."""
    halves = [cost_usd(attributes.get(f"llm.cost.{half}")) for half in ("prompt", "completion")]
    if "llm.cost.total" not in attributes and any(halves):
        genai.fill_cost(attributes, sum(half or 0.0 for half in halves))


def _completion(item: object, field: str, role: str) -> dict[str, object]:
    holder = mapping(item)
    text = (mapping(holder.get(field)) or holder).get("text", "")
    return {"role": role, "parts": [{"type": "text", "content": str(text)}]}


def _translate_tool(draft: Draft) -> None:
    attributes = draft.attributes
    fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_EXECUTE_TOOL)
    fill(attributes, semconv.TOOL_NAME, pop_first(attributes, "tool.name") or draft.name)
    fill(attributes, semconv.TOOL_CALL_ID, pop_first(attributes, "tool_call.id", "tool.id"))
    arguments = pop_first(attributes, "tool_call.function.arguments", "input.value")
    fill(attributes, semconv.TOOL_CALL_ARGUMENTS, arguments)
    fill(attributes, semconv.TOOL_CALL_RESULT, pop_first(attributes, "output.value"))
    pop_first(attributes, *_CONTENT, "tool_call.function.name")
