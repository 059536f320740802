"""What differs between a recorded answer and one that a replay brought."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an answer does."""

    REPLY = "reply"
    ASK = "ask"
    """It asks the customer something."""
    TOOL_READ = "tool_read"
    TOOL_WRITE = "tool_write"
    """It asks for a tool that changes something."""
    ESCALATE = "escalate"
    DENY = "deny"
    """It says that the rules do not allow what the customer wants."""
    REFUSE = "refuse"
    """It will not do it: the model's own refusal."""
    EMPTY = "empty"
    ERROR = "error"


class Agreement(StrEnum):
    """How far two answers agree, the furthest first."""

    IDENTICAL = "identical"
    SAME_CALLS = "same_calls"
    """The same tools with the same arguments, in any order."""
    SAME_TOOLS = "same_tools"
    SAME_KIND = "same_kind"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentDifference:
    """Where the arguments of a call part."""

    tool: str
    path: str
    """Into the arguments, such as ``passengers[0].name``."""
    code: str
    """``missing``, ``extra``, ``type``, ``value``, ``call_missing`` or ``call_extra``."""
    recorded: str
    """The value as JSON; "" where there is none."""
    replayed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDifference:
    """Things of one kind that only one of two texts names."""

    kind: str
    """``amount``, ``date``, ``time``, ``number``, ``id``, ``link``, ``token`` or ``negation``."""
    recorded: tuple[str, ...]
    replayed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something unsafe about an answer."""

    name: str
    """``personal_data``, ``claim_without_action``, ``write_without_consent``,
    ``tool_not_offered``, ``invalid_arguments``, ``unknown_link``, ``moderation`` or the name of
    a check of the user's own."""
    evidence: str
    """Where to look: a tool's name, a path, a phrase of the redacted answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A recorded and a replayed answer to the same question, compared without a model."""

    agreement: Agreement
    recorded_kind: Kind
    replayed_kind: Kind
    recorded_intent: str
    """The kind, and of calls which tools: ``tool_write:cancel_reservation``."""
    replayed_intent: str
    arguments: tuple[ArgumentDifference, ...] = ()
    entities: tuple[EntityDifference, ...] = ()
    recorded_flags: tuple[Flag, ...] = ()
    replayed_flags: tuple[Flag, ...] = ()
    text_similarity: float = 1.0
    """0 to 1, to sort by; never a verdict: "have cancelled" is close to "have not cancelled"."""

    @property
    def newly_unsafe(self) -> tuple[str, ...]:
        """Names of flags that only the replayed answer raises, sorted."""
        return _only(self.replayed_flags, self.recorded_flags)

    @property
    def newly_safe(self) -> tuple[str, ...]:
        """Names of flags that only the recorded answer raises, sorted."""
        return _only(self.recorded_flags, self.replayed_flags)


def _only(flags: tuple[Flag, ...], others: tuple[Flag, ...]) -> tuple[str, ...]:
    return tuple(sorted({flag.name for flag in flags} - {flag.name for flag in others}))
