"""The numbers of a comparison as people read them: no more digits than are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.cohorts._reading import NOTHING
from trainingloop.statistics import Metric, Wording

if TYPE_CHECKING:
    from trainingloop.cohorts._measures import Measure
    from trainingloop.cohorts._report import ComparedMetric
    from trainingloop.statistics import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTexts:
    """One metric of both cohorts in words; a text is "" where there is nothing to say."""

    a: str
    b: str
    a_count: str
    """What was counted, such as ``12 of 50``, or ``50`` for a mean."""
    b_count: str
    difference: str
    interval: str
    """For someone who looks once."""
    sequential: str
    """However often one looks."""
    adjusted: str
    """The difference among like conversations, with its interval."""
    detectable: str
    """The smallest true difference that the verdict would find in 4 of 5 cases."""


def texts_of(compared: ComparedMetric) -> MetricTexts:
    """Return the numbers of ``compared`` as they are shown in tables."""
    comparison = compared.comparison
    words = _wording(compared.measure)
    step = _width(comparison.difference)
    inside = comparison.adjustment.stratified if comparison.adjustment else None
    return MetricTexts(
        a=_amount(words, comparison.a, step),
        b=_amount(words, comparison.b, step),
        a_count=_count(compared.measure, comparison.a),
        b_count=_count(compared.measure, comparison.b),
        difference=_change(words, comparison.difference, step),
        interval=_interval(words, comparison.difference, step),
        sequential=_interval(words, comparison.sequential, step),
        adjusted=" ".join(
            part
            for part in (_change(words, inside, _width(inside)), _interval(words, inside, step))
            if part
        )
        if inside
        else "",
        detectable=""
        if comparison.detectable is None
        else words.change(comparison.detectable, step).lstrip("+"),
    )


def amount_of(measure: Measure, estimate: Estimate) -> str:
    """Return one estimate with its unit, or ""."""
    return _amount(_wording(measure), estimate, _width(estimate))


def _wording(measure: Measure) -> Wording:
    metric = Metric(
        name=measure.name,
        kind=measure.kind,
        direction=measure.direction,
        a=NOTHING,
        b=NOTHING,
        unit=measure.unit,
    )
    return Wording(metric, "", "")


def _amount(words: Wording, estimate: Estimate, step: float) -> str:
    return "" if estimate.value is None else words.amount(estimate.value, step)


def _change(words: Wording, estimate: Estimate, step: float) -> str:
    return "" if estimate.value is None else words.change(estimate.value, step)


def _interval(words: Wording, estimate: Estimate, step: float) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    ends = (words.change(end, step, with_unit=False) for end in (estimate.low, estimate.high))
    return f"[{', '.join(ends)}]"


def _count(measure: Measure, estimate: Estimate) -> str:
    if estimate.value is None:
        return "0"
    if measure.kind == "mean":
        return f"{estimate.n:,.0f}"
    return f"{estimate.value * estimate.n:,.0f} of {estimate.n:,.0f}"


def _width(estimate: Estimate) -> float:
    return 0.0 if estimate.low is None or estimate.high is None else estimate.high - estimate.low
