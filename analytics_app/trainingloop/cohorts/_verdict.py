"""From two groups' sums to a verdict that one may look at every day."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trainingloop.cohorts._means import mean, mean_difference, mean_p_value, mean_variance
from trainingloop.cohorts._mix import adjust
from trainingloop.cohorts._multiple import holm
from trainingloop.cohorts._power import detectable, detectable_once, growth_needed
from trainingloop.cohorts._rates import rate, rate_difference, rate_p_value, rate_variance
from trainingloop.cohorts._results import ALPHA, Comparison, Estimate
from trainingloop.cohorts._sequential import always_valid_p, balanced_size, critical_distance
from trainingloop.cohorts._words import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.cohorts._results import Adjustment, Metric, Verdict

FEWEST_CONVERSATIONS = 30
"""Of each group, before there is a verdict.

Below, a mean of conversations is not yet near enough to normal for the intervals' theory, and the
error rates in docs/statistics.md do not hold.
"""

_SEQUENTIAL = "asymptotic confidence sequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What is known of one metric before it is set beside the others."""

    metric: Metric
    a: Estimate
    b: Estimate
    difference: Estimate
    p_value: float | None
    variance: float | None
    """Of the difference; None where no verdict is possible."""

    @property
    def size(self) -> float:
        return balanced_size(self.metric.a, self.metric.b)

    @property
    def always_valid_p(self) -> float | None:
        if self.variance is None or self.difference.value is None:
            return None
        return always_valid_p(self.difference.value, self.variance, self.size)


def compare(
    metrics: Sequence[Metric], *, a_name: str = "A", b_name: str = "B"
) -> tuple[Comparison, ...]:
    """Compare two groups by several metrics and say for each what the data allow to say.

    The verdict rests on the always-valid p-value after Holm over all metrics given, so neither
    looking every day nor looking at many metrics makes false alarms likelier than 5 %.

    Args:
        metrics: What to compare, measured in both groups.
        a_name: What the words call the group there was.
        b_name: What they call the one compared with it.
    """
    evidence = [_evidence(metric) for metric in metrics]
    p_values = [each.always_valid_p for each in evidence]
    tested = sum(p is not None for p in p_values)
    return tuple(
        _concluded(each, adjusted_p, tested, a_name, b_name)
        for each, adjusted_p in zip(evidence, holm(p_values), strict=True)
    )


def _evidence(metric: Metric) -> _Evidence:
    is_rate = metric.kind == "rate"
    difference = (rate_difference if is_rate else mean_difference)(metric.a, metric.b)
    estimate, variance_of = (rate, rate_variance) if is_rate else (mean, mean_variance)
    a, b = variance_of(metric.a), variance_of(metric.b)
    variance = None if a is None or b is None else a + b
    is_enough = min(metric.a.clusters, metric.b.clusters) >= FEWEST_CONVERSATIONS
    return _Evidence(
        metric=metric,
        a=estimate(metric.a),
        b=estimate(metric.b),
        difference=difference,
        p_value=(rate_p_value if is_rate else mean_p_value)(metric.a, metric.b),
        variance=variance if is_enough else None,
    )


def _concluded(
    evidence: _Evidence, adjusted_p: float | None, tested: int, a_name: str, b_name: str
) -> Comparison:
    metric, variance, size = evidence.metric, evidence.variance, evidence.size
    adjustment = adjust(metric.strata, metric.kind, evidence.difference)
    comparison = Comparison(
        metric=metric.name,
        direction=metric.direction,
        a=evidence.a,
        b=evidence.b,
        difference=evidence.difference,
        sequential=_sequential(evidence),
        p_value=evidence.p_value,
        sequential_p=evidence.always_valid_p,
        adjusted_p=adjusted_p,
        detectable=None if variance is None else detectable(variance, size, tested),
        detectable_once=None if variance is None else detectable_once(variance),
        required=_required(evidence, tested),
        adjustment=adjustment,
        verdict=_verdict(metric, evidence.difference, adjusted_p, adjustment),
        words="",
    )
    wording = Wording(metric, a_name, b_name)
    return replace(comparison, words=wording.sentence(comparison, FEWEST_CONVERSATIONS))


def _sequential(evidence: _Evidence) -> Estimate:
    fixed, variance = evidence.difference, evidence.variance
    if fixed.value is None or variance is None:
        return replace(fixed, low=None, high=None, method=_SEQUENTIAL)
    half = critical_distance(evidence.size) * math.sqrt(variance)
    farthest = 1.0 if evidence.metric.kind == "rate" else math.inf
    return replace(
        fixed,
        low=max(-farthest, fixed.value - half),
        high=min(farthest, fixed.value + half),
        method=_SEQUENTIAL,
    )


def _required(evidence: _Evidence, tested: int) -> int | None:
    if evidence.variance is None or evidence.difference.value is None:
        return None
    growth = growth_needed(evidence.difference.value, evidence.variance, evidence.size, tested)
    return None if growth is None else math.ceil(growth * evidence.difference.clusters)


def _verdict(
    metric: Metric, difference: Estimate, adjusted_p: float | None, adjustment: Adjustment | None
) -> Verdict:
    if adjusted_p is None or difference.value is None:
        return "not enough data"
    if adjusted_p > ALPHA or not _holds_among_like(difference.value, adjustment):
        return "no evidence"
    if metric.direction == "neutral":
        return "differs"
    return "better" if (difference.value > 0) == (metric.direction == "good") else "worse"


def _holds_among_like(value: float, adjustment: Adjustment | None) -> bool:
    """Say whether different traffic does not explain a difference away."""
    if adjustment is None or not (adjustment.mix.is_different or adjustment.is_simpson):
        return True
    inside = adjustment.stratified
    return inside.excludes_zero and value * (inside.value or 0) > 0
