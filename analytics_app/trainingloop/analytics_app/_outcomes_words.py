"""What outcomes are called on the pages, and how their figures are written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app._format import count, counted, moment, pause
from trainingloop.analytics_app._markup import COLOURS, badge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trainingloop.analytics_app._markup import Tone
    from trainingloop.analytics_app._outcomes_records import EvidenceEvent, Outcome, Rate
    from trainingloop.outcomes.rules import Rule, Rules
    from trainingloop.statistics import Estimate

ENDINGS: Final[Mapping[str, str]] = {
    "resolved_by_assistant": "Resolved by the assistant",
    "resolved_by_human": "Resolved by a human",
    "customer_left": "The customer left",
    "timed_out": "Timed out",
    "unknown": "Nobody said",
}
"""How a conversation can have ended, in the order it is drawn."""

# Neighbours in the chart differ in lightness as well as in hue.
_ENDING_TONES: Final[dict[str, Tone]] = {
    "resolved_by_assistant": "blue",
    "resolved_by_human": "amber",
    "customer_left": "red",
    "timed_out": "violet",
    "unknown": "gray",
}
ENDING_COLOURS: Final = [COLOURS[_ENDING_TONES[ending]] for ending in ENDINGS]

STATES: Final[Mapping[str, str]] = {"yes": "Yes", "no": "No", "pending": "Not known yet"}

_EVENTS: Final[Mapping[str, str]] = {
    "inbound": "The customer wrote",
    "escalation": "Handed to a human",
    "close": "Conversation closed",
    "outcome": "Reported",
}
_UNITS: Final[Mapping[str, str]] = {"turn": "AI turns", "conversation": "conversations"}
_MEANINGS: Final[Mapping[str, str]] = {
    "good": "more is better",
    "bad": "less is better",
    "neutral": "neither good nor bad",
}


def rule_named(rules: Rules, rule_id: str) -> Rule:
    """The rule of an id: one of those that hold, else that of an outcome reported by name."""
    return next((rule for rule in rules.rules if rule.id == rule_id), rules.reported(rule_id))


def units(unit: str) -> str:
    """What a rate counts, in the plural."""
    return _UNITS.get(unit, unit)


def meaning(direction: str) -> str:
    """What a high rate says."""
    return _MEANINGS.get(direction, direction)


def percent(estimate: Estimate) -> str:
    """The rate alone, for where its interval stands beside it."""
    return "not known yet" if estimate.value is None else f"{estimate.value:.1%}"


def interval(estimate: Estimate) -> str:
    """The 95 % interval, such as ``38.0 - 44.5%``."""
    if estimate.low is None or estimate.high is None:
        return "no interval"
    return f"{estimate.low * 100:.1f}\N{EN DASH}{estimate.high:.1%}"


def counted_in(rate: Rate, unit: str) -> str:
    """What a rate is made of, such as ``512 of 1,243 AI turns in 300 conversations``."""
    made = f"{count(rate.yes)} of {count(rate.estimate.n)} {units(unit)}"
    return (
        f"{made} in {counted(rate.estimate.clusters, 'conversation')}" if unit == "turn" else made
    )


def tone_of(outcome: Outcome) -> Tone:
    """The colour of an outcome: whether it is good news."""
    if outcome.state == "pending":
        return "amber"
    if outcome.direction == "neutral":
        return "blue" if outcome.state == "yes" else "gray"
    is_good = (outcome.state == "yes") == (outcome.direction == "good")
    return "green" if is_good else "red"


def state_text(outcome: Outcome) -> str:
    """The state in words; a pending one says until when."""
    if outcome.state == "pending":
        return f"pending until {moment(outcome.matures_at)[:-3]} UTC"
    return outcome.state


def state_badge(outcome: Outcome) -> str:
    """The state as a pill."""
    return badge(state_text(outcome), tone_of(outcome))


def ending_badge(ending: str) -> str:
    """How a conversation ended as a pill; nothing where it is not known to have ended."""
    return badge(ENDINGS.get(ending, ending), _ENDING_TONES.get(ending, "gray")) if ending else ""


def event_text(event: EvidenceEvent, decided_at: datetime) -> str:
    """An event in a line: what happened, how long after the decision, and what was said."""
    what = _EVENTS.get(event.kind, event.kind)
    told = " · ".join(
        part
        for part in (event.target, event.reason, f"{event.outcome}: {event.value}", event.text)
        if part.strip(": ")
    )
    after = event.occurred_at - decided_at
    later = f"{pause(after)} later" if after >= timedelta(minutes=1) else "within a minute"
    source = ", concluded from a later decision" if event.is_derived else ""
    return f"{what} {later}{source}" + (f": {told}" if told else "")
