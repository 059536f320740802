"""What the pages show of outcomes, as the service hands it over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from trainingloop.analytics_app._filters import Filters, Period
    from trainingloop.statistics import Estimate

Step = Literal["day", "week"]
"""How fine time is cut."""
Part = Literal["cohort", "model", "playbook", "prompt", "code"]
"""Which versions are set against each other."""

NO_FURTHER_INBOUND = "no_further_inbound"
"""The rule whose yes says how a conversation ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Whether outcomes are being worked out."""

    has_swept: bool
    newest_started_at: datetime
    """When the newest sweep began; without one it means nothing."""
    has_outcomes: bool
    """Whether the tenant has any."""

    def as_of(self, now: datetime) -> datetime:
        """The time up to which everything is known.

        A pending outcome whose window has passed since the last sweep may be a no that nobody
        wrote down yet, while every early yes is there already: a rate as of now would be too high.
        """
        return min(now, self.newest_started_at) if self.has_swept else now


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRule:
    """A rule that has said something of the decisions in a time range."""

    rule_id: str
    direction: str
    unit: str
    """What a rate counts: ``turn`` or ``conversation``."""
    versions: tuple[str, ...]
    outcomes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which outcomes of which decisions are asked for."""

    rule_id: str
    unit: str
    filters: Filters
    period: Period
    as_of: datetime

    def about(self, rule: SeenRule) -> Question:
        """The same question of another rule."""
        return replace(self, rule_id=rule.rule_id, unit=rule.unit)

    def parameters(self) -> dict[str, object]:
        """The binds of the reads of outcomes."""
        return {
            **self.filters.parameters(self.period),
            "rule": self.rule_id,
            "unit": self.unit,
            "as_of": self.as_of,
            "is_narrowed": int(self.filters.having(cohort="").is_narrowed),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often an outcome came true in one part of the decisions."""

    name: str
    """The day, the Monday of the week, or the version; "" is everything."""
    version: str
    """The version of a named prompt or playbook."""
    estimate: Estimate
    yes: int
    pending: int
    """How many are not known yet, and so not in the estimate."""

    @property
    def label(self) -> str:
        """Its name as people read it."""
        named = " · ".join(part for part in (self.name, self.version) if part)
        return named or "(not recorded)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is not known yet."""

    pending: int
    first_matures_at: datetime
    """When the first of them becomes known; without any it means nothing."""
    overdue: int
    """How many would be known if the worker had run since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one decision, by one rule."""

    decision_id: str
    thread_id: str
    decided_at: datetime
    rule_id: str
    rule_version: str
    cohort: str
    direction: str
    unit: str
    state: str
    """``yes``, ``no`` or ``pending``."""
    ending: str
    """How the conversation ended, or ""."""
    is_attributed: bool
    """Whether it speaks for this decision in rates, and not for a later one."""
    event_ids: tuple[str, ...]
    event_at: datetime | None
    matures_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEvent:
    """An event that an outcome rests on."""

    event_id: str
    kind: str
    occurred_at: datetime
    text: str
    reason: str
    target: str
    outcome: str
    value: str
    is_derived: bool
    """Whether it was concluded from later decisions; nobody reported it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An outcome with what was said before and what came after."""

    outcome: Outcome
    decision_kind: str
    input_preview: str
    output_preview: str
    tool_names: tuple[str, ...]
    events: tuple[EvidenceEvent, ...]
