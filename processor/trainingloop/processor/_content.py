"""Which category of content an attribute holds, and what becomes of what is not searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from trainingloop.instrumentation import semconv
from trainingloop.processor._entities import DROPPED
from trainingloop.processor._json import NotJsonError, Value, dump, parse
from trainingloop.processor.policy import Category, ContentAction

if TYPE_CHECKING:
    from trainingloop.processor.policy import Policy

Redacts: TypeAlias = Callable[[str, Value], Value]
"""Takes personal data out of the value of a field of that name."""

_SYSTEM_ROLES: Final = frozenset({"system", "developer"})
_TOOL_ROLES: Final = frozenset({"tool", "function"})
_CATEGORIES: Final = {
    semconv.SYSTEM_INSTRUCTIONS: Category.SYSTEM_PROMPT,
    semconv.INPUT_MESSAGES: Category.INPUT,
    semconv.OUTPUT_MESSAGES: Category.OUTPUT,
    semconv.TOOL_CALL_ARGUMENTS: Category.TOOL_ARGUMENTS,
    semconv.TOOL_CALL_RESULT: Category.TOOL_RESULTS,
    semconv.EVENT_TEXT: Category.INPUT,
    "input.value": Category.INPUT,
    "output.value": Category.OUTPUT,
    "traceloop.entity.input": Category.INPUT,
    "traceloop.entity.output": Category.OUTPUT,
    "trainingloop.feedback.note": Category.FEEDBACK_NOTES,
}
# Other instrumentations write a message as several attributes.
_PREFIXES: Final = (
    ("gen_ai.prompt.", Category.INPUT),
    ("gen_ai.completion.", Category.OUTPUT),
    ("llm.input_messages.", Category.INPUT),
    ("llm.output_messages.", Category.OUTPUT),
)
_PART_CATEGORIES: Final = {
    "tool_call": Category.TOOL_ARGUMENTS,
    "tool_call_response": Category.TOOL_RESULTS,
}


def category_of(key: str) -> Category | None:
    """What the attribute of this name holds; ``None`` when it is no content."""
    if known := _CATEGORIES.get(key):
        return known
    return next((category for prefix, category in _PREFIXES if key.startswith(prefix)), None)


def governed(policy: Policy, category: Category, value: Value, redact: Redacts) -> Value:
    """A value of a category after what the policy says about it and about the parts of messages.

    Args:
        policy: Says what happens to each category.
        category: What the value is.
        value: The value as it was recorded.
        redact: Takes personal data out of what is to be searched.
    """
    messages = _messages(value) if category in {Category.INPUT, Category.OUTPUT} else None
    if messages is None:
        return _treated(policy, category, value, redact)
    treated = [_message(policy, category, message, redact) for message in messages]
    return dump(treated) if isinstance(value, str) else treated


def _messages(value: Value) -> Sequence[Value] | None:
    """The messages of a history; ``None`` when the value is something else."""
    if isinstance(value, str):
        try:
            value = parse(value)
        except NotJsonError:
            return None
    if not isinstance(value, list | tuple):
        return None
    return value if any(isinstance(item, Mapping) for item in value) else None


def _message(policy: Policy, category: Category, message: Value, redact: Redacts) -> Value:
    if not isinstance(message, Mapping):
        return _treated(policy, category, message, redact)
    role = message.get("role")
    if role in _SYSTEM_ROLES:
        category = Category.SYSTEM_PROMPT
    elif role in _TOOL_ROLES:
        category = Category.TOOL_RESULTS
    return {
        name: _part_of_message(policy, category, name, part, redact)
        for name, part in message.items()
    }


def _part_of_message(
    policy: Policy, category: Category, name: str, part: Value, redact: Redacts
) -> Value:
    if name == "parts" and isinstance(part, list | tuple):
        return [_part(policy, category, each, redact) for each in part]
    if name == "content":
        return _treated(policy, category, part, redact)
    if name == "tool_calls":
        return _treated(policy, Category.TOOL_ARGUMENTS, part, redact)
    return redact(name, part)


def _part(policy: Policy, category: Category, part: Value, redact: Redacts) -> Value:
    kind = part.get("type") if isinstance(part, Mapping) else None
    own = _PART_CATEGORIES.get(kind, category) if isinstance(kind, str) else category
    action = policy.content_action(own)
    if action is ContentAction.DROP and isinstance(part, Mapping):
        # What kind of part it was, and which call it belongs to, is no content.
        structure = {name: part[name] for name in ("type", "id", "name") if name in part}
        return {**structure, "content": DROPPED}
    return _treated(policy, own, part, redact)


def _treated(policy: Policy, category: Category, value: Value, redact: Redacts) -> Value:
    action = policy.content_action(category)
    if action is ContentAction.CAPTURE:
        return value
    return DROPPED if action is ContentAction.DROP else redact("content", value)
