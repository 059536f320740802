"""Which category of content an attribute holds, and what becomes of what is not searched."""

from __future__ import annotations

import re
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
_OUTPUT_ROLES: Final = frozenset({"assistant", "model", "ai"})
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
# Other instrumentations write a message as several attributes, its role among them.
_FLAT: Final = re.compile(
    r"((?:gen_ai\.(prompt|completion)|llm\.(input|output)_messages)\.[0-9]+(?:\.message)?)\.(.+)"
)
_INPUTS: Final = frozenset({"prompt", "input"})
_STRICTNESS: Final = (ContentAction.CAPTURE, ContentAction.REDACT, ContentAction.DROP)
_PART_CATEGORIES: Final = {
    "tool_call": Category.TOOL_ARGUMENTS,
    "tool_call_response": Category.TOOL_RESULTS,
}


def categories_of(key: str, attributes: Mapping[str, Value]) -> tuple[Category, ...]:
    """What an attribute holds; of several categories the strictest action counts.

    Args:
        key: Its name.
        attributes: Those beside it, one of which may say whose message it belongs to.

    Returns:
        None at all when it is no content.
    """
    if known := _CATEGORIES.get(key):
        return (known,)
    found = _FLAT.fullmatch(key)
    if found is None:
        return ()
    message, prompt, direction, part = found.groups()
    if part.endswith("arguments"):
        return (Category.TOOL_ARGUMENTS,)
    if not part.startswith("content"):
        return ()
    category = Category.INPUT if (prompt or direction) in _INPUTS else Category.OUTPUT
    return _of_role(attributes.get(f"{message}.role"), category)


def governed(
    policy: Policy, categories: tuple[Category, ...], value: Value, redact: Redacts
) -> Value:
    """A value of some categories after what the policy says about it and the parts of messages.

    Args:
        policy: Says what happens to each category.
        categories: What the value is.
        value: The value as it was recorded.
        redact: Takes personal data out of what is to be searched.
    """
    messages = _messages(value) if categories[0] in {Category.INPUT, Category.OUTPUT} else None
    if messages is None:
        return _treated(policy, categories, value, redact)
    treated = [_message(policy, categories[0], message, redact) for message in messages]
    return dump(treated) if isinstance(value, str) else treated


def _of_role(role: object, category: Category) -> tuple[Category, ...]:
    """What a message holds; an answer in a history is input by now, and still an output."""
    if role in _SYSTEM_ROLES:
        return (Category.SYSTEM_PROMPT,)
    if role in _TOOL_ROLES:
        return (Category.TOOL_RESULTS,)
    is_answer = role in _OUTPUT_ROLES and category is Category.INPUT
    return (category, Category.OUTPUT) if is_answer else (category,)


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
        return _treated(policy, (category,), message, redact)
    categories = _of_role(message.get("role"), category)
    return {
        name: _part_of_message(policy, categories, name, part, redact)
        for name, part in message.items()
    }


def _part_of_message(
    policy: Policy, categories: tuple[Category, ...], name: str, part: Value, redact: Redacts
) -> Value:
    if name == "parts" and isinstance(part, list | tuple):
        return [_part(policy, categories, each, redact) for each in part]
    if name == "content":
        return _treated(policy, categories, part, redact)
    if name == "tool_calls":
        return _treated(policy, (Category.TOOL_ARGUMENTS,), part, redact)
    return redact(name, part)


def _part(policy: Policy, categories: tuple[Category, ...], part: Value, redact: Redacts) -> Value:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if isinstance(kind, str) and kind in _PART_CATEGORIES:
        categories = (_PART_CATEGORIES[kind],)
    if _action(policy, categories) is ContentAction.DROP and isinstance(part, Mapping):
        # What kind of part it was, and which call it belongs to, is no content.
        structure = {name: part[name] for name in ("type", "id", "name") if name in part}
        return {**structure, "content": DROPPED}
    return _treated(policy, categories, part, redact)


def _treated(
    policy: Policy, categories: tuple[Category, ...], value: Value, redact: Redacts
) -> Value:
    action = _action(policy, categories)
    if action is ContentAction.CAPTURE:
        return value
    return DROPPED if action is ContentAction.DROP else redact("content", value)


def _action(policy: Policy, categories: tuple[Category, ...]) -> ContentAction:
    return max(map(policy.content_action, categories), key=_STRICTNESS.index)
