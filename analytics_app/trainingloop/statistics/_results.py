"""What statistics answers: estimates with their intervals, and comparisons in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from trainingloop.statistics._moments import Moments

ALPHA = 0.05
"""One minus the confidence of every interval, and the chance of a false alarm of a verdict."""

Kind = Literal["rate", "mean"]
Direction = Literal["good", "bad", "neutral"]
Verdict = Literal["better", "worse", "differs", "no evidence", "not enough data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number from a sample, with the 95 % interval it may really lie in.

    ``low`` and ``high`` are None where no honest interval exists, for example because all
    conversations have the same value. An interval is never of width zero.
    """

    value: float | None
    low: float | None
    high: float | None
    n: float
    """Units counted, such as replies; of both groups for a difference."""
    clusters: int
    """Conversations they come from."""
    method: str
    effective_n: float | None = None
    """As many independent units would say as much. For rates only."""

    @classmethod
    def around(
        cls, value: float | None, half: float | None, *, n: float, clusters: int, method: str
    ) -> Estimate:
        """Build an estimate with an interval of the same width to both sides, or with none."""
        low = high = None
        if value is not None and not math.isfinite(value):
            value = None
        if value is not None and half is not None and math.isfinite(half):
            low, high = value - half, value + half
        return cls(value=value, low=low, high=high, n=n, clusters=clusters, method=method)

    @property
    def has_interval(self) -> bool:
        """Say whether the data tell how sure the value is."""
        return self.low is not None and self.high is not None

    @property
    def excludes_zero(self) -> bool:
        """Say whether the whole interval lies on one side of 0."""
        return (self.low is not None and self.low > 0) or (self.high is not None and self.high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One kind of traffic (a topic, a channel) in both groups."""

    name: str
    a: Moments
    b: Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One thing to compare, measured in both groups.

    ``a`` is what there was, ``b`` what it is compared with: differences are b minus a, and a
    verdict speaks of b.
    """

    name: str
    kind: Kind
    direction: Direction
    """Whether more of it is good or bad; ``neutral`` says neither."""
    a: Moments
    b: Moments
    unit: str = ""
    """Of a mean, such as ``ms``."""
    counted: str = "conversations"
    """What one unit is, in the plural: ``replies``, ``decisions``."""
    strata: tuple[Stratum, ...] = ()
    """The same conversations by kind of traffic, where the split was not drawn by lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixRow:
    """How much of each group's traffic is of one kind, and how it went there."""

    name: str
    a_clusters: int
    b_clusters: int
    a_share: float | None
    b_share: float | None
    a: Estimate
    b: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """How the traffic of two groups differs."""

    rows: tuple[MixRow, ...]
    distance: float | None
    """Total variation: the share of one group's traffic that would have to change kind."""
    p_value: float | None
    """How often as much difference comes about by chance (chi-square over conversations)."""
    is_different: bool
    """At least a tenth, and not by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """The difference among like conversations, beside the plain one."""

    mix: Mix
    stratified: Estimate
    """Differences within each kind, weighted by its share of both groups together."""
    mantel_haenszel: Estimate | None
    """The pooled risk difference, where every conversation is a plain yes or no."""
    homogeneity_p: float | None
    """Small where the difference is not the same in every kind (Cochran's Q)."""
    overlap: float
    """Share of the conversations whose kind both groups have; only those are compared."""
    is_simpson: bool
    """The plain difference points the other way than the one among like conversations, and at
    least one of them is not chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric of two groups: the numbers, how sure they are, and what they mean."""

    metric: str
    direction: Direction
    a: Estimate
    b: Estimate
    difference: Estimate
    """b minus a, with the interval for someone who looks once."""
    sequential: Estimate
    """The same, with the interval that holds however often one looks."""
    p_value: float | None
    """Of the fixed test, for someone who looks once at this metric alone."""
    sequential_p: float | None
    """Valid at every look (always-valid)."""
    adjusted_p: float | None
    """``sequential_p`` after Holm over the metrics compared together; the verdict's."""
    detectable: float | None
    """Smallest true difference the verdict would find in 4 of 5 cases, with this much data."""
    detectable_once: float | None
    """The same for someone who looks once at this metric alone."""
    required: int | None
    """Conversations, both groups together and split as now, to find the observed difference."""
    adjustment: Adjustment | None
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRatio:
    """Whether a declared split came out as declared."""

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    p_value: float | None
    """None where there are too few conversations to say."""
    is_mismatch: bool
    words: str
