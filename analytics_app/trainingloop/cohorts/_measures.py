"""What can be measured of a cohort: every metric by its name in the reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainingloop.statistics import Direction, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing that is measured of every conversation of a cohort."""

    id: str
    name: str
    kind: Kind
    direction: Direction
    unit: str = ""
    """Of a mean, such as ``ms``."""
    counted: str = "conversations"
    """What one unit is, in the plural."""


RESOLVED: Final = Measure(
    id="resolved", name="Resolved by the assistant", kind="rate", direction="good"
)
THUMBS_UP: Final = Measure(
    id="thumbs_up", name="Thumbs up", kind="rate", direction="good", counted="votes"
)
OF_DECISIONS: Final = (
    Measure(id="error", name="Failed decisions", kind="rate", direction="bad", counted="decisions"),
    Measure(
        id="latency_ms",
        name="Time of a model call",
        kind="mean",
        direction="bad",
        unit="ms",
        counted="model calls",
    ),
    Measure(id="cost_usd", name="Cost of a conversation", kind="mean", direction="bad", unit="USD"),
    Measure(
        id="input_tokens",
        name="Tokens in of a conversation",
        kind="mean",
        direction="neutral",
        unit="tokens",
    ),
    Measure(
        id="output_tokens",
        name="Tokens out of a conversation",
        kind="mean",
        direction="neutral",
        unit="tokens",
    ),
    Measure(
        id="replies",
        name="Replies in a conversation",
        kind="mean",
        direction="neutral",
        unit="replies",
    ),
    Measure(
        id="tool_calls",
        name="Tool calls in a conversation",
        kind="mean",
        direction="neutral",
        unit="calls",
    ),
)
"""Measures of the decisions themselves, in the order they are shown."""

_RULE_NAMES: Final = {
    "customer_replied": "Customer replied",
    "no_further_inbound": "No further message",
    "escalation_triggered": "Escalated to a human",
}
_TAKEN: Final = frozenset(one.id for one in (RESOLVED, THUMBS_UP, *OF_DECISIONS))
_COUNTED: Final = {"turn": "turns", "conversation": "conversations"}


def of_rule(rule: str, *, direction: Direction, unit: str) -> Measure:
    """Return how often a rule of outcomes says yes; its name may be that of another measure."""
    if rule == "ending:resolved":
        return RESOLVED
    return Measure(
        id=f"outcome:{rule}" if rule in _TAKEN else rule,
        name=_RULE_NAMES.get(rule, rule.replace("_", " ").capitalize()),
        kind="rate",
        direction=direction,
        counted=_COUNTED.get(unit, unit),
    )


def rank(measure: Measure) -> tuple[int, str]:
    """Sort what says most about an assistant first; the first that is good or bad is primary.

    What a business reports or asks for by a rule of its own comes before what everybody has.
    """
    standing = ("", RESOLVED.id, "escalation_triggered", THUMBS_UP.id)
    decisions = [one.id for one in OF_DECISIONS]
    if measure.id in standing:
        return standing.index(measure.id), ""
    if measure.id in decisions:
        return 20 + decisions.index(measure.id), ""
    if measure.id in _RULE_NAMES or measure.direction == "neutral":
        return 10, measure.id
    return (0 if measure.direction == "good" else 5), measure.id
