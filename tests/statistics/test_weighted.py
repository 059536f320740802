"""Weighted samples: plain ones where all weights are 1, and honest where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import (
    Moments,
    StatisticsError,
    Unit,
    mean,
    paired_difference,
    rate,
    weighted_rate,
    weighted_ratio,
)

UNITS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 12), st.floats(0.5, 20)), min_size=3, max_size=60
)


@given(UNITS)
def test_equal_weights_are_no_weights(units: list[tuple[int, int, float]]) -> None:
    """A rate of decisions that each stand for the same number is the plain rate."""
    y, m = _by_conversation(units)

    weighted = weighted_rate(_units(units, weight=7.0))

    plain = rate(Moments.of(y, m))
    assert weighted.value == pytest.approx(plain.value)
    assert weighted.low == pytest.approx(plain.low)
    assert weighted.high == pytest.approx(plain.high)


@given(UNITS)
def test_a_mean_is_weighted_least_squares(units: list[tuple[int, int, float]]) -> None:
    """Value and spread are those of statsmodels with clustered errors."""
    values, clusters, weights = (np.array(column) for column in zip(*units, strict=True))
    if len(set(clusters)) < 2 or len(set(values)) < 2:
        return

    estimate = weighted_ratio(_units(units))

    expected = reference.clustered_mean(values.astype(float), weights, clusters)
    assert estimate.value == pytest.approx(expected.difference)
    if estimate.low is not None and expected.variance > 1e-9:
        half = reference.student_quantile(0.975, len(set(clusters)) - 1) * expected.variance**0.5
        assert estimate.high == pytest.approx(expected.difference + half, rel=1e-6)


def test_a_plain_mean_is_that_of_cohorts() -> None:
    """One package, one number."""
    values = [3.0, 4.5, 1.0, 8.25]

    weighted = weighted_ratio(Unit(value=v, cluster=str(n)) for n, v in enumerate(values))

    plain = mean(Moments.of(np.array(values)))
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_a_ratio_is_of_sums() -> None:
    """What all cost now over what all cost before, not a mean of ratios."""
    units = [
        Unit(value=2.0, base=1.0, cluster="a", weight=3.0),
        Unit(value=9.0, base=10.0, cluster="b"),
    ]

    assert weighted_ratio(units).value == pytest.approx((3 * 2 + 9) / (3 * 1 + 10))


@given(UNITS)
def test_a_difference_changes_its_sign_with_its_sides(units: list[tuple[int, int, float]]) -> None:
    """Gains become losses, nothing else."""
    listed = [
        Unit(value=float(v * 2 - 1) if c % 3 else 0.0, cluster=str(c), weight=w)
        for v, c, w in units
    ]
    swapped = [Unit(value=-u.value, cluster=u.cluster, weight=u.weight) for u in listed]

    there, back = paired_difference(listed), paired_difference(swapped)

    assert there.value is not None
    assert there.low is not None
    assert there.high is not None
    assert back.value == pytest.approx(-there.value)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


def test_no_difference_is_not_certainty() -> None:
    """Where 50 pairs agree, 5 points may still be missed: about three in n."""
    estimate = paired_difference(Unit(value=0.0, cluster=str(n)) for n in range(50))

    assert estimate.value == 0
    assert estimate.high == pytest.approx(2.772 / 52, abs=1e-3)


def test_a_difference_is_the_published_one() -> None:
    """Bonett & Price's formula by hand: 12 gained and 3 lost of 60."""
    steps = [1.0] * 12 + [-1.0] * 3 + [0.0] * 45

    estimate = paired_difference(Unit(value=s, cluster=str(n)) for n, s in enumerate(steps))

    p, q = 13 / 62, 4 / 62
    half = 1.959964 * ((p + q - (p - q) ** 2) / 62) ** 0.5
    assert estimate.low == pytest.approx(p - q - half, abs=1e-6)
    assert estimate.high == pytest.approx(p - q + half, abs=1e-6)


def test_decisions_of_a_conversation_say_less() -> None:
    """Ten alike decisions of five conversations have a wider interval than fifty of fifty."""
    together = [Unit(value=float(n % 2), cluster=str(n)) for n in range(6) for _ in range(10)]
    apart = [Unit(value=float(n % 2), cluster=str(n)) for n in range(60)]

    wide, narrow = weighted_rate(together), weighted_rate(apart)

    assert wide.value == narrow.value
    assert wide.effective_n == pytest.approx(6, rel=0.5)
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_stands_for_nothing_is_refused(weight: float) -> None:
    """It would silently leave a decision out, or take one off."""
    with pytest.raises(StatisticsError, match="weights above 0"):
        weighted_rate([Unit(value=1.0, cluster="c", weight=weight)])


def test_nothing_is_no_number() -> None:
    """Of no decisions there is no rate, no difference and no ratio."""
    estimates = [weighted_rate([]), paired_difference([]), weighted_ratio([])]

    assert [estimate.value for estimate in estimates] == [None] * 3


def test_weights_hold_their_promise() -> None:
    """Intervals of strata drawn unevenly hold the truth in 95 % of 1,000 samples."""
    generator = np.random.default_rng(5)
    # A tenth of all is in the first stratum, from which half of the sample is drawn.
    truth = 0.1 * 0.7 + 0.9 * 0.2
    held = 0
    for _ in range(1_000):
        rare, common = generator.random(100) < 0.7, generator.random(100) < 0.2
        units = [Unit(value=float(v), cluster=f"r{n}", weight=1.0) for n, v in enumerate(rare)]
        units += [Unit(value=float(v), cluster=f"c{n}", weight=9.0) for n, v in enumerate(common)]
        estimate = weighted_rate(units)
        assert estimate.low is not None
        assert estimate.high is not None
        held += estimate.low <= truth <= estimate.high

    assert 930 <= held <= 990


def _units(units: list[tuple[int, int, float]], *, weight: float | None = None) -> list[Unit]:
    return [Unit(value=float(v), cluster=str(c), weight=weight or w) for v, c, w in units]


def _by_conversation(
    units: list[tuple[int, int, float]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    names = sorted({cluster for _, cluster, _ in units})
    y = [sum(value for value, cluster, _ in units if cluster == name) for name in names]
    m = [sum(1 for _, cluster, _ in units if cluster == name) for name in names]
    return np.array(y, dtype=float), np.array(m, dtype=float)
