"""Langfuse: one input and one output for each observation, of whatever shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.collector._dialects import genai
from trainingloop.collector._dialects._messages import messages
from trainingloop.collector._dialects._values import (
    Attributes,
    cost_usd,
    fill,
    first,
    mapping,
    pop_first,
    rename,
)
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.collector._draft import Draft

NAME: Final = "langfuse"

_TYPE: Final = "langfuse.observation.type"
_INPUT: Final = "langfuse.observation.input"
_OUTPUT: Final = "langfuse.observation.output"
_RENAMED: Final = (
    ("langfuse.observation.model.name", semconv.REQUEST_MODEL),
    ("langfuse.observation.model.parameters", semconv.REQUEST_PARAMS),
    ("langfuse.observation.prompt.name", semconv.PROMPT_NAME),
    ("langfuse.observation.prompt.version", semconv.PROMPT_VERSION),
    ("langfuse.session.id", semconv.CONVERSATION_ID),
    ("langfuse.user.id", "user.id"),
)


def is_spoken(draft: Draft, families: frozenset[str]) -> bool:
    """Whether the span is an observation."""
    return "langfuse" in families and (
        _TYPE in draft.attributes or _INPUT in draft.attributes or _OUTPUT in draft.attributes
    )


def translate(draft: Draft) -> None:
    """Write generations, tool runs and agents in the conventions."""
    attributes = draft.attributes
    kind = str(attributes.get(_TYPE, "")).lower()
    if kind == "generation":
        _translate_turn(attributes)
    elif kind == "tool":
        fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_EXECUTE_TOOL)
        fill(attributes, semconv.TOOL_NAME, draft.name)
        fill(attributes, semconv.TOOL_CALL_ARGUMENTS, pop_first(attributes, _INPUT))
        fill(attributes, semconv.TOOL_CALL_RESULT, pop_first(attributes, _OUTPUT))
    elif kind == "agent":
        fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_INVOKE_AGENT)
        fill(attributes, semconv.AGENT_NAME, draft.name)
    # The trace's own input and output are those of its root.
    pop_first(attributes, "langfuse.trace.input", "langfuse.trace.output")
    rename(attributes, _RENAMED)


def _translate_turn(attributes: Attributes) -> None:
    fill(attributes, semconv.OPERATION_NAME, semconv.OPERATION_CHAT)
    given = pop_first(attributes, _INPUT)
    genai.set_turn(
        attributes,
        given=messages(given, role="user"),
        answered=messages(pop_first(attributes, _OUTPUT), role="assistant"),
        tools=mapping(given).get("tools"),
    )
    usage = mapping(attributes.pop("langfuse.observation.usage_details", None))
    for name, fields in _USAGE.items():
        genai.fill_count(attributes, name, first(usage, *fields))
    costs = mapping(attributes.pop("langfuse.observation.cost_details", None))
    parts = [cost_usd(costs[name]) or 0.0 for name in costs.keys() - _TOTAL_COSTS]
    genai.fill_cost(attributes, first(costs, *_TOTAL_COSTS), sum(parts))


_USAGE: Final = {
    semconv.INPUT_TOKENS: ("input", "input_tokens", "prompt_tokens"),
    semconv.OUTPUT_TOKENS: ("output", "output_tokens", "completion_tokens"),
    semconv.CACHE_READ_TOKENS: ("input_cache_read", "cache_read_input_tokens", "cache_read"),
    semconv.REASONING_TOKENS: ("output_reasoning_tokens", "output_reasoning"),
}
_TOTAL_COSTS: Final = ("total", "total_cost")
"""The others are parts of it: what input, output and cache cost."""
