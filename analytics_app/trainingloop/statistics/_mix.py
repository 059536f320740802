"""Groups that were not drawn by lot: their traffic, and the difference among like conversations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics._distributions import chi_square_above, normal_quantile
from trainingloop.statistics._means import mean, mean_variance
from trainingloop.statistics._rates import is_rate, rate, rate_variance
from trainingloop.statistics._results import ALPHA, Adjustment, Estimate, Mix, MixRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.statistics._results import Kind, Stratum

_WIDE_MIX = 0.1
_ALARM = 0.001
_FEWEST_FOR_HOMOGENEITY = 5
_STRATIFIED = "stratified by traffic, normal"
_MANTEL_HAENSZEL = "Mantel-Haenszel risk difference, Sato's variance"


def traffic_mix(strata: Sequence[Stratum], kind: Kind) -> Mix:
    """Tabulate both groups by kind of traffic and measure how far apart they are."""
    a_all, b_all = sum(s.a.clusters for s in strata), sum(s.b.clusters for s in strata)
    rows = tuple(_row(stratum, kind, a_all, b_all) for stratum in strata)
    if not a_all or not b_all:
        return Mix(rows=rows, distance=None, p_value=None, is_different=False)
    distance = sum(abs((row.a_share or 0) - (row.b_share or 0)) for row in rows) / 2
    p_value = _mix_p_value(strata, a_all, b_all)
    return Mix(
        rows=rows,
        distance=distance,
        p_value=p_value,
        is_different=distance >= _WIDE_MIX and p_value is not None and p_value < _ALARM,
    )


def stratified_difference(strata: Sequence[Stratum], kind: Kind) -> Estimate:
    """Estimate b minus a within each kind of traffic, weighted by its share of both together.

    Post-stratification (Cochran, Sampling Techniques, 1977, §5A.9) with the weights taken as
    known. Kinds that only one group has, or whose variation cannot be measured, are left out.
    """
    parts = _parts(strata, kind)
    weights = sum(part.weight for part in parts)
    value = sum(part.weight * part.difference for part in parts) / weights if parts else None
    variance = sum((part.weight / weights) ** 2 * part.variance for part in parts)
    return _normal_estimate(value, variance, strata, _STRATIFIED)


def mantel_haenszel(strata: Sequence[Stratum]) -> Estimate | None:
    """Estimate the pooled risk difference of plain yes/no conversations, b minus a.

    Mantel & Haenszel weights; variance of Sato, Biometrics 45 (1989), which holds both for few
    large kinds and for many small ones. None where a conversation has more than one unit.
    """
    usable = [s for s in strata if is_rate(s.a) and is_rate(s.b)]
    if not usable or not all(s.a.has_one_unit_each and s.b.has_one_unit_each for s in usable):
        return None
    tables = [_Table.of(s) for s in usable]
    weight = sum(t.weight for t in tables)
    value = sum(t.difference for t in tables) / weight
    variance = (value * sum(t.p for t in tables) + sum(t.q for t in tables)) / (weight * weight)
    return _normal_estimate(value, variance, strata, _MANTEL_HAENSZEL)


def homogeneity_p(strata: Sequence[Stratum], kind: Kind) -> float | None:
    """How often chance alone makes the kinds' differences vary so much: Cochran's Q.

    Cochran, Biometrics 10 (1954). From the kinds with at least five conversations in each group;
    None for fewer than two such kinds.
    """
    large = [s for s in strata if min(s.a.clusters, s.b.clusters) >= _FEWEST_FOR_HOMOGENEITY]
    parts = _parts(large, kind)
    if len(parts) < 2:
        return None
    precision = sum(1 / part.variance for part in parts)
    centre = sum(part.difference / part.variance for part in parts) / precision
    spread = sum((part.difference - centre) ** 2 / part.variance for part in parts)
    return chi_square_above(spread, len(parts) - 1)


def adjust(strata: Sequence[Stratum], kind: Kind, plain: Estimate) -> Adjustment | None:
    """Set the difference among like conversations beside the plain one; None without kinds."""
    if not strata:
        return None
    mix = traffic_mix(strata, kind)
    adjusted = stratified_difference(strata, kind)
    compared = sum(part.clusters for part in _parts(strata, kind))
    return Adjustment(
        mix=mix,
        stratified=adjusted,
        mantel_haenszel=mantel_haenszel(strata) if kind == "rate" else None,
        homogeneity_p=homogeneity_p(strata, kind),
        overlap=compared / max(1, sum(s.a.clusters + s.b.clusters for s in strata)),
        is_simpson=_point_apart(plain, adjusted)
        and (plain.excludes_zero or adjusted.excludes_zero),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    clusters: int
    weight: float
    difference: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One kind's share in the sums of Mantel-Haenszel and Sato."""

    weight: float
    difference: float
    p: float
    q: float

    @classmethod
    def of(cls, stratum: Stratum) -> _Table:
        x1, n1 = stratum.b.total, stratum.b.units
        x0, n0 = stratum.a.total, stratum.a.units
        n = n1 + n0
        return cls(
            weight=n1 * n0 / n,
            difference=(x1 * n0 - x0 * n1) / n,
            p=(n1 * n1 * x0 - n0 * n0 * x1 + n1 * n0 * (n0 - n1) / 2) / (n * n),
            q=(x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n),
        )


def _row(stratum: Stratum, kind: Kind, a_all: int, b_all: int) -> MixRow:
    estimate = rate if kind == "rate" else mean
    return MixRow(
        name=stratum.name,
        a_clusters=stratum.a.clusters,
        b_clusters=stratum.b.clusters,
        a_share=stratum.a.clusters / a_all if a_all else None,
        b_share=stratum.b.clusters / b_all if b_all else None,
        a=estimate(stratum.a),
        b=estimate(stratum.b),
    )


def _mix_p_value(strata: Sequence[Stratum], a_all: int, b_all: int) -> float | None:
    kinds = [s for s in strata if s.a.clusters + s.b.clusters]
    if len(kinds) < 2:
        return None
    square = 0.0
    for stratum in kinds:
        both = stratum.a.clusters + stratum.b.clusters
        for count, group in ((stratum.a.clusters, a_all), (stratum.b.clusters, b_all)):
            expected = both * group / (a_all + b_all)
            square += (count - expected) ** 2 / expected
    return chi_square_above(square, len(kinds) - 1)


def _parts(strata: Sequence[Stratum], kind: Kind) -> list[_Part]:
    variance_of = rate_variance if kind == "rate" else mean_variance
    parts: list[_Part] = []
    for s in strata:
        first, second, a, b = variance_of(s.a), variance_of(s.b), s.a.ratio, s.b.ratio
        if first is not None and second is not None and a is not None and b is not None:
            parts.append(
                _Part(
                    clusters=s.a.clusters + s.b.clusters,
                    weight=s.a.units + s.b.units,
                    difference=b - a,
                    variance=first + second,
                )
            )
    return parts


def _normal_estimate(
    value: float | None, variance: float, strata: Sequence[Stratum], method: str
) -> Estimate:
    half = normal_quantile(1 - ALPHA / 2) * math.sqrt(variance) if variance > 0 else None
    return Estimate.around(
        value,
        half,
        n=sum(s.a.units + s.b.units for s in strata),
        clusters=sum(s.a.clusters + s.b.clusters for s in strata),
        method=method,
    )


def _point_apart(plain: Estimate, adjusted: Estimate) -> bool:
    return (plain.value or 0) * (adjusted.value or 0) < 0
