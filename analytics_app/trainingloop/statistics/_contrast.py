"""A difference with enough data behind it to be judged, whenever one looks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics._means import mean_variance
from trainingloop.statistics._power import detectable, detectable_once, growth_needed
from trainingloop.statistics._rates import rate_variance
from trainingloop.statistics._sequential import (
    always_valid_p,
    balanced_size,
    cautious_variance,
    critical_distance,
)

if TYPE_CHECKING:
    from trainingloop.statistics._results import Metric

FEWEST_CONVERSATIONS = 30
"""Of each group, before there is a verdict.

Below, a mean of conversations is not yet near enough to normal for the intervals' theory, and the
error rates in docs/statistics.md do not hold.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """How far apart two groups are and how much that varies."""

    difference: float
    variance: float
    """What the verdict counts with; never smaller than ``plain_variance``."""
    plain_variance: float
    """What someone who looks once counts with."""
    size: float
    """Conversations in two equal groups that would say as much."""
    clusters: int
    """Conversations of both groups together."""

    @property
    def always_valid_p(self) -> float:
        """How surprising the difference is if there is none, at any look."""
        return always_valid_p(self.difference, self.variance, self.size)

    @property
    def half_width(self) -> float:
        """Half of the interval that holds at any look."""
        return critical_distance(self.size) * math.sqrt(self.variance)

    @property
    def detectable_once(self) -> float:
        """Smallest difference that one look finds in 4 of 5 cases."""
        return detectable_once(self.plain_variance)

    def detectable(self, metrics: int) -> float:
        """Smallest difference that the verdict finds in 4 of 5 cases, among so many metrics."""
        return detectable(self.variance, self.size, metrics)

    def required(self, metrics: int) -> int | None:
        """Conversations that the verdict needs to find this difference; None if no amount does."""
        growth = growth_needed(self.difference, self.variance, self.size, metrics)
        return None if growth is None else math.ceil(growth * self.clusters)


def contrast(metric: Metric) -> Contrast | None:
    """Return what a verdict rests on; None where there is not enough for one."""
    variance_of = rate_variance if metric.kind == "rate" else mean_variance
    a, b = variance_of(metric.a), variance_of(metric.b)
    first, second = metric.a.ratio, metric.b.ratio
    sizes = metric.a.clusters, metric.b.clusters
    if a is None or b is None or first is None or second is None:
        return None
    if min(sizes) < FEWEST_CONVERSATIONS or not math.isfinite(second - first):
        return None
    variance = cautious_variance(a, b, *sizes)
    if not math.isfinite(variance):
        return None
    return Contrast(
        difference=second - first,
        variance=variance,
        plain_variance=a + b,
        size=balanced_size(metric.a, metric.b),
        clusters=sum(sizes),
    )
