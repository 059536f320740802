"""Means of clustered amounts: latency, tokens, cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import student_quantile, student_two_sided
from trainingloop.statistics._results import ALPHA, Estimate

if TYPE_CHECKING:
    from trainingloop.statistics._moments import Moments

_RATIO = "ratio mean, cluster-linearised variance, Student's t"
_WELCH = "difference of ratio means, cluster-linearised variances, Welch's t"


def mean(moments: Moments) -> Estimate:
    """Estimate the mean per unit with conversations as the sample.

    Cochran, Sampling Techniques (1977), §6.4; conversations less one as degrees of freedom.
    """
    variance = mean_variance(moments)
    half = (
        None
        if variance is None
        else student_quantile(1 - ALPHA / 2, moments.clusters - 1) * math.sqrt(variance)
    )
    return _estimate(moments, moments.ratio, half, _RATIO)


def mean_variance(moments: Moments) -> float | None:
    """Variance of a mean; None where the conversations show none to measure."""
    return moments.linearised_variance or None


def mean_difference(a: Moments, b: Moments) -> Estimate:
    """Estimate how much higher the mean of ``b`` is, with its interval for one look.

    Welch, Biometrika 34 (1947). No interval where one group shows no variation: the other
    alone would pretend to know both.
    """
    first, second, variances = a.ratio, b.ratio, _Variances.of(a, b)
    value = None if first is None or second is None else second - first
    half = (
        None
        if variances is None
        else student_quantile(1 - ALPHA / 2, variances.degrees) * math.sqrt(variances.total)
    )
    return _estimate(a + b, value, half, _WELCH)


def mean_p_value(a: Moments, b: Moments) -> float | None:
    """How often chance alone makes two means differ so much: Welch's t test, for one look."""
    first, second, variances = a.ratio, b.ratio, _Variances.of(a, b)
    if first is None or second is None or variances is None:
        return None
    return student_two_sided((second - first) / math.sqrt(variances.total), variances.degrees)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variances:
    """The variances of two groups' means, added, and the degrees of freedom of the sum."""

    total: float
    degrees: float

    @classmethod
    def of(cls, a: Moments, b: Moments) -> _Variances | None:
        first, second = mean_variance(a), mean_variance(b)
        if first is None or second is None:
            return None
        # As shares of the total: squares of tiny or huge variances leave the range of floats.
        share = first / (first + second)
        parts = share**2 / (a.clusters - 1) + (1 - share) ** 2 / (b.clusters - 1)
        return cls(total=first + second, degrees=1 / parts)


def _estimate(moments: Moments, value: float | None, half: float | None, method: str) -> Estimate:
    return Estimate.around(value, half, n=moments.units, clusters=moments.clusters, method=method)
