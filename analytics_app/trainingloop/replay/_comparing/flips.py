"""What one side does and the other does not: gained and lost, each counted, never netted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.replay._comparing.pairs import sample_of
from trainingloop.statistics import (
    ALPHA,
    Estimate,
    clustered_mcnemar,
    mcnemar,
    paired_difference,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.replay._comparing.pairs import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """Whether gains and losses are as likely, and by how much they differ."""

    gained: int
    """Decisions of which it holds only of the second answer."""
    lost: int
    """Decisions of which it holds only of the first answer."""
    decisions: int
    difference: Estimate
    """Of the shares, weighted; second less first."""
    p_value: float
    """McNemar's exact test: decisions one by one."""
    clustered_p: float
    """The same with conversations as wholes."""

    @property
    def can_tell(self) -> bool:
        """Whether so few changes could be called more than chance, however they fall."""
        return mcnemar(self.gained + self.lost, 0) < ALPHA

    @property
    def cautious_p(self) -> float:
        """The larger of the two."""
        return max(self.p_value, self.clustered_p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A decision of which something holds of one answer only."""

    decision_id: str
    step: int
    compared_id: str
    names: tuple[str, ...]
    evidence: str = ""


def paired_test(pairs: Sequence[Pair], steps: Sequence[int]) -> PairedTest | None:
    """Compare both sides of the same decisions.

    Args:
        pairs: the decisions; None comes of none.
        steps: of each 1 where it is gained, -1 where it is lost, 0 where neither.
    """
    if not pairs:
        return None
    gained, lost = steps.count(1), steps.count(-1)
    return PairedTest(
        gained=gained,
        lost=lost,
        decisions=len(pairs),
        difference=paired_difference(sample_of(pairs, steps)),
        p_value=mcnemar(gained, lost),
        clustered_p=clustered_mcnemar(steps, (pair.thread_id for pair in pairs)),
    )


def in_order(flips: Iterable[Flip]) -> tuple[Flip, ...]:
    """Return decisions in an order of their own, whatever they were read in."""
    return tuple(sorted(flips, key=lambda flip: (flip.decision_id, flip.step)))
