"""Means and their differences: exact where scipy and statsmodels are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import Moments, mean, mean_difference
from trainingloop.statistics._means import mean_p_value

_VALUES = st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=60).filter(
    lambda values: len(set(values)) > 1
)


@given(_VALUES, _VALUES)
def test_one_value_per_conversation_gives_welchs_test_of_scipy(a: list[int], b: list[int]) -> None:
    """Without clusters the interval and the p-value are the textbook's."""
    first, second = np.array(a, dtype=float), np.array(b, dtype=float)
    interval, p_value = reference.welch(first, second)

    difference = mean_difference(Moments.of(first), Moments.of(second))

    assert (difference.low, difference.high) == pytest.approx(
        (interval.low, interval.high), rel=1e-7, abs=1e-6
    )
    assert mean_p_value(Moments.of(first), Moments.of(second)) == pytest.approx(p_value, rel=1e-5)


@given(st.integers(0, 2**32 - 1))
def test_clustered_values_have_the_variance_of_statsmodels(seed: int) -> None:
    """A regression with errors clustered by conversation has the same variance.

    Ours has K/(K-1) for each group, theirs is taken without a factor.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, 40)
    conversation = np.repeat(np.arange(40), sizes)
    values = rng.normal(size=40)[conversation] + rng.normal(size=len(conversation))
    expected = reference.clustered_least_squares(values, conversation >= 15, conversation)
    sums = np.bincount(conversation, values)

    a, b = Moments.of(sums[:15], sizes[:15]), Moments.of(sums[15:], sizes[15:])

    assert mean_difference(a, b).value == pytest.approx(expected.difference, rel=1e-6)
    uncorrected = (a.linearised_variance or 0) * 14 / 15 + (b.linearised_variance or 0) * 24 / 25
    assert uncorrected == pytest.approx(expected.variance, rel=1e-6)


@given(_VALUES, st.sampled_from([1e-9, 1e-3, 1e6, 1e12]))
def test_the_unit_of_a_value_does_not_matter(values: list[int], scale: float) -> None:
    """Nanoseconds and hours give the same answer."""
    small = mean(Moments.of(np.array(values)))
    large = mean(Moments.of(np.array(values) * scale))

    assert (large.low or 0) / scale == pytest.approx(small.low, rel=1e-6, abs=1e-6)


def test_equal_values_have_no_interval() -> None:
    """All cost the same: an interval of width 0 would be a lie."""
    estimate = mean(Moments.of(np.full(100, 0.1)))

    assert estimate.value == pytest.approx(0.1)
    assert (estimate.low, estimate.high, estimate.has_interval) == (None, None, False)


def test_one_group_without_variation_leaves_the_difference_without_interval() -> None:
    """The other group's variation alone would pretend to know both."""
    difference = mean_difference(Moments.of(np.zeros(100)), Moments.of(np.arange(100)))

    assert (difference.value, difference.low, difference.high) == (49.5, None, None)


@pytest.mark.parametrize("values", [[], [7.0], [math.nan, 1.0]], ids=["none", "one", "nan"])
def test_too_few_values_have_no_interval(values: list[float]) -> None:
    """Nobody, one conversation and a value that is none tell nothing of the spread."""
    few, many = Moments.of(np.array(values)), Moments.of(np.arange(9))

    assert not mean(few).has_interval
    assert not mean_difference(few, many).has_interval
    assert mean_p_value(few, many) is None
