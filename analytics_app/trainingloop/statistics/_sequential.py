"""Intervals and p-values that hold however often one looks.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas,
"Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52
(2024), arXiv 2103.06476v7: half-width by eq. 9, p-value by eq. 155, rho by eq. 161.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trainingloop.statistics._results import ALPHA

if TYPE_CHECKING:
    from trainingloop.statistics._moments import Moments

TUNED_FOR = 500
"""Conversations, both groups together, at which the interval is tightest for its confidence.

A looser choice than GrowthBook's 5,000, which suits visitors of a website: with 100 conversations
it asks for 6.7 standard errors. With 500 it asks for 3.0 to 3.7 anywhere between 60 and 100,000.
"""

_RHO_SQUARED = (-2 * math.log(ALPHA) + math.log(-2 * math.log(ALPHA) + 1)) / TUNED_FOR


def balanced_size(a: Moments, b: Moments) -> float:
    """Conversations in two equal groups that would say as much as these two do.

    What the paper calls n. With equal groups it is their sum. It follows what is known of the
    difference (Jennison & Turnbull, 2000, §11: tests depend on time through information alone),
    so looks at a new version that grows against an old one that does not are counted rightly.
    """
    if not a.clusters or not b.clusters:
        return 0.0
    return 4 * a.clusters * b.clusters / (a.clusters + b.clusters)


def cautious_variance(a: float, b: float, a_clusters: int, b_clusters: int) -> float:
    """Variance of a difference that a small group's luck cannot shrink.

    The larger of Welch's (each group has its own spread) and Student's (both have the same), which
    are equal for equal groups. A small sample of skewed values has too low a mean and too low a
    spread at the same time: beside an old version with 2,000 conversations, Welch's alone raised
    false alarms in 13 % of A/A runs with lognormal amounts, this in none of 1,000.

    Args:
        a: Variance of the first group's rate or mean.
        b: Of the second's.
        a_clusters: Conversations of the first group.
        b_clusters: Of the second.
    """
    spread = (a_clusters**2 * a + b_clusters**2 * b) / (a_clusters + b_clusters)
    return max(a + b, spread * (1 / a_clusters + 1 / b_clusters))


def critical_distance(size: float, alpha: float = ALPHA) -> float:
    """Standard errors a difference must have to count at any look; 1.96 for a single one."""
    grown = size * _RHO_SQUARED
    return math.sqrt(2 * (grown + 1) / grown * math.log(math.sqrt(grown + 1) / alpha))


def always_valid_p(difference: float, variance: float, size: float) -> float:
    """How surprising a difference is if there is none, at any look: one over the e-value."""
    grown = size * _RHO_SQUARED
    distance = difference / math.sqrt(variance)
    log_e = grown / (grown + 1) * distance * distance / 2 - math.log(grown + 1) / 2
    return math.exp(-log_e) if log_e > 0 else 1.0
