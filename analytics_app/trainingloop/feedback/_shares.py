"""Shares of votes with intervals that know that votes of one conversation are alike."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# statsmodels has no types.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

_METHOD: Final = "Wilson, votes of a conversation counted as a cluster"
_FEWEST_TO_COMPARE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSums:
    """Sums over conversations, each with y votes of a kind among its m votes."""

    y: float
    m: float
    yy: float
    """The sum of the squares of y; and so on."""
    ym: float
    mm: float
    conversations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float
    votes: int
    conversations: int
    method: str = _METHOD


def share_of(sums: ClusterSums) -> Share | None:
    """Return the share of votes and its interval; None where there is no vote.

    The interval is that of Wilson (1927), as `statsmodels` has it, on the votes divided by the
    design effect of Rao and Scott (1992): how much more the share varies between conversations
    than it would between votes that know nothing of each other. Where the votes cannot tell that
    effect, because all say the same or all are of one conversation, each conversation counts once.
    """
    # Heavy, and every process that stores votes imports this package.
    from statsmodels.stats import proportion  # type: ignore[import-untyped]  # it has no types

    if not sums.m:
        return None
    value = sums.y / sums.m
    effective = sums.m / _design_effect(sums, value)
    low, high = cast(
        "Any", proportion.proportion_confint(value * effective, effective, method="wilson")
    )
    return Share(
        value=value,
        # Rounding may not put the estimate outside of its interval.
        low=max(min(float(low), value), 0.0),
        high=min(max(float(high), value), 1.0),
        votes=round(sums.m),
        conversations=sums.conversations,
    )


def _design_effect(sums: ClusterSums, value: float) -> float:
    clusters = sums.conversations
    most = sums.m / clusters
    expected = value * (1 - value) / sums.m
    if clusters < _FEWEST_TO_COMPARE or not expected:
        return most
    squares = sums.yy - 2 * value * sums.ym + value**2 * sums.mm
    found = clusters / (clusters - 1) * squares / sums.m**2
    return max(found / expected, 1.0)
