"""How many decisions are drawn from each stratum."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping


def quotas(
    matched: Mapping[str, int], size: int, *, at_least: int = 1, is_even: bool = False
) -> dict[str, int]:
    """Return how many decisions are drawn from each stratum; none gets more than it holds.

    Each stratum has its minimum; the rest is shared out one by one, to the stratum that is
    furthest behind its share (the method of Webster and Sainte-Laguë, see Balinski and Young,
    *Fair Representation*, 1982).

    Args:
        matched: how many decisions each stratum holds.
        size: how many are drawn in all, where there are as many.
        at_least: the minimum of a stratum.
        is_even: gives each stratum the same instead of its share, so that rare ones are drawn
            more often than they occur.

    Raises:
        SelectionError: the minimums alone are more than ``size``.
    """
    drawn = {stratum: min(at_least, held) for stratum, held in matched.items()}
    left = size - sum(drawn.values())
    if left < 0:
        raise SelectionError(
            f"{size} decisions are too few for {len(matched)} strata with at least {at_least} "
            f"each: give a size of {size - left} or more, or stratify by less"
        )
    # The stratum furthest behind is first; its name settles ties, so that a draw can be repeated.
    behind = [
        (-_claim(held, drawn[stratum], is_even), stratum)
        for stratum, held in matched.items()
        if drawn[stratum] < held
    ]
    heapq.heapify(behind)
    while left and behind:
        _, stratum = heapq.heappop(behind)
        drawn[stratum] += 1
        left -= 1
        if drawn[stratum] < matched[stratum]:
            claim = _claim(matched[stratum], drawn[stratum], is_even)
            heapq.heappush(behind, (-claim, stratum))
    return drawn


def _claim(held: int, drawn: int, is_even: bool) -> float:
    return (1 if is_even else held) / (2 * drawn + 1)
