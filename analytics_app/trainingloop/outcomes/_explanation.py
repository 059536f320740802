"""What is said of the outcomes of a decision, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An event that an outcome rests on."""

    event_id: str
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    """When it came in; later than it occurred where it was reported late."""
    source: str
    text: str
    reason: str
    target: str
    outcome: str
    value: str
    decision_id: str
    """The decision a report names, or empty."""

    @property
    def is_derived(self) -> bool:
        """Whether nobody reported it: it was seen in what the agent did next."""
        return self.source == "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeExplanation:
    """Why one rule says what it says of a decision."""

    rule_id: str
    rule_version: str
    title: str
    direction: str
    unit: str
    state: str
    ending: str
    """How the conversation ended, where the rule tells it; see docs/outcomes.md."""
    is_attributed: bool
    """Whether rates count it for this decision."""
    counted_for: str
    """The later decision that is counted instead, or empty."""
    event_at: datetime | None
    matures_at: datetime
    """When its window ends; no rate counts it before."""
    detected_at: datetime
    evidence: tuple[Evidence, ...]
    headline: str
    """The rule and its state, such as ``no_further_inbound: pending until 24 Nov 14:03 UTC``."""
    sentences: tuple[str, ...]
    """The reason first, then how it counts."""

    @property
    def text(self) -> str:
        """All of it in a line."""
        return f"{self.headline}. {' '.join(self.sentences)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What came of one decision, and why."""

    decision_id: str
    thread_id: str
    kind: str
    decided_at: datetime
    ended_at: datetime
    """The end of the decision, from which windows are counted."""
    outcomes: tuple[OutcomeExplanation, ...]
    note: str
    """Said where there is nothing to explain yet; else empty."""

    @property
    def text(self) -> str:
        """All of it, a line for each outcome."""
        return "\n".join([*(outcome.text for outcome in self.outcomes), *filter(None, [self.note])])
