"""What a recorded span says about a decision: its kind, its fingerprint, its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from trainingloop.instrumentation import _messages, fingerprint, semconv
from trainingloop.instrumentation.semconv import DecisionKind

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

__all__ = ["describe", "fingerprint_attributes", "is_model_turn"]

_MODEL_OPERATIONS: Final = frozenset(
    {semconv.OPERATION_CHAT, "responses", "generate_content", "text_completion"}
)
_TOOL_FINISHES: Final = frozenset({"tool_call", "tool_calls", "tool_use", "function_call"})
_SOURCE_OTLP: Final = "otlp"


def is_model_turn(attributes: Mapping[str, object]) -> bool:
    """Whether the span is one turn of a model, which is one decision."""
    operation = attributes.get(semconv.OPERATION_NAME)
    return isinstance(operation, str) and operation in _MODEL_OPERATIONS


def fingerprint_attributes(
    name: str,  # noqa: ARG001  # agreed: a later dialect may be told by its span name only
    attributes: Mapping[str, AttributeValue],
    resource: Mapping[str, AttributeValue],
) -> dict[str, AttributeValue]:
    """The facts to add to a decision's span before redaction; only those it does not have yet.

    They are taken from the raw content, because redaction changes what a hash would be made of.
    A span that is no decision gets none. Content that is malformed is passed over.
    """
    kind = _kind(attributes)
    if kind is None:
        return {}
    added: dict[str, AttributeValue] = {semconv.DECISION_KIND: kind.value}
    if is_model_turn(attributes):
        added |= _prompt_facts(attributes)
    added |= _origin(attributes, resource)
    added = {key: value for key, value in added.items() if key not in attributes}
    if semconv.COHORT not in attributes and (tag := fingerprint.cohort({**attributes, **added})):
        added[semconv.COHORT] = tag
    return added


def describe(attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """The texts to add to a decision's span after redaction, for lists, search and joins.

    The hash of a tool's arguments is among them: made of raw arguments it would let anybody with
    a list of phone numbers find out which of them was meant.
    """
    if attributes.get(semconv.OPERATION_NAME) == semconv.OPERATION_EXECUTE_TOOL:
        arguments = attributes.get(semconv.TOOL_CALL_ARGUMENTS)
        hashed = fingerprint.arguments_hash(arguments)
        return {} if arguments is None else {semconv.TOOL_ARGUMENTS_HASH: hashed}
    if not is_model_turn(attributes):
        return {}
    output = _messages.read_messages(attributes.get(semconv.OUTPUT_MESSAGES))
    described: dict[str, AttributeValue] = {
        semconv.OUTPUT_TEXT: "\n".join(message.text for message in output if message.text),
        semconv.INPUT_TEXT: _messages.newest_text(
            attributes.get(semconv.INPUT_MESSAGES), role="user"
        ),
        semconv.TOOL_CALLS: _tool_calls_json(output),
    }
    return {key: value for key, value in described.items() if value}


def _kind(attributes: Mapping[str, AttributeValue]) -> DecisionKind | None:
    operation = attributes.get(semconv.OPERATION_NAME)
    if operation == semconv.OPERATION_PLAYBOOK:
        return DecisionKind.PLAYBOOK
    if operation == semconv.OPERATION_EXECUTE_TOOL:
        return DecisionKind.TOOL_CALL
    if not is_model_turn(attributes):
        return None
    return DecisionKind.TOOL_CALL if _asks_for_tools(attributes) else DecisionKind.MESSAGE


def _asks_for_tools(attributes: Mapping[str, AttributeValue]) -> bool:
    output = attributes.get(semconv.OUTPUT_MESSAGES)
    if output is not None:
        return any(message.tool_calls for message in _messages.read_messages(output))
    # Without content only the finish reason tells.
    reasons = attributes.get(semconv.FINISH_REASONS)
    if not isinstance(reasons, Sequence) or isinstance(reasons, str | bytes):
        return False
    return any(reason in _TOOL_FINISHES for reason in cast("Sequence[object]", reasons))


def _prompt_facts(attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    facts: dict[str, AttributeValue] = {}
    if semconv.PROMPT_HASH not in attributes and (system := _system_text(attributes)):
        facts[semconv.PROMPT_HASH] = fingerprint.prompt_hash(system)
    definitions = attributes.get(semconv.TOOL_DEFINITIONS)
    if definitions and (names := _messages.read_tool_names(definitions)):
        facts[semconv.TOOLS_NAMES] = names
        facts[semconv.TOOLS_HASH] = fingerprint.tools_hash(definitions)
    return facts


def _system_text(attributes: Mapping[str, AttributeValue]) -> str:
    """The system prompt: the Responses API gives it apart, the chat API among the messages."""
    apart = _messages.read_instructions(attributes.get(semconv.SYSTEM_INSTRUCTIONS))
    among = _messages.read_messages(
        attributes.get(semconv.INPUT_MESSAGES), roles=_messages.SYSTEM_ROLES
    )
    return "\n".join(text for text in (apart, *(message.text for message in among)) if text)


def _origin(
    attributes: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]
) -> dict[str, AttributeValue]:
    """Where the span came from, for spans that our own processor did not stamp."""
    origin: dict[str, AttributeValue] = {semconv.SOURCE: _SOURCE_OTLP}
    revision = resource.get(semconv.VCS_REVISION) or resource.get(semconv.SERVICE_VERSION)
    if isinstance(revision, str) and semconv.CODE_VERSION not in attributes:
        origin[semconv.CODE_VERSION] = fingerprint.short_revision(revision)
    return origin


def _tool_calls_json(output: Sequence[_messages.Message]) -> str:
    calls = [
        {
            "id": call.id,
            "name": call.name,
            "arguments": _messages.parse(call.arguments) or call.arguments,
            "arguments_hash": fingerprint.arguments_hash(call.arguments),
        }
        for message in output
        for call in message.tool_calls
    ]
    return fingerprint.canonical_json(calls) if calls else ""
