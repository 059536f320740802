"""Rates of clustered yes/no data: how many, how sure, and how different."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import (
    normal_quantile,
    normal_two_sided,
    student_quantile,
)
from trainingloop.statistics._results import ALPHA, Estimate

if TYPE_CHECKING:
    from trainingloop.statistics._moments import Moments

_WILSON = "Wilson score on the effective sample size"
_NEWCOMBE = "Newcombe hybrid score on the effective sample sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two ends."""

    low: float
    high: float


def is_rate(moments: Moments) -> bool:
    """Say whether the sums can be successes among units."""
    return moments.is_usable and moments.clusters > 0 and 0 <= moments.total <= moments.units


def design_effect(moments: Moments) -> float:
    """How many times more the rate varies than if all units were independent; at least 1.

    Kish, Survey Sampling (1965), §8.2: the variance between samples of conversations over that
    of a simple random sample of as many units, both with their n - 1 (so exactly 1 where every
    conversation has one unit). Values below 1 are noise more often than not: not believed.
    """
    rate, variance = moments.ratio, moments.linearised_variance
    if moments.has_one_unit_each or not rate or rate == 1 or variance is None:
        return 1.0
    simple = rate * (1 - rate) / (moments.units - 1)
    return max(1.0, variance / simple)


def effective_size(moments: Moments) -> float:
    """As many independent units would say as much as these clustered ones.

    All yes, all no, and a single conversation show no variation to measure: then the
    conversations count, one each.
    """
    if not _shows_variation(moments):
        return float(moments.clusters)
    return moments.units / design_effect(moments)


def rate(moments: Moments) -> Estimate:
    """Estimate a rate of clustered yes/no data with its Wilson score interval.

    Korn & Graubard, Survey Methodology 24 (1998): an interval for simple random samples, on the
    effective sample size, shrunk by (t_n-1 / t_K-1)^2 for the few conversations the design effect
    was measured on. Wilson's (JASA 22, 1927) in place of their Clopper-Pearson, as it neither
    fails at 0 and 1 nor is wider than it has to be: Brown, Cai & DasGupta (2001).
    """
    if not is_rate(moments):
        return _unknown(moments, _WILSON)
    value, size = moments.total / moments.units, _size_for_interval(moments)
    interval = wilson(value, size)
    return Estimate(
        value=value,
        low=interval.low,
        high=interval.high,
        n=moments.units,
        clusters=moments.clusters,
        method=_WILSON,
        effective_n=size,
    )


def rate_difference(a: Moments, b: Moments) -> Estimate:
    """Estimate how much higher the rate of ``b`` is, with its interval for one look.

    Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10, from the two Wilson intervals.
    """
    first, second = rate(a), rate(b)
    both = a + b
    if not (is_rate(a) and is_rate(b)):
        return _unknown(both, _NEWCOMBE)
    p, q = a.total / a.units, b.total / b.units
    wilson_p, wilson_q = (
        wilson(p, _size_for_interval(a)),
        wilson(q, _size_for_interval(b)),
    )
    return Estimate(
        value=q - p,
        low=q - p - math.hypot(q - wilson_q.low, wilson_p.high - p),
        high=q - p + math.hypot(wilson_q.high - q, p - wilson_p.low),
        n=both.units,
        clusters=both.clusters,
        method=_NEWCOMBE,
        effective_n=(first.effective_n or 0) + (second.effective_n or 0),
    )


def rate_p_value(a: Moments, b: Moments) -> float | None:
    """How often chance alone makes two rates differ so much: pooled z test, for one look.

    Pearson's chi-square without continuity correction, on the effective sample sizes.
    """
    if not (is_rate(a) and is_rate(b)):
        return None
    p, q, n, k = a.total / a.units, b.total / b.units, effective_size(a), effective_size(b)
    pooled = (p * n + q * k) / (n + k)
    variance = pooled * (1 - pooled) * (1 / n + 1 / k)
    return normal_two_sided((q - p) / math.sqrt(variance)) if variance > 0 else 1.0


def rate_variance(moments: Moments) -> float | None:
    """Variance of a rate that stays positive when all are yes or all no.

    With one success and one failure added: Agresti & Caffo, American Statistician 54 (2000).
    """
    if not is_rate(moments):
        return None
    size = effective_size(moments)
    added = (moments.total / moments.units * size + 1) / (size + 2)
    return added * (1 - added) / (size + 2)


def few_clusters(units: float, clusters: int) -> float:
    """By how much few conversations shrink a sample size that was measured on them."""
    quantile = 1 - ALPHA / 2
    return (student_quantile(quantile, units - 1) / student_quantile(quantile, clusters - 1)) ** 2


def _shows_variation(moments: Moments) -> bool:
    return moments.clusters > 1 and 0 < moments.total < moments.units


def _size_for_interval(moments: Moments) -> float:
    size = effective_size(moments)
    if moments.has_one_unit_each or not _shows_variation(moments):
        return size
    return size * few_clusters(moments.units, moments.clusters)


def wilson(value: float, size: float) -> Interval:
    """Return Wilson's score interval of a rate seen among so many independent units."""
    z2 = normal_quantile(1 - ALPHA / 2) ** 2
    centre = (value + z2 / (2 * size)) / (1 + z2 / size)
    half = math.sqrt(z2 * (value * (1 - value) / size + z2 / (4 * size * size))) / (1 + z2 / size)
    return Interval(
        low=0.0 if value == 0 else max(0.0, centre - half),
        high=1.0 if value == 1 else min(1.0, centre + half),
    )


def _unknown(moments: Moments, method: str) -> Estimate:
    return Estimate.around(None, None, n=moments.units, clusters=moments.clusters, method=method)
