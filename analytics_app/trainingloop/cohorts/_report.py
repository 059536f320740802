"""What a comparison of two cohorts answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from trainingloop.cohorts._measures import Measure
    from trainingloop.cohorts._reading import Facts
    from trainingloop.statistics import Comparison, Estimate, Mix, SampleRatio


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMetric:
    """One metric of both cohorts."""

    measure: Measure
    comparison: Comparison
    a_pending: int
    """Units whose window has not passed yet; they are in no rate."""
    b_pending: int
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitMix:
    """How far the two cohorts differ in one trait of their conversations, such as the channel."""

    trait: str
    mix: Mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of one cohort, by the first decision of each conversation, UTC."""

    day: date
    is_b: bool
    conversations: int
    primary: Estimate
    """The primary metric of that day's conversations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Two cohorts side by side: differences are b minus a, and verdicts speak of b."""

    a: Facts
    b: Facts
    as_of: datetime
    """Outcomes whose window ends later are pending, in both."""
    headline: str
    """The verdict in words."""
    metrics: tuple[ComparedMetric, ...]
    """The primary one first."""
    is_observational: bool
    """Nobody drew by lot which conversation gets which version."""
    sample_ratio: SampleRatio | None
    """Of a split that was declared."""
    mixes: tuple[TraitMix, ...]
    """Traits that do not follow from what the assistant does, the most different first."""
    adjusted_trait: str
    """The trait by which conversations are alike in the adjusted differences, or ""."""
    days: tuple[Day, ...]
    switched_at: datetime | None
    """When the later of the two cohorts began."""
    shared_conversations: int
    """Conversations with decisions in both."""
    notes: tuple[str, ...]
    """What else one has to know before believing it."""

    @property
    def primary(self) -> ComparedMetric | None:
        """The metric the headline speaks of; None where nothing was measured."""
        return next((one for one in self.metrics if one.is_primary), None)
