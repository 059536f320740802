"""How sure one may be that two versions differ: numbers in, estimates and words out.

Knows nothing of stores or pages. What each number means, and what was simulated to check it, is in
docs/statistics.md.
"""

from __future__ import annotations

from trainingloop.statistics._contrast import FEWEST_CONVERSATIONS
from trainingloop.statistics._means import mean, mean_difference
from trainingloop.statistics._mix import (
    adjust,
    homogeneity_p,
    mantel_haenszel,
    stratified_difference,
    traffic_mix,
)
from trainingloop.statistics._moments import Moments
from trainingloop.statistics._multiple import holm
from trainingloop.statistics._paired import (
    MarginTest,
    clustered_mcnemar,
    marginal_homogeneity,
    mcnemar,
)
from trainingloop.statistics._rates import design_effect, rate, rate_difference
from trainingloop.statistics._results import (
    ALPHA,
    Adjustment,
    Comparison,
    Direction,
    Estimate,
    Kind,
    Metric,
    Mix,
    MixRow,
    SampleRatio,
    Stratum,
    Verdict,
)
from trainingloop.statistics._splits import sample_ratio
from trainingloop.statistics._verdict import compare
from trainingloop.statistics._weighted import (
    Sample,
    paired_difference,
    weighted_rate,
    weighted_ratio,
)
from trainingloop.statistics._words import Wording
from trainingloop.statistics.errors import StatisticsError

__all__ = [
    "ALPHA",
    "FEWEST_CONVERSATIONS",
    "Adjustment",
    "Comparison",
    "Direction",
    "Estimate",
    "Kind",
    "MarginTest",
    "Metric",
    "Mix",
    "MixRow",
    "Moments",
    "Sample",
    "SampleRatio",
    "StatisticsError",
    "Stratum",
    "Verdict",
    "Wording",
    "adjust",
    "clustered_mcnemar",
    "compare",
    "design_effect",
    "holm",
    "homogeneity_p",
    "mantel_haenszel",
    "marginal_homogeneity",
    "mcnemar",
    "mean",
    "mean_difference",
    "paired_difference",
    "rate",
    "rate_difference",
    "sample_ratio",
    "stratified_difference",
    "traffic_mix",
    "weighted_rate",
    "weighted_ratio",
]
