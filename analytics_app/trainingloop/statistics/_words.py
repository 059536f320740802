"""Verdicts in plain words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trainingloop.statistics._results import ALPHA

if TYPE_CHECKING:
    from trainingloop.statistics._results import Comparison, Estimate, Metric

MINUS = "\N{MINUS SIGN}"
_MOST_WORTH_PLANNING = 1_000_000


class Wording:
    """How one metric's numbers read: its unit, its noun, and what the two groups are called."""

    def __init__(self, metric: Metric, a_name: str, b_name: str) -> None:
        self._metric = metric
        self._a_name = a_name
        self._b_name = b_name
        self._is_rate = metric.kind == "rate"

    def sentence(self, comparison: Comparison, fewest: int) -> str:
        """Say the verdict, what it rests on, and what it does not say."""
        if comparison.verdict == "not enough data":
            return self._not_enough(comparison, fewest)
        parts = [self._headline(comparison), self._between(comparison)]
        if comparison.verdict == "no evidence":
            parts.append(self._why_not(comparison))
        parts.append(self._like_conversations(comparison))
        return " ".join(part for part in parts if part)

    def amount(self, value: float, step: float = 0.0) -> str:
        """Write a rate as percent, a mean with its unit; ``step`` is how exactly it is known."""
        if self._is_rate:
            return f"{_number(value * 100, step * 100)} %"
        return f"{_number(value, step)} {self._metric.unit}".rstrip()

    def change(self, value: float, step: float = 0.0, *, with_unit: bool = True) -> str:
        """Write a difference with its sign, a rate's in points."""
        if self._is_rate:
            text = _number(abs(value) * 100, step * 100)
            unit = "point" if text == "1" else "points"
        else:
            text, unit = _number(abs(value), step), self._metric.unit
        sign = "" if not float(text.replace(",", "")) else MINUS if value < 0 else "+"
        return f"{sign}{text} {unit}".rstrip() if with_unit else f"{sign}{text}"

    def _headline(self, comparison: Comparison) -> str:
        is_explained = comparison.adjusted_p is not None and comparison.adjusted_p <= ALPHA
        says = {
            "no evidence": f"No evidence that {self._b_name} is the reason"
            if is_explained
            else "No evidence of a difference",
            "better": f"{self._b_name} is better",
            "worse": f"{self._b_name} is worse",
            "differs": f"{self._b_name} differs",
        }[comparison.verdict]
        return f"{says}: {self._both(comparison)};"

    def _both(self, comparison: Comparison) -> str:
        step = _width(comparison.difference)
        first = self._counted(comparison.a, step, is_first=True)
        second = self._counted(comparison.b, step, is_first=False)
        return f"{first} against {second}"

    def _counted(self, estimate: Estimate, step: float, *, is_first: bool) -> str:
        name, moments = (
            (self._a_name, self._metric.a) if is_first else (self._b_name, self._metric.b)
        )
        if estimate.value is None:
            return f"nothing for {name}"
        noun = f" {self._metric.counted}" if is_first else ""
        count = f"{moments.units:,.0f}{noun}"
        if self._is_rate:
            count = f"{moments.total:,.0f} of {count}"
        if not moments.has_one_unit_each:
            count += f" in {moments.clusters:,}" + (" conversations" if is_first else "")
        return f"{self.amount(estimate.value, step)} for {name} ({count})"

    def _between(self, comparison: Comparison) -> str:
        fixed, sequential = comparison.difference, comparison.sequential
        if fixed.value is None or fixed.low is None or fixed.high is None:
            return "how sure that is cannot be said."
        step = _width(fixed)
        text = (
            f"the difference is {self.change(fixed.value, step)}, somewhere between"
            f" {self.change(fixed.low, step, with_unit=False)} and"
            f" {self.change(fixed.high, step, with_unit=False)}"
        )
        if comparison.verdict == "no evidence" or sequential.low is None or sequential.high is None:
            return text + "."
        return (
            f"{text} (between {self.change(sequential.low, step, with_unit=False)} and"
            f" {self.change(sequential.high, step, with_unit=False)} however often one looks)."
        )

    def _why_not(self, comparison: Comparison) -> str:
        if comparison.adjusted_p is not None and comparison.adjusted_p <= ALPHA:
            return ""
        if comparison.difference.excludes_zero:
            return (
                "For a single look at this metric alone that would count; for repeated looks and"
                f" several metrics it does not yet.{self._needed(comparison)}"
            )
        if comparison.detectable is None:
            return ""
        if self._is_rate and comparison.detectable >= 1:
            return "With this little data hardly any difference would be found reliably."
        step = _width(comparison.difference)
        smallest = self.change(comparison.detectable, step).lstrip("+")
        return (
            f"With this much data only differences of {smallest} or more would be found reliably."
        )

    def _needed(self, comparison: Comparison) -> str:
        if comparison.required is None or comparison.required > _MOST_WORTH_PLANNING:
            return ""
        return (
            f" About {_round_up(comparison.required):,} conversations in all would settle a"
            " difference of this size."
        )

    def _like_conversations(self, comparison: Comparison) -> str:
        adjustment = comparison.adjustment
        if adjustment is None:
            return ""
        inside = adjustment.stratified
        if inside.value is None or inside.low is None or inside.high is None:
            return "The groups have no kind of traffic in common to compare."
        if not adjustment.mix.is_different and not adjustment.is_simpson:
            return ""
        step = inside.high - inside.low
        lead = (
            "But the groups had different traffic, and among like conversations it is the other"
            " way round"
            if adjustment.is_simpson
            else "The groups had different traffic; among like conversations the difference is"
        )
        link = ": " if adjustment.is_simpson else " "
        return (
            f"{lead}{link}{self.change(inside.value, step)}, between"
            f" {self.change(inside.low, step, with_unit=False)} and"
            f" {self.change(inside.high, step, with_unit=False)}."
        )

    def _not_enough(self, comparison: Comparison, fewest: int) -> str:
        metric = self._metric
        if not (metric.a.is_usable and metric.b.is_usable):
            return "Not enough data: the sums of this metric are not usable numbers."
        least = min(metric.a.clusters, metric.b.clusters)
        if least >= fewest:
            return (
                f"Not enough data: {self._both(comparison)}, but in one group every conversation"
                " has the same value, so how sure that is cannot be said."
            )
        text = (
            f"Not enough data: {metric.a.clusters:,} conversations for {self._a_name} and"
            f" {metric.b.clusters:,} for {self._b_name}; a verdict needs {fewest} of each."
        )
        if comparison.difference.value is None:
            return text
        return f"{text} So far {self._both(comparison)}."


def _width(estimate: Estimate) -> float:
    if estimate.low is None or estimate.high is None:
        return 0.0
    return estimate.high - estimate.low


def _number(value: float, width: float) -> str:
    """Write as many digits as still mean something, by the width of the interval."""
    if not 1e-9 <= max(abs(value), width) < 1e15:
        return f"{value:.3g}"
    known = width or abs(value) / 20
    # Two digits of a width up to 5, such as 0.31; one more digit would be noise.
    decimals = max(0, 1 - math.floor(math.log10(2 * known)))
    return f"{value:,.{decimals}f}"


def _round_up(count: int) -> int:
    """Two digits are more than such a forecast is worth."""
    step = int(10 ** max(0, len(str(count)) - 2))
    return math.ceil(count / step) * step
