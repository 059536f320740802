"""Samples of which each unit stands for several, as those drawn from strata."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import normal_quantile, student_quantile
from trainingloop.statistics._rates import few_clusters, wilson
from trainingloop.statistics._results import ALPHA, Estimate
from trainingloop.statistics.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Sequence

_WILSON = "Wilson score on the effective sample size, weighted"
_PAIRED = "Bonett-Price adjusted Wald on the effective sample size, weighted"
_RATIO = "Student's t on a linearised ratio, weighted"
_SEEN_SPREAD = 1e-12
"""Squared spreads below this share of the squared values are rounding, not variation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Decisions that stand for others: a column for each thing, an entry for each decision."""

    values: Sequence[float]
    clusters: Sequence[str]
    """The conversation of each."""
    weights: Sequence[float] | None = None
    """How many decisions each stands for; None: one."""
    bases: Sequence[float] | None = None
    """What values are divided by, such as what each cost before; None: 1, for means."""


def weighted_rate(sample: Sample) -> Estimate:
    """Estimate a share, values being 0 or 1, with its Wilson score interval.

    As `trainingloop.statistics.rate`, and the same where all weights are 1. The variance is that
    of a ratio of weighted sums between conversations (Taylor linearisation: Cochran, Sampling
    Techniques (1977), §6.4); strata are taken for one, which errs towards wide. The design
    effect is never below that of the weights alone, Kish, Survey Sampling (1965), §11.7.
    """
    spread = _Spread.of(sample)
    value = spread.ratio
    if value is None or not 0 <= value <= 1:
        return _unknown(spread, _WILSON)
    size = spread.effective_size(value * (1 - value))
    interval = wilson(value, size)
    return Estimate(
        value=value,
        low=interval.low,
        high=interval.high,
        n=spread.n,
        clusters=spread.clusters,
        method=_WILSON,
        effective_n=size,
    )


def paired_difference(sample: Sample) -> Estimate:
    """Estimate by how much one of two rates of the same decisions is higher.

    Args:
        sample: its values are 1 where only the second is a yes, -1 where only the first is, and
            0 where both are alike.

    Bonett & Price, Psychological Methods 17 (2012) 370-381, on the effective sample size: it
    stays honest where no decision differs, and where all do.
    """
    spread = _Spread.of(sample)
    value = spread.ratio
    if value is None:
        return _unknown(spread, _PAIRED)
    weights = sample.weights or [1.0] * spread.n
    changed = [both for both in zip(sample.values, weights, strict=True) if both[0]]
    gained = sum(weight for step, weight in changed if step > 0) / spread.total_weight
    lost = sum(weight for step, weight in changed if step < 0) / spread.total_weight
    size = spread.effective_size(gained + lost - value**2)
    gained, lost = (gained * size + 1) / (size + 2), (lost * size + 1) / (size + 2)
    error = math.sqrt((gained + lost - (gained - lost) ** 2) / (size + 2))
    half = normal_quantile(1 - ALPHA / 2) * error
    return Estimate(
        value=value,
        low=max(-1.0, gained - lost - half),
        high=min(1.0, gained - lost + half),
        n=spread.n,
        clusters=spread.clusters,
        method=_PAIRED,
        effective_n=size,
    )


def weighted_ratio(sample: Sample) -> Estimate:
    """Estimate the sum of the values over the sum of their bases: a mean where these are 1.

    Student's t with as many degrees of freedom as there are conversations, less one; of a ratio
    above zero in its logarithm (the delta method), so that no interval reaches below nothing. No
    interval where they show no variation.
    """
    spread = _Spread.of(sample)
    estimate = partial(Estimate, n=spread.n, clusters=spread.clusters, method=_RATIO)
    if not spread.variance or spread.ratio is None:
        return estimate(value=spread.ratio, low=None, high=None)
    quantile = student_quantile(1 - ALPHA / 2, spread.clusters - 1)
    half = quantile * math.sqrt(spread.variance)
    low, high = spread.ratio - half, spread.ratio + half
    if sample.bases and spread.ratio > 0:
        # Beyond e to the 50th it says nothing, and no float would hold it much further.
        factor = math.exp(min(half / spread.ratio, 50.0))
        low, high = spread.ratio / factor, spread.ratio * factor
    return estimate(value=spread.ratio, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """What the estimates need to know of a sample."""

    n: int
    clusters: int
    total_weight: float
    kish: float
    """As many decisions of equal weight would vary as much by their weights alone."""
    ratio: float | None
    variance: float | None
    """Of the ratio, between samples of conversations; None where there are fewer than two."""

    @classmethod
    def of(cls, sample: Sample) -> _Spread:
        _refuse_unusable(sample)
        n = len(sample.values)
        weights = sample.weights or [1.0] * n
        values: dict[str, float] = {}
        bases: dict[str, float] = {}
        columns = zip(
            sample.clusters, sample.values, weights, sample.bases or [1.0] * n, strict=True
        )
        for cluster, value, weight, base in columns:
            values[cluster] = values.get(cluster, 0.0) + weight * value
            bases[cluster] = bases.get(cluster, 0.0) + weight * base
        total, whole = sum(weights), sum(bases.values())
        ratio = sum(values.values()) / whole if whole else None
        return cls(
            n=n,
            clusters=len(values),
            total_weight=total,
            kish=total**2 / sum(map(operator.mul, weights, weights)) if n else 0.0,
            ratio=ratio,
            variance=None if ratio is None else _variance(values, bases, ratio),
        )

    def effective_size(self, spread: float) -> float:
        """As many independent decisions would say as much.

        Args:
            spread: the variance of one decision. Where there is none to measure, conversations
                count, one each.
        """
        by_weight = self.kish / self.n
        if self.variance is None or spread <= _SEEN_SPREAD:
            return self.clusters * by_weight
        simple = spread / (self.n - 1)
        design_effect = max(1 / by_weight, self.variance / simple)
        return self.n / design_effect * few_clusters(self.n, self.clusters)


def _variance(values: dict[str, float], bases: dict[str, float], ratio: float) -> float | None:
    count = len(values)
    if count < 2:
        return None
    squares = sum((value - ratio * bases[cluster]) ** 2 for cluster, value in values.items())
    scale = sum(value**2 for value in values.values()) + ratio**2 * sum(
        base**2 for base in bases.values()
    )
    if squares <= _SEEN_SPREAD * scale:
        return 0.0
    return count / (count - 1) * squares / sum(bases.values()) ** 2


def _refuse_unusable(sample: Sample) -> None:
    columns = (sample.values, sample.clusters, sample.weights, sample.bases)
    lengths = {len(column) for column in columns if column is not None}
    if len(lengths) > 1:
        raise StatisticsError(f"got columns of {sorted(lengths)} entries; give as many in each")
    weights = sample.weights or (1.0,)
    if min(weights) <= 0 or not all(map(math.isfinite, weights)):
        raise StatisticsError("got a weight that is not a number above 0; leave such decisions out")
    if not all(map(math.isfinite, sample.values)):
        raise StatisticsError("got a value that is not a number; leave such decisions out")


def _unknown(spread: _Spread, method: str) -> Estimate:
    return Estimate.around(None, None, n=spread.n, clusters=spread.clusters, method=method)
