"""Samples of which each unit stands for several, as those drawn from strata."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import normal_quantile, student_quantile
from trainingloop.statistics._rates import few_clusters, wilson
from trainingloop.statistics._results import ALPHA, Estimate
from trainingloop.statistics.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Iterable

_WILSON = "Wilson score on the effective sample size, weighted"
_PAIRED = "Bonett-Price adjusted Wald on the effective sample size, weighted"
_RATIO = "Student's t on a linearised ratio, weighted"
_SEEN_SPREAD = 1e-12
"""Squared spreads below this share of the squared values are rounding, not variation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One decision of a sample."""

    value: float
    cluster: str
    """The conversation it comes from."""
    weight: float = 1.0
    """How many decisions it stands for."""
    base: float = 1.0
    """What the value is divided by: 1 for a mean, what it cost before for a ratio of costs."""


def weighted_rate(units: Iterable[Unit]) -> Estimate:
    """Estimate a share, values being 0 or 1, with its Wilson score interval.

    As `trainingloop.statistics.rate`, and the same where all weights are 1. The variance is that
    of a ratio of weighted sums between conversations (Taylor linearisation: Cochran, Sampling
    Techniques (1977), §6.4); strata are taken for one, which errs towards wide. The design
    effect is never below that of the weights alone, Kish, Survey Sampling (1965), §11.7.
    """
    sample = _Sample.of(units)
    value = sample.ratio
    if value is None or not 0 <= value <= 1:
        return _unknown(sample, _WILSON)
    size = sample.effective_size(value * (1 - value))
    interval = wilson(value, size)
    return Estimate(
        value=value,
        low=interval.low,
        high=interval.high,
        n=sample.n,
        clusters=sample.clusters,
        method=_WILSON,
        effective_n=size,
    )


def paired_difference(units: Iterable[Unit]) -> Estimate:
    """Estimate by how much one of two rates of the same decisions is higher.

    Args:
        units: of each decision 1 where only the second is a yes, -1 where only the first is, and
            0 where both are alike.

    Bonett & Price, Psychological Methods 17 (2012) 370-381, on the effective sample size: it
    stays honest where no decision differs, and where all do.
    """
    listed = list(units)
    sample = _Sample.of(listed)
    value = sample.ratio
    if value is None:
        return _unknown(sample, _PAIRED)
    gained = sum(unit.weight for unit in listed if unit.value > 0) / sample.total_weight
    lost = sum(unit.weight for unit in listed if unit.value < 0) / sample.total_weight
    size = sample.effective_size(gained + lost - value**2)
    gained, lost = (gained * size + 1) / (size + 2), (lost * size + 1) / (size + 2)
    error = math.sqrt((gained + lost - (gained - lost) ** 2) / (size + 2))
    half = normal_quantile(1 - ALPHA / 2) * error
    return Estimate(
        value=value,
        low=max(-1.0, gained - lost - half),
        high=min(1.0, gained - lost + half),
        n=sample.n,
        clusters=sample.clusters,
        method=_PAIRED,
        effective_n=size,
    )


def weighted_ratio(units: Iterable[Unit]) -> Estimate:
    """Estimate the sum of the values over the sum of their bases: a mean where these are 1.

    Student's t with as many degrees of freedom as there are conversations, less one. No interval
    where they show no variation.
    """
    sample = _Sample.of(units)
    variance = sample.variance
    half = (
        student_quantile(1 - ALPHA / 2, sample.clusters - 1) * math.sqrt(variance)
        if variance
        else None
    )
    return Estimate.around(sample.ratio, half, n=sample.n, clusters=sample.clusters, method=_RATIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """What the estimates need to know of all units."""

    n: int
    clusters: int
    total_weight: float
    kish: float
    """As many units of equal weight would vary as much by their weights alone."""
    ratio: float | None
    variance: float | None
    """Of the ratio, between samples of conversations; None where there are fewer than two."""

    @classmethod
    def of(cls, units: Iterable[Unit]) -> _Sample:
        n, weight, squared_weight = 0, 0.0, 0.0
        values: dict[str, float] = {}
        bases: dict[str, float] = {}
        for unit in units:
            _refuse_unusable(unit)
            n += 1
            weight += unit.weight
            squared_weight += unit.weight**2
            values[unit.cluster] = values.get(unit.cluster, 0.0) + unit.weight * unit.value
            bases[unit.cluster] = bases.get(unit.cluster, 0.0) + unit.weight * unit.base
        base = sum(bases.values())
        ratio = sum(values.values()) / base if base else None
        return cls(
            n=n,
            clusters=len(values),
            total_weight=weight,
            kish=weight**2 / squared_weight if n else 0.0,
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
        if self.variance is None or self.variance == 0 or spread <= 0:
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


def _refuse_unusable(unit: Unit) -> None:
    if not (unit.weight > 0 and math.isfinite(unit.weight) and math.isfinite(unit.value)):
        raise StatisticsError(
            f"got the value {unit.value!r} with the weight {unit.weight!r}; give numbers, and"
            " weights above 0"
        )


def _unknown(sample: _Sample, method: str) -> Estimate:
    return Estimate.around(None, None, n=sample.n, clusters=sample.clusters, method=method)
