"""Pairs of answers as the Compare page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trainingloop.replay import Answer, AnswerState
    from trainingloop.replay.judgements import Judgement


class Rank(IntEnum):
    """What is looked at first in a pair, the worst first; the reads order by it."""

    NEWLY_UNSAFE = 1
    WRITES_DIFFER = 2
    ESCALATION_CHANGED = 3
    KIND_CHANGED = 4
    OTHERWISE_DIFFERENT = 5
    NOT_ANSWERED = 6
    UNCHANGED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """A pair of answers in a list, without what was said."""

    decision_id: str
    step: int
    """0, or in a chain the number of the decision after it."""
    compared_id: str
    """The recorded decision that the answer is compared with."""
    thread_id: str
    stratum: str
    state: AnswerState
    recorded_kind: str
    """A `trainingloop.replay.judgements.Kind`; "" where no model answered."""
    replayed_kind: str
    agreement: str
    newly_unsafe: tuple[str, ...]
    newly_safe: tuple[str, ...]
    rank: Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What one arm answered."""

    state: AnswerState
    reason: str
    """What went wrong, as a code."""
    answer: Answer
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    latency_ms: float
    attempts: int
    is_cached: bool
    judgement: Judgement | None
    """None where there is nothing to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a candidate answered in the place of a recorded decision."""

    candidate: Replayed
    floor: Replayed | None
    """What the second arm answered, where the run has one."""
    floor_arm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """A value a filter of the pairs can have."""

    value: str
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOf:
    """One replay of a decision."""

    run_id: str
    run_name: str
    created_at: datetime
    decision_id: str
    """The decision the replay began with: in a chain an earlier one."""
    step: int
    state: AnswerState
    recorded_kind: str
    replayed_kind: str
    agreement: str
    newly_unsafe: tuple[str, ...]
    model: str
