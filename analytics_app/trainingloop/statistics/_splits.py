"""Whether a split that was declared came out as declared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import chi_square_above
from trainingloop.statistics._results import SampleRatio
from trainingloop.statistics.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALARM = 0.001
"""A check that runs at every look must be rare: Fabijan et al., KDD 2019."""
_FEWEST_EXPECTED = 8


def sample_ratio(observed: Sequence[int], declared: Sequence[float] | None = None) -> SampleRatio:
    """Check conversations per group against the declared shares, by chi-square.

    Only for splits drawn by lot. A mismatch means that conversations of some kind got lost or
    were counted twice, and that no difference between the groups can be trusted.

    Args:
        observed: Conversations per group.
        declared: The shares, in any scale (``[50, 50]``); without them, equal ones.

    Raises:
        StatisticsError: Fewer than two groups, or shares that are not positive numbers, one each.
    """
    shares = _shares(observed, declared)
    total = sum(observed)
    expected = tuple(share * total for share in shares)
    p_value = _p_value(observed, expected) if min(expected) >= _FEWEST_EXPECTED else None
    is_mismatch = p_value is not None and p_value < _ALARM
    return SampleRatio(
        observed=tuple(observed),
        expected=expected,
        p_value=p_value,
        is_mismatch=is_mismatch,
        words=_words(observed, expected, p_value),
    )


def _shares(observed: Sequence[int], declared: Sequence[float] | None) -> tuple[float, ...]:
    shares = tuple(declared or [1.0] * len(observed))
    if len(observed) < 2 or len(shares) != len(observed):
        raise StatisticsError(
            f"got {len(observed)} groups and {len(shares)} shares; give at least two of each"
        )
    if not all(math.isfinite(share) and share > 0 for share in shares):
        raise StatisticsError(
            f"got the shares {list(shares)!r}; give positive numbers such as 50, 50"
        )
    return tuple(share / sum(shares) for share in shares)


def _p_value(observed: Sequence[int], expected: Sequence[float]) -> float:
    square = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    return chi_square_above(square, len(observed) - 1)


def _words(observed: Sequence[int], expected: Sequence[float], p_value: float | None) -> str:
    counts = " / ".join(f"{count:,}" for count in observed)
    wanted = " / ".join(f"{count:,.0f}" for count in expected)
    if p_value is None:
        return f"Too few conversations to check the split: {counts}."
    if p_value < _ALARM:
        return (
            f"The split did not come out as declared: {counts} conversations where {wanted} were"
            " due. Find out why before you trust any difference."
        )
    return f"The split came out as declared: {counts} conversations where {wanted} were due."
