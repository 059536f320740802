"""A recorded answer and what a replay brought in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trainingloop.replay._comparing.served import Models
from trainingloop.replay._judging.judgement import Agreement, Kind
from trainingloop.replay.answers import SPOKEN, AnswerState
from trainingloop.statistics import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._judging.judgement import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What an answer took; None where nobody knows."""

    cost_usd: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A recorded decision and what became of it in a replay."""

    decision_id: str
    thread_id: str
    """Its conversation: decisions of one are not independent of each other."""
    state: AnswerState
    judgement: Judgement | None = None
    """None where there is no answer to judge."""
    step: int = 0
    """In a chain, the k-th decision after it."""
    compared_id: str = ""
    """The decision whose answer it is compared with, where that is another one."""
    weight: float = 1.0
    """How many decisions of the choice it stands for."""
    recorded: Took = field(default_factory=Took)
    replayed: Took = field(default_factory=Took)
    floor_state: AnswerState | None = None
    """What became of the second arm's question; None where it was not asked."""
    floor: Judgement | None = None
    """Of the second arm: the recorded version asked again, against what was recorded, or the
    candidate asked again, against its own first answer."""
    models: Models = field(default_factory=Models)
    """Whom the candidate's question was for, and who answered it."""
    floor_models: Models = field(default_factory=Models)
    """The same of the second arm."""

    @property
    def is_spoken(self) -> bool:
        """Whether the candidate answered."""
        return self.state in SPOKEN

    @property
    def compared(self) -> Judgement | None:
        """The judgement, where the candidate answered."""
        return self.judgement if self.is_spoken else None

    @property
    def floor_compared(self) -> Judgement | None:
        """The second arm's judgement, where it answered."""
        return self.floor if self.is_floor_spoken else None

    @property
    def is_floor_spoken(self) -> bool:
        """Whether the second arm answered."""
        return self.floor_state in SPOKEN


def has_same_calls(judgement: Judgement) -> bool:
    """Whether both answers ask for the same calls, or for none."""
    return not judgement.arguments


def asked_for_calls(judgement: Judgement) -> bool:
    """Whether the recorded answer asks for a call: its intent names the tools behind a colon."""
    return ":" in judgement.recorded_intent


def is_escalation(kind: Kind) -> bool:
    """Whether an answer hands over to a human."""
    return kind is Kind.ESCALATE


def is_as_close(judgement: Judgement, level: Agreement) -> bool:
    """Whether two answers agree as far as ``level``, or further."""
    return _RANKS[judgement.agreement] <= _RANKS[level]


_RANKS = {agreement: rank for rank, agreement in enumerate(Agreement)}


def sample_of(
    pairs: Sequence[Pair], values: Sequence[float], bases: Sequence[float] | None = None
) -> Sample:
    """Return a value of each pair, with its weight and its conversation."""
    return Sample(
        values=values,
        bases=bases,
        clusters=[pair.thread_id for pair in pairs],
        weights=[pair.weight for pair in pairs],
    )
