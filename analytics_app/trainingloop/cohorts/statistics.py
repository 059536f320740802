"""How sure one may be that two versions differ: numbers in, estimates and words out.

Knows nothing of stores or pages. What each number means, and what was simulated to check it, is in
docs/statistics.md.
"""

from __future__ import annotations

from trainingloop.cohorts._contrast import FEWEST_CONVERSATIONS
from trainingloop.cohorts._means import mean, mean_difference
from trainingloop.cohorts._mix import (
    adjust,
    homogeneity_p,
    mantel_haenszel,
    stratified_difference,
    traffic_mix,
)
from trainingloop.cohorts._moments import Moments
from trainingloop.cohorts._multiple import holm
from trainingloop.cohorts._rates import design_effect, rate, rate_difference
from trainingloop.cohorts._results import (
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
from trainingloop.cohorts._splits import sample_ratio
from trainingloop.cohorts._verdict import compare

__all__ = [
    "FEWEST_CONVERSATIONS",
    "Adjustment",
    "Comparison",
    "Direction",
    "Estimate",
    "Kind",
    "Metric",
    "Mix",
    "MixRow",
    "Moments",
    "SampleRatio",
    "Stratum",
    "Verdict",
    "adjust",
    "compare",
    "design_effect",
    "holm",
    "homogeneity_p",
    "mantel_haenszel",
    "mean",
    "mean_difference",
    "rate",
    "rate_difference",
    "sample_ratio",
    "stratified_difference",
    "traffic_mix",
]
