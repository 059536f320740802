"""``conversation(...)`` and ``turn()``: who is talked to, and under which versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import (
    _context,
    _payload,
    _recorder,
    _span,
    customers,
    fingerprint,
    semconv,
)
from trainingloop.instrumentation.keys import customer_pseudonym

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.util.types import AttributeValue

    from trainingloop.instrumentation.customers import Customer
    from trainingloop.instrumentation.keys import Keyring

_MAX_ID_CHARACTERS: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """The playbook a conversation runs under."""

    id: str
    version: str
    name: str | None = None
    settings: Mapping[str, object] | None = None
    """Persona, tone, rules, permissions: whatever makes up this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The named prompt a conversation runs under."""

    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The arm of an experiment a conversation is in."""

    id: str
    variant: str


class Conversation(_span.Block):
    """Everything recorded inside belongs to one conversation with one customer.

    It may be entered again and from several threads: each entry is a layer of its own.
    """

    def __init__(
        self,
        conversation_id: str,
        *,
        customer: Customer | None,
        channel: str | None,
        tenant: str | None,
        playbook: Playbook | None,
        prompt: Prompt | None,
        experiment: Experiment | None,
    ) -> None:
        self._id = conversation_id
        self._customer = customer
        self._channel = channel
        self._tenant = tenant
        self._playbook = playbook
        self._prompt = prompt
        self._experiment = experiment
        self._scopes: list[_context.Scope] = []

    def _start(self) -> None:
        recorder = _recorder.current()
        if recorder is None:
            return
        tenant = self._tenant or recorder.tenant
        conversation_id = str(self._id)[:_MAX_ID_CHARACTERS]
        if self._customer is not None:
            customers.remember(tenant, conversation_id, self._customer)
        settings = self._playbook.settings if self._playbook is not None else None
        scope = _context.Scope(
            attributes=self._attributes(tenant, conversation_id, recorder.keys),
            thread=_context.threads.of(tenant, conversation_id),
            parent=_context.current_scope(),
            settings=_payload.json_of(settings) if settings else None,
        )
        _context.enter(scope)
        self._scopes.append(scope)

    def _finish(self, error: BaseException | None) -> None:
        del error
        if not self._scopes:
            return
        current = _context.current_scope()
        entered_here = current if current in self._scopes else self._scopes[-1]
        self._scopes.remove(entered_here)
        _context.leave(entered_here)

    def _attributes(
        self, tenant: str, conversation_id: str, keys: Keyring | None
    ) -> dict[str, AttributeValue]:
        customer = self._customer
        found: dict[str, AttributeValue | None] = {
            semconv.TENANT_ID: tenant,
            semconv.CONVERSATION_ID: conversation_id,
            semconv.CHANNEL: self._channel,
        }
        if keys is not None and customer is not None and (named := customers.id_of(customer)):
            found[semconv.ENDUSER_PSEUDO_ID] = customer_pseudonym(keys, tenant, named)
        if self._playbook is not None:
            found |= playbook_attributes(self._playbook)
        if self._prompt is not None:
            found[semconv.PROMPT_NAME] = self._prompt.name
            found[semconv.PROMPT_VERSION] = self._prompt.version
        if self._experiment is not None:
            found[semconv.EXPERIMENT_ID] = self._experiment.id
            found[semconv.EXPERIMENT_VARIANT] = self._experiment.variant
        return {name: value for name, value in found.items() if value is not None}


class Turn(_span.SpanBlock):
    """One turn of the agent: from the customer's message to the agent's answer."""

    def __init__(self, *, agent: str | None, index: int | None) -> None:
        super().__init__()
        self._agent = agent
        self._index = index

    def _start(self) -> None:
        recorder = _recorder.current()
        if recorder is None:
            return
        parent = _context.current_scope()
        thread = parent.thread if parent is not None else _context.ConversationThread()
        index = thread.next_turn() if self._index is None else self._index
        inherited = parent.attributes if parent is not None else {}
        attributes: dict[str, AttributeValue] = {
            semconv.OPERATION_NAME: semconv.OPERATION_INVOKE_AGENT
        }
        if self._agent:
            attributes[semconv.AGENT_NAME] = self._agent
        name = f"{semconv.OPERATION_INVOKE_AGENT} {self._agent or ''}".rstrip()
        scope = _context.Scope(
            attributes={**inherited, semconv.TURN_INDEX: index},
            thread=thread,
            parent=parent,
            settings=parent.settings if parent is not None else None,
        )
        self._open(recorder, name, attributes, scope)


def conversation(
    conversation_id: str,
    *,
    customer: Customer | None = None,
    channel: str | None = None,
    tenant: str | None = None,
    playbook: Playbook | None = None,
    prompt: Prompt | None = None,
    experiment: Experiment | None = None,
) -> Conversation:
    """Record everything in the ``with`` or ``async with`` block as one conversation.

    Args:
        conversation_id: Names the conversation; the same one every time it goes on.
        customer: Who is talked to: an id, or a record with an ``id`` and what else is known, such
            as ``name``, ``email``, ``phone`` and ``address``. Only a keyed pseudonym of the id is
            ever stored; the rest is removed wherever the conversation mentions it.
        channel: Where the conversation takes place, such as ``whatsapp``.
        tenant: Whose conversation it is, if this process serves several.
        playbook: The playbook version the agent runs.
        prompt: The named prompt the agent runs.
        experiment: The arm of an experiment the conversation is in.
    """
    return Conversation(
        conversation_id,
        customer=customer,
        channel=channel,
        tenant=tenant,
        playbook=playbook,
        prompt=prompt,
        experiment=experiment,
    )


def turn(*, agent: str | None = None, index: int | None = None) -> Turn:
    """Record one turn of the agent as a span around its decisions.

    Args:
        agent: The agent's name.
        index: Which turn of the conversation this is. By default turns are counted from one as
            this process sees them; name it where several processes serve one conversation.
    """
    return Turn(agent=agent, index=index)


def playbook_attributes(playbook: Playbook) -> dict[str, AttributeValue | None]:
    """What every span under a playbook carries."""
    settings = playbook.settings
    digest = fingerprint.tools_hash(dict(settings)) if settings else None
    return {
        semconv.PLAYBOOK_ID: playbook.id,
        semconv.PLAYBOOK_NAME: playbook.name,
        semconv.PLAYBOOK_VERSION: playbook.version,
        semconv.PLAYBOOK_HASH: digest,
    }
