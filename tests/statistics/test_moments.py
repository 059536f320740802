"""The sums of a group: what a database computes is what the conversations say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.statistics import Moments
from trainingloop.statistics.errors import StatisticsError

_CONVERSATIONS = st.lists(
    st.tuples(st.floats(-1e3, 1e3), st.integers(1, 20)), min_size=2, max_size=40
)


@given(_CONVERSATIONS)
def test_the_variance_is_that_of_the_residuals(pairs: list[tuple[float, int]]) -> None:
    """Six sums say as much of the spread as all conversations do."""
    y, m = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    residuals = y - y.sum() / m.sum() * m
    expected = len(y) / (len(y) - 1) * (residuals**2).sum() / m.sum() ** 2

    assert Moments.of(y, m).linearised_variance == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(_CONVERSATIONS, _CONVERSATIONS)
def test_two_groups_add_up_to_one(
    first: list[tuple[float, int]], second: list[tuple[float, int]]
) -> None:
    """Sums of parts, as from two days, are the sums of the whole."""
    a, b = (np.array(pairs, dtype=float).T for pairs in (first, second))
    whole = Moments.of(*np.concatenate([a, b], axis=1))

    parts = Moments.of(*a) + Moments.of(*b)

    assert parts.clusters == whole.clusters
    assert parts.ratio == pytest.approx(whole.ratio, abs=1e-9)
    assert parts.residual_squares == pytest.approx(whole.residual_squares, rel=1e-6, abs=1e-6)


def test_without_sizes_each_conversation_is_one_unit() -> None:
    """A plain yes or no needs no second array."""
    moments = Moments.of(np.array([1, 0, 1]))

    assert (moments.clusters, moments.units, moments.total) == (3, 3, 2)


def test_equal_values_show_no_spread() -> None:
    """The rounding of sums of 0.1 is not taken for variation."""
    sizes = np.arange(1, 1_001)

    assert Moments.of(sizes * 0.1, sizes).linearised_variance == 0


def test_one_conversation_says_nothing_of_the_spread() -> None:
    """There is no variance of one."""
    assert Moments.of(np.array([3]), np.array([4])).linearised_variance is None


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e200])
def test_sums_that_are_no_numbers_have_no_ratio(value: float) -> None:
    """NaN, infinity and sums of squares beyond what floats hold are not used."""
    moments = Moments.of(np.array([value, 1.0]), np.array([1, 2]))

    assert (moments.is_usable, moments.ratio) == (False, None)


@pytest.mark.parametrize(
    ("y", "m"),
    [([1, 2], [1]), ([[1, 2]], [[1, 2]]), ([1, 0], [1, 0])],
    ids=["one size for two", "a table", "an empty conversation"],
)
def test_conversations_that_cannot_be_are_refused(y: list[int], m: list[int]) -> None:
    """Each conversation has one sum and at least one unit."""
    with pytest.raises(StatisticsError, match="got"):
        Moments.of(np.array(y), np.array(m))
