"""Whether two answers to the same question differ by more than chance: tests of pairs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import (
    chi_square_above,
    fair_coins_below,
    log_factorial,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

FEWEST_CHANGES = 10
"""Conversations that must have changed before `marginal_homogeneity` says anything.

Below, its chi-square is off: five changes of one kind have p = .025 by it and .063 exactly.
"""


def mcnemar(gained: int, lost: int) -> float:
    """How often chance alone splits changes so unevenly, if they are as likely either way.

    McNemar, Psychometrika 12 (1947), in its exact form: twice the smaller tail of a binomial.
    """
    changes = gained + lost
    return min(1.0, 2 * fair_coins_below(min(gained, lost), changes)) if changes else 1.0


def clustered_mcnemar(steps: Iterable[int], clusters: Iterable[str]) -> float:
    """`mcnemar` for decisions that are not independent: conversations change, as wholes.

    The exact sign test of the net changes of conversations: each is as likely the other way
    round if nothing is to be found (Fisher's randomisation test; for the large-sample form see
    Durkalski et al., Statistics in Medicine 22 (2003) 2417-2428). The same as `mcnemar` where
    each conversation has one change at most.

    Args:
        steps: of each decision 1 if it is gained, -1 if lost, 0 if neither.
        clusters: the conversation of each.
    """
    net: Counter[str] = Counter()
    for step, cluster in zip(steps, clusters, strict=True):
        if step:
            net[cluster] += step
    total = abs(sum(net.values()))
    sizes = Counter(abs(value) for value in net.values() if value)
    if not sizes or not total:
        return 1.0
    return _both_tails(sizes, total)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTest:
    """Whether the totals of a table of before and after differ."""

    statistic: float
    degrees: int
    p_value: float | None
    """None with fewer than `FEWEST_CHANGES` conversations that changed."""
    changed: int
    """Conversations in which the totals moved."""


def marginal_homogeneity(
    before: Iterable[str], after: Iterable[str], clusters: Iterable[str]
) -> MarginTest:
    """Test whether each kind is as frequent after as before.

    Stuart, Biometrika 42 (1955), and Maxwell, British Journal of Psychiatry 116 (1970), with the
    sums of conversations in place of single pairs, as they are not independent. Exactly theirs
    where each conversation has one decision.

    Args:
        before: the kind of each decision.
        after: the kind it has now.
        clusters: the conversation of each.
    """
    import numpy as np

    net = [
        counts for counts in _net_moves(before, after, clusters).values() if any(counts.values())
    ]
    kinds = sorted({kind for counts in net for kind in counts})
    if not kinds:
        return MarginTest(statistic=0.0, degrees=0, p_value=None, changed=0)
    rows = np.array([[counts[kind] for kind in kinds] for counts in net], dtype=float)
    # The rows of kinds add up to zero: the pseudo-inverse leaves one out, whichever it is.
    spread = rows.T @ rows
    total = rows.sum(axis=0)
    degrees = int(np.linalg.matrix_rank(spread, hermitian=True))
    statistic = float(total @ np.linalg.pinv(spread, hermitian=True) @ total)
    return MarginTest(
        statistic=statistic,
        degrees=degrees,
        p_value=chi_square_above(statistic, degrees) if len(net) >= FEWEST_CHANGES else None,
        changed=len(net),
    )


def _net_moves(
    before: Iterable[str], after: Iterable[str], clusters: Iterable[str]
) -> dict[str, Counter[str]]:
    net: dict[str, Counter[str]] = {}
    for one, other, cluster in zip(before, after, clusters, strict=True):
        if one != other:
            counts = net.setdefault(cluster, Counter())
            counts[one] += 1
            counts[other] -= 1
    return net


def _both_tails(sizes: Counter[int], total: int) -> float:
    """Return how often signed sums of these sizes are at least so far from 0."""
    import numpy as np

    if set(sizes) == {1}:
        return mcnemar((sizes[1] + total) // 2, (sizes[1] - total) // 2)
    likely: NDArray[np.float64] = np.ones(1)
    for size, count in sizes.items():
        of_size = np.zeros(size * count + 1)
        of_size[::size] = _coins(count)
        likely = np.convolve(likely, of_size)
    furthest = len(likely) - 1
    sums = np.abs(2 * np.arange(len(likely)) - furthest)
    return min(1.0, float(likely[sums >= total].sum()))


def _coins(count: int) -> NDArray[np.float64]:
    """Return how likely each number of heads among so many fair coins is."""
    import numpy as np

    logs = np.array([log_factorial(number) for number in range(count + 1)])
    likely: NDArray[np.float64] = np.exp(logs[-1] - logs - logs[::-1] - count * log(2))
    return likely
