"""Shares of votes and their intervals."""

# pyright: reportUnknownMemberType=false
# statsmodels has no types.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from statsmodels.stats import proportion  # type: ignore[import-untyped]  # it has no types

from trainingloop.feedback import ClusterSums, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def _sums(y: Sequence[float], m: Sequence[float]) -> ClusterSums:
    pairs = list(zip(y, m, strict=True))
    return ClusterSums(
        y=sum(y),
        m=sum(m),
        yy=sum(a * a for a, _ in pairs),
        ym=sum(a * b for a, b in pairs),
        mm=sum(b * b for _, b in pairs),
        conversations=len(pairs),
    )


def _wilson(y: float, n: float) -> tuple[float, float]:
    low, high = cast("Any", proportion.proportion_confint(y, n, method="wilson"))
    return float(low), float(high)


def test_no_vote_has_no_share() -> None:
    """Not zero: nothing is known."""
    assert share_of(_sums([], [])) is None


def test_votes_of_conversations_of_their_own_have_wilsons_interval() -> None:
    """17 of 20: 0.640 to 0.948, as Wilson's formula gives it.

    Between 20 conversations of a vote each the share varies by n / (n - 1) more than the formula
    expects, because the same votes gave the estimate.
    """
    found = share_of(_sums([1] * 17 + [0] * 3, [1] * 20))

    assert found is not None
    effective = 20 * 19 / 20
    low, high = _wilson(0.85 * effective, effective)
    assert (found.value, found.votes, found.conversations) == (0.85, 20, 20)
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)
    assert found.low == pytest.approx(0.640, abs=0.01)
    assert found.high == pytest.approx(0.948, abs=0.01)


def test_many_votes_of_few_conversations_are_few() -> None:
    """A hundred votes that only repeat what ten conversations say are no more than ten."""
    once = share_of(_sums([1] * 7 + [0] * 3, [1] * 10))
    tenfold = share_of(_sums([10] * 7 + [0] * 3, [10] * 10))

    assert once is not None
    assert tenfold is not None
    assert (tenfold.low, tenfold.high) == pytest.approx((once.low, once.high))
    assert tenfold.votes == 100


@pytest.mark.parametrize("y", [0, 8])
def test_unanimous_votes_are_not_certain(y: int) -> None:
    """All or none of 24 votes in three conversations: as wide as three votes."""
    found = share_of(_sums([y] * 3, [8] * 3))

    low, high = _wilson(3 if y else 0, 3)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high))


def test_one_conversation_is_one_case() -> None:
    """However many people voted in it."""
    found = share_of(_sums([6], [12]))

    assert found is not None
    assert found.value == 0.5
    assert found.high - found.low > 0.85


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """95 of 100 times, where a conversation's votes are alike; the plain one does not."""
    chance, truth, repeats = np.random.default_rng(7), 0.6, 1500
    held = naive = 0
    for _ in range(repeats):
        votes = chance.integers(1, 7, size=80)
        ups = chance.binomial(votes, chance.beta(1.2, 0.8, size=80))
        found = share_of(_sums(ups.tolist(), votes.tolist()))
        assert found is not None
        held += found.low <= truth <= found.high
        low, high = _wilson(int(ups.sum()), int(votes.sum()))
        naive += low <= truth <= high

    assert held / repeats == pytest.approx(0.95, abs=0.015)
    assert naive / repeats < 0.88
