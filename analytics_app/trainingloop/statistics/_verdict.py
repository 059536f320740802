"""From two groups' sums to a verdict that one may look at every day."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.statistics._contrast import FEWEST_CONVERSATIONS, contrast
from trainingloop.statistics._means import mean, mean_difference, mean_p_value
from trainingloop.statistics._mix import adjust
from trainingloop.statistics._multiple import holm
from trainingloop.statistics._rates import rate, rate_difference, rate_p_value
from trainingloop.statistics._results import ALPHA, Comparison
from trainingloop.statistics._words import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.statistics._contrast import Contrast
    from trainingloop.statistics._results import Adjustment, Estimate, Metric, Verdict

_SEQUENTIAL = "asymptotic confidence sequence"


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
    contrasts = [contrast(metric) for metric in metrics]
    adjusted = holm([None if each is None else each.always_valid_p for each in contrasts])
    tested = sum(each is not None for each in contrasts)
    compared = [
        _compared(metric, found, adjusted_p, tested)
        for metric, found, adjusted_p in zip(metrics, contrasts, adjusted, strict=True)
    ]
    return tuple(
        replace(each, words=Wording(metric, a_name, b_name).sentence(each, FEWEST_CONVERSATIONS))
        for metric, each in zip(metrics, compared, strict=True)
    )


def _compared(
    metric: Metric, found: Contrast | None, adjusted_p: float | None, tested: int
) -> Comparison:
    is_rate = metric.kind == "rate"
    estimate = rate if is_rate else mean
    difference = (rate_difference if is_rate else mean_difference)(metric.a, metric.b)
    adjustment = adjust(metric.strata, metric.kind, difference)
    return Comparison(
        metric=metric.name,
        direction=metric.direction,
        a=estimate(metric.a),
        b=estimate(metric.b),
        difference=difference,
        sequential=_sequential(difference, found, farthest=1.0 if is_rate else math.inf),
        p_value=(rate_p_value if is_rate else mean_p_value)(metric.a, metric.b),
        sequential_p=None if found is None else found.always_valid_p,
        adjusted_p=adjusted_p,
        detectable=None if found is None else found.detectable(tested),
        detectable_once=None if found is None else found.detectable_once,
        required=None if found is None else found.required(tested),
        adjustment=adjustment,
        verdict=_verdict(metric, found, adjusted_p, adjustment),
        words="",
    )


def _sequential(fixed: Estimate, found: Contrast | None, *, farthest: float) -> Estimate:
    if found is None:
        return replace(fixed, low=None, high=None, method=_SEQUENTIAL)
    return replace(
        fixed,
        low=max(-farthest, found.difference - found.half_width),
        high=min(farthest, found.difference + found.half_width),
        method=_SEQUENTIAL,
    )


def _verdict(
    metric: Metric,
    found: Contrast | None,
    adjusted_p: float | None,
    adjustment: Adjustment | None,
) -> Verdict:
    if found is None or adjusted_p is None:
        return "not enough data"
    if adjusted_p > ALPHA or not _holds_among_like(found.difference, adjustment):
        return "no evidence"
    if metric.direction == "neutral":
        return "differs"
    return "better" if (found.difference > 0) == (metric.direction == "good") else "worse"


def _holds_among_like(difference: float, adjustment: Adjustment | None) -> bool:
    """Say whether different traffic does not explain a difference away."""
    if adjustment is None or not (adjustment.mix.is_different or adjustment.is_simpson):
        return True
    inside = adjustment.stratified
    return inside.excludes_zero and difference * (inside.value or 0) > 0
