"""OpenLLMetry (Traceloop): ``gen_ai.prompt.N`` and ``gen_ai.completion.N``, entities around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._dialects import genai
from trainingloop.collector._dialects._messages import messages
from trainingloop.collector._dialects._values import (
    Attributes,
    fill,
    first,
    mapping,
    parsed,
    pop_first,
    pop_list,
    rename,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.collector._draft import Draft

NAME: Final = "openllmetry"

_PROPERTIES: Final = "traceloop.association.properties."
_CONVERSATION_PROPERTIES: Final = (
    "conversation_id",
    "session_id",
    "thread_id",
    "chat_id",
    "convo_id",
)
_REQUEST_TYPES: Final = {
    "chat": semconv.OPERATION_CHAT,
    "completion": "text_completion",
    "embedding": "embeddings",
}
_RENAMED: Final = (
    ("traceloop.prompt.key", semconv.PROMPT_NAME),
    ("traceloop.prompt.version", semconv.PROMPT_VERSION),
    ("gen_ai.usage.cache_read_input_tokens", semconv.CACHE_READ_TOKENS),
    ("llm.response.finish_reason", semconv.FINISH_REASONS),
)


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether the span has Traceloop's keys or its numbered messages."""
    return (
        "traceloop" in families
        or "llm.request.type" in draft.attributes
        or any(
            key.startswith(("gen_ai.prompt.0.", "gen_ai.completion.0.")) for key in draft.attributes
        )
    )


def translate(draft: Draft) -> None:
    """Write model turns, tool runs and agents in the conventions."""
    attributes = draft.attributes
    _translate_turn(attributes)
    kind = str(attributes.get("traceloop.span.kind", ""))
    if kind == "tool":
        _translate_tool(attributes, draft.name)
    elif kind == "agent":
        fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_INVOKE_AGENT)
        fill(attributes, semconv.AGENT_NAME, attributes.get("traceloop.entity.name"))
    rename(attributes, _RENAMED)
    conversations = (f"{_PROPERTIES}{name}" for name in _CONVERSATION_PROPERTIES)
    fill(attributes, semconv.CONVERSATION_ID, pop_first(attributes, *conversations))
    fill(attributes, "user.id", pop_first(attributes, f"{_PROPERTIES}user_id"))


def _translate_turn(attributes: Attributes) -> None:
    request_type = attributes.pop("llm.request.type", None)
    genai.set_turn(
        attributes,
        given=messages(pop_list(attributes, "gen_ai.prompt"), role="user"),
        answered=messages(pop_list(attributes, "gen_ai.completion"), role="assistant"),
        tools=pop_list(attributes, "llm.request.functions"),
    )
    fill(attributes, semconv.OPERATION_NAME, _REQUEST_TYPES.get(str(request_type)))


def _translate_tool(attributes: Attributes, span_name: str) -> None:
    fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_EXECUTE_TOOL)
    name = attributes.get("traceloop.entity.name") or span_name.removesuffix(".tool")
    fill(attributes, semconv.TOOL_NAME, name)
    fill(attributes, semconv.TOOL_CALL_ARGUMENTS, _arguments(attributes))
    fill(attributes, semconv.TOOL_CALL_RESULT, _result(attributes))


def _arguments(attributes: Attributes) -> object:
    """Return the arguments: the decorator wraps them, and so does the LangChain callback."""
    given = pop_first(attributes, "traceloop.entity.input")
    wrapped = mapping(given)
    if "kwargs" in wrapped and not wrapped.get("args"):
        return wrapped["kwargs"]
    return parsed(first(wrapped, "inputs", "input_str")) or given


def _result(attributes: Attributes) -> object:
    given = pop_first(attributes, "traceloop.entity.output")
    wrapped = mapping(given)
    return wrapped.get("output", given)
