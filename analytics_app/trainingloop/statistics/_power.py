"""How large a difference must be to be found, and how much data a difference needs."""

from __future__ import annotations

import math

from trainingloop.statistics._distributions import normal_quantile
from trainingloop.statistics._results import ALPHA
from trainingloop.statistics._sequential import critical_distance

_POWER = 0.8
_MOST_GROWTH = 1e6
"""A difference that needs so many times the data is not worth planning for."""


def detectable_once(variance: float) -> float:
    """Smallest true difference a single look finds in 4 of 5 cases, with data like these.

    (z_.975 + z_.8) standard errors: Bloom, Evaluation Review 19 (1995).
    """
    return (normal_quantile(1 - ALPHA / 2) + normal_quantile(_POWER)) * math.sqrt(variance)


def detectable(variance: float, size: float, metrics: int) -> float:
    """Smallest true difference the verdict finds in 4 of 5 cases: any look, many metrics.

    Args:
        variance: Of the difference.
        size: Conversations in two equal groups (``balanced_size``).
        metrics: Compared together; Holm asks the most of the one that comes first.
    """
    return _distance(size, metrics) * math.sqrt(variance)


def growth_needed(difference: float, variance: float, size: float, metrics: int) -> float | None:
    """How many times the data it takes for the verdict to find a difference of this size.

    None where no sensible amount would do.
    """
    if not difference:
        return None
    asked = abs(difference) / math.sqrt(variance)
    low, high = -math.log(_MOST_GROWTH), math.log(_MOST_GROWTH)
    if _distance_after(high, size, metrics) > asked:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if _distance_after(middle, size, metrics) > asked:
            low = middle
        else:
            high = middle
    return math.exp(high)


def _distance(size: float, metrics: int) -> float:
    return critical_distance(size, ALPHA / max(metrics, 1)) + normal_quantile(_POWER)


def _distance_after(log_growth: float, size: float, metrics: int) -> float:
    growth = math.exp(log_growth)
    return _distance(size * growth, metrics) / math.sqrt(growth)
