"""How far chains were followed before the candidate went its own way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.replay._comparing.pairs import asked_for_calls, has_same_calls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.replay._comparing.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Chains that parted from what was recorded at one step."""

    step: int
    """0 for the decision that was chosen."""
    chains: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """What became of chains of decisions."""

    chains: int
    followed: int
    """To the end: all calls were those that were recorded."""
    without_calls: int
    """Nothing to follow: the chosen decision was recorded without a call, and has none now."""
    diverged: tuple[Divergence, ...]
    """By the step at which the calls first differed."""
    broken: int
    """Ended without an answer that can be compared."""


def chains_of(pairs: Iterable[Pair]) -> Chains:
    """Count how far chains went."""
    last: dict[str, Pair] = {}
    for pair in pairs:
        if pair.decision_id not in last or last[pair.decision_id].step < pair.step:
            last[pair.decision_id] = pair
    diverged: Counter[int] = Counter()
    followed = without_calls = broken = 0
    for pair in last.values():
        if (judgement := pair.compared) is None:
            broken += 1
        elif not has_same_calls(judgement):
            diverged[pair.step] += 1
        elif pair.step or asked_for_calls(judgement):
            followed += 1
        else:
            without_calls += 1
    return Chains(
        chains=len(last),
        followed=followed,
        without_calls=without_calls,
        diverged=tuple(Divergence(step=step, chains=diverged[step]) for step in sorted(diverged)),
        broken=broken,
    )
