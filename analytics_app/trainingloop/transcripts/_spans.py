"""A conversation as spans: a model turn is a decision, a tool's result an execution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.fingerprint import canonical_json, short_revision
from trainingloop.instrumentation.keys import customer_pseudonym
from trainingloop.instrumentation.semconv import EventKind
from trainingloop.transcripts import _ids, _moments, _otlp
from trainingloop.transcripts._endings import is_stop_word
from trainingloop.transcripts._history import History, output_of
from trainingloop.transcripts._models import name_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.instrumentation.keys import Keyring
    from trainingloop.transcripts.conversation import Call, Conversation, Facts, Message

_SOURCE: Final = "import"
_TOOL_ERROR: Final = "tool_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSettings:
    """What turns conversations into spans, beside themselves."""

    tenant: str
    keys: Keyring
    """Of this installation: make the ids and the customers' pseudonyms."""
    end_ns: int
    """When a conversation ended of which nobody wrote down any time."""


def spans_of(conversation: Conversation, settings: SpanSettings) -> Iterator[Span]:
    """Yield the spans of ``conversation`` in their order.

    One span for each assistant message, each result of a tool it asked for and each message of
    the user, then how it ended and what came of it; system prompts are part of what the decisions
    knew.
    """
    moments = _moments.spread(
        [message.at_ns for message in conversation.messages],
        end_ns=conversation.ended_ns or settings.end_ns,
    )
    context = _context_of(conversation, settings)
    history, turn, ended_ns = History(), 0, 0
    for message, at_ns in zip(conversation.messages, moments, strict=True):
        turn += message.role == "user"
        ended_ns = max(ended_ns, at_ns + message.duration_ns)
        described = _described(message, history, conversation.facts)
        if described is not None:
            described.attributes.update({**context, semconv.TURN_INDEX: max(turn, 1)})
            yield Span(
                trace_id=_ids.trace_id(settings.keys, settings.tenant, conversation),
                span_id=_ids.span_id(settings.keys, settings.tenant, conversation, message),
                name=described.name,
                kind=described.kind,
                start_time_unix_nano=at_ns,
                end_time_unix_nano=at_ns + message.duration_ns,
                attributes=_otlp.attributes(described.attributes),
                status=described.status,
            )
        history.add(message)
    for number, (what, described) in enumerate(_endings_of(conversation), start=1):
        described.attributes.update({**context, semconv.TURN_INDEX: max(turn, 1)})
        yield Span(
            trace_id=_ids.trace_id(settings.keys, settings.tenant, conversation),
            span_id=_ids.ending_span_id(settings.keys, settings.tenant, conversation, what),
            name=described.name,
            kind=described.kind,
            # Just behind what was said: a row's own time may be that of an export weeks later.
            start_time_unix_nano=ended_ns + number,
            end_time_unix_nano=ended_ns + number,
            attributes=_otlp.attributes(described.attributes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    name: str
    kind: Span.SpanKind.ValueType
    attributes: dict[str, _otlp.Value]
    status: Status | None = None


def _described(message: Message, history: History, facts: Facts) -> _Described | None:
    if message.role == "assistant":
        return _decision(message, history, facts)
    if message.role == "tool" and message.answers is not None:
        return _execution(message, message.answers)
    if message.role == "user" and message.parts and not is_stop_word(message):
        return _inbound(message)
    return None


def _decision(message: Message, history: History, facts: Facts) -> _Described:
    models = name_models(header=facts.model, message=message.model)
    usage = message.usage
    instructions = [{"type": "text", "content": facts.instructions}] if facts.instructions else []
    return _Described(
        name=f"{semconv.OPERATION_CHAT} {models.requested}".rstrip(),
        kind=Span.SPAN_KIND_CLIENT,
        attributes={
            semconv.OPERATION_NAME: semconv.OPERATION_CHAT,
            semconv.PROVIDER_NAME: models.provider,
            semconv.REQUEST_MODEL: models.requested,
            semconv.RESPONSE_MODEL: models.responded,
            semconv.RESPONSE_ID: message.response_id,
            semconv.FINISH_REASONS: [message.finish_reason],
            semconv.INPUT_MESSAGES: history.encoded(),
            semconv.OUTPUT_MESSAGES: output_of(message),
            semconv.SYSTEM_INSTRUCTIONS: canonical_json(instructions) if instructions else "",
            semconv.TOOL_DEFINITIONS: canonical_json(facts.tools) if facts.tools else "",
            semconv.REQUEST_PARAMS: canonical_json(facts.parameters) if facts.parameters else "",
            semconv.INPUT_TOKENS: usage.input_tokens,
            semconv.OUTPUT_TOKENS: usage.output_tokens,
            semconv.CACHE_READ_TOKENS: usage.cache_read_tokens,
            semconv.REASONING_TOKENS: usage.reasoning_tokens,
            semconv.COST_USD: message.cost_usd or 0,
        },
    )


def _execution(message: Message, call: Call) -> _Described:
    result = message.parts[0].get("response")
    return _Described(
        name=f"{semconv.OPERATION_EXECUTE_TOOL} {call.name}",
        kind=Span.SPAN_KIND_INTERNAL,
        attributes={
            semconv.OPERATION_NAME: semconv.OPERATION_EXECUTE_TOOL,
            semconv.TOOL_NAME: call.name,
            semconv.TOOL_CALL_ID: call.id,
            semconv.TOOL_CALL_ARGUMENTS: canonical_json(call.arguments),
            semconv.TOOL_CALL_RESULT: result if isinstance(result, str) else "",
            semconv.ERROR_TYPE: _TOOL_ERROR if message.is_error else "",
        },
        status=Status(code=Status.STATUS_CODE_ERROR) if message.is_error else None,
    )


def _inbound(message: Message) -> _Described:
    return _event(EventKind.INBOUND, {semconv.EVENT_TEXT: message.text})


def _endings_of(conversation: Conversation) -> Iterator[tuple[str, _Described]]:
    """Yield what is told of the end of a conversation, each with what makes it one."""
    if closing := conversation.closing:
        facts = {semconv.EVENT_REASON: closing.reason, semconv.EVENT_TARGET: closing.target}
        yield f"close {closing.reason}", _event(EventKind.CLOSE, facts)
    for name, value in sorted(conversation.outcomes.items()):
        told = "yes" if value else "no"
        facts = {semconv.EVENT_OUTCOME: name, semconv.EVENT_VALUE: told}
        yield f"outcome {name} {told}", _event(EventKind.OUTCOME, facts)


def _event(kind: EventKind, facts: Mapping[str, str]) -> _Described:
    return _Described(
        name=f"record {kind.value}",
        kind=Span.SPAN_KIND_INTERNAL,
        attributes={semconv.EVENT_KIND: kind.value, **facts},
    )


def _context_of(conversation: Conversation, settings: SpanSettings) -> Mapping[str, _otlp.Value]:
    """Return what every span of the conversation carries."""
    facts = conversation.facts
    return {
        semconv.TENANT_ID: settings.tenant,
        semconv.CONVERSATION_ID: conversation.id,
        semconv.SOURCE: _SOURCE,
        semconv.CHANNEL: facts.channel,
        semconv.AGENT_NAME: facts.agent,
        semconv.ENDUSER_PSEUDO_ID: _customer(facts, settings),
        semconv.CODE_VERSION: short_revision(facts.code_version) if facts.code_version else "",
        semconv.PROMPT_NAME: facts.prompt_name,
        semconv.PROMPT_VERSION: facts.prompt_version,
        semconv.PLAYBOOK_ID: facts.playbook_id,
        semconv.PLAYBOOK_VERSION: facts.playbook_version,
        semconv.EXPERIMENT_ID: facts.experiment_id,
        semconv.EXPERIMENT_VARIANT: facts.experiment_variant,
    }


def _customer(facts: Facts, settings: SpanSettings) -> str:
    if not facts.customer:
        return ""
    return customer_pseudonym(settings.keys, settings.tenant, facts.customer)
