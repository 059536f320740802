"""A judgement: what differs between a recorded and a replayed answer, as it is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from trainingloop.replay.errors import ReplayError

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """``amount``, ``date``, ``id``, ``link``, ``negation``, ``number``, ``percent``, ``phone``,
    ``time`` or ``token``."""
    recorded: tuple[str, ...]
    replayed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something unsafe about an answer."""

    name: str
    """One of `trainingloop.replay.checks.FLAGS`, or the name of a check of the user's own."""
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

    def document(self) -> dict[str, object]:
        """It as a JSON object; `judgement_from` reads it."""
        return asdict(self)

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


def judgement_from(document: Mapping[str, object]) -> Judgement:
    """The judgement that a document of one holds.

    Raises:
        ReplayError: it is no such document.
    """
    given = cast("Mapping[str, str]", document)
    try:
        return Judgement(
            agreement=Agreement(given["agreement"]),
            recorded_kind=Kind(given["recorded_kind"]),
            replayed_kind=Kind(given["replayed_kind"]),
            recorded_intent=given["recorded_intent"],
            replayed_intent=given["replayed_intent"],
            arguments=tuple(ArgumentDifference(**item) for item in _objects(given, "arguments")),
            entities=tuple(_entity_difference(item) for item in _objects(given, "entities")),
            recorded_flags=tuple(Flag(**item) for item in _objects(given, "recorded_flags")),
            replayed_flags=tuple(Flag(**item) for item in _objects(given, "replayed_flags")),
            text_similarity=float(given["text_similarity"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = (
            "what is stored of a judgement is none: a document of Judgement.document() is allowed;"
            " judge the run again"
        )
        raise ReplayError(message) from error


def _objects(document: Mapping[str, object], name: str) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", document[name])


def _entity_difference(document: Mapping[str, object]) -> EntityDifference:
    return EntityDifference(
        kind=str(document["kind"]),
        recorded=tuple(cast("list[str]", document["recorded"])),
        replayed=tuple(cast("list[str]", document["replayed"])),
    )
