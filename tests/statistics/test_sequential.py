"""The interval that holds at every look: the published formula, and it and its p-value agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.statistics import Metric, Moments, compare
from trainingloop.statistics._sequential import (
    TUNED_FOR,
    always_valid_p,
    balanced_size,
    cautious_variance,
    critical_distance,
)


def _published_margin(n: float, rho2: float, alpha: float) -> float:
    """The margin of unit variance as the paper's own R package spells it."""
    return math.sqrt(2 * (n * rho2 + 1) * math.log(math.sqrt(n * rho2 + 1) / alpha) / (n**2 * rho2))


def _yes_no(yes: int, no: int) -> Moments:
    return Moments.of(np.repeat([1, 0], [yes, no]))


@pytest.mark.parametrize("n", [60, 500, 20_000, 1_000_000])
def test_the_half_width_is_the_published_one(n: int) -> None:
    """Equation 9 of arXiv 2103.06476v7, per observation; rho by equation 161."""
    rho2 = (-2 * math.log(0.05) + math.log(-2 * math.log(0.05) + 1)) / TUNED_FOR

    assert critical_distance(n) / math.sqrt(n) == pytest.approx(_published_margin(n, rho2, 0.05))


@given(st.floats(0.5, 30), st.floats(60, 1e6), st.floats(1e-6, 1e6))
def test_the_p_value_inverts_the_half_width(distance: float, size: float, variance: float) -> None:
    """With the p-value as alpha the interval just touches 0."""
    p_value = always_valid_p(distance * math.sqrt(variance), variance, size)

    if p_value < 1:
        assert critical_distance(size, p_value) == pytest.approx(distance)


@settings(deadline=None)
@given(*[st.integers(30, 400)] * 4)
def test_the_p_value_and_the_interval_agree(w: int, x: int, y: int, z: int) -> None:
    """One metric alone: at most 5 % exactly when the interval excludes 0."""
    metric = Metric(name="solved", kind="rate", direction="good", a=_yes_no(w, x), b=_yes_no(y, z))

    (comparison,) = compare([metric])

    assert comparison.sequential_p is not None
    assert (comparison.sequential_p <= 0.05) == comparison.sequential.excludes_zero


def test_looking_always_costs_width() -> None:
    """The interval for every look asks for 1.5 to 1.9 times what a single look asks for."""
    ratios = [critical_distance(n) / 1.96 for n in (60, 200, 500, 5_000, 100_000)]

    assert 1.5 < min(ratios) < max(ratios) < 1.9


def test_the_tuning_suits_the_sizes_of_cohorts() -> None:
    """From 60 to 100,000 conversations the width stays within a quarter of its best."""
    best = critical_distance(TUNED_FOR)

    assert max(critical_distance(n) for n in np.geomspace(60, 100_000, 50)) < 1.25 * best


def test_equal_groups_count_together() -> None:
    """Of two groups of 300 the size is 600, as in the paper; unequal ones count less."""
    small, large = _yes_no(100, 200), _yes_no(1_000, 2_000)

    assert balanced_size(small, small) == 600
    assert 600 < balanced_size(small, large) < 1_200
    assert balanced_size(small, _yes_no(0, 0)) == 0


def test_caution_costs_nothing_between_equal_groups() -> None:
    """Welch's and Student's variance are the same there."""
    assert cautious_variance(0.3, 0.1, 50, 50) == pytest.approx(0.4)


def test_a_small_group_that_varies_little_is_not_believed() -> None:
    """Beside 2,000 conversations, 30 are taken to vary as much as those do."""
    spread_of_a = 4.0

    variance = cautious_variance(spread_of_a / 2_000, 0.01 / 30, 2_000, 30)

    assert variance == pytest.approx(spread_of_a / 30, rel=0.02)
