"""What answers cost and took, before and after, decision by decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.replay._comparing.pairs import sample_of
from trainingloop.statistics import Estimate, weighted_ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._comparing.pairs import Pair, Took

AmountName = Literal["cost_usd", "input_tokens", "output_tokens", "latency_ms"]

AMOUNTS: Final[tuple[AmountName, ...]] = (
    "cost_usd",
    "input_tokens",
    "output_tokens",
    "latency_ms",
)
"""What is measured of both answers. The latency of a replay is not that of production: other
load, another machine, no stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One thing that answers take, where it is known of both."""

    name: AmountName
    decisions: int
    """With both amounts; the others are in no figure."""
    recorded: Estimate
    """Per decision, weighted."""
    replayed: Estimate
    difference: Estimate
    """Replayed less recorded, per decision."""
    ratio: Estimate
    """The sum of the replayed over the sum of the recorded."""


def amounts_of(pairs: Sequence[Pair]) -> tuple[Amount, ...]:
    """Compare what both answers took, of the decisions that the candidate answered."""
    spoken = [pair for pair in pairs if pair.is_spoken]
    return tuple(_amount(spoken, name) for name in AMOUNTS)


def _amount(pairs: list[Pair], name: AmountName) -> Amount:
    known = [
        (pair, before, after)
        for pair in pairs
        if (before := _of(pair.recorded, name)) is not None
        and (after := _of(pair.replayed, name)) is not None
    ]
    shown = [pair for pair, *_ in known]
    recorded, replayed = [one for _, one, _ in known], [other for *_, other in known]
    differences = [other - one for _, one, other in known]
    return Amount(
        name=name,
        decisions=len(known),
        recorded=weighted_ratio(sample_of(shown, recorded)),
        replayed=weighted_ratio(sample_of(shown, replayed)),
        difference=weighted_ratio(sample_of(shown, differences)),
        ratio=weighted_ratio(sample_of(shown, replayed, recorded)),
    )


def _of(took: Took, name: AmountName) -> float | None:
    value: float | None = getattr(took, name)
    return value
