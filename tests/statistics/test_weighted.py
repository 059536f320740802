"""Weighted samples: plain ones where all weights are 1, and honest where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import (
    Moments,
    Sample,
    StatisticsError,
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

    weighted = weighted_rate(_sample(units, weight=7.0))

    plain = rate(Moments.of(y, m))
    assert weighted.value == pytest.approx(plain.value)
    assert weighted.low == pytest.approx(plain.low)
    assert weighted.high == pytest.approx(plain.high)


def test_alike_conversations_are_still_few() -> None:
    """Two conversations of the same rate say no more than the plain rate lets them say."""
    values = [0.0, 1.0, 0.0, 1.0]

    weighted = weighted_rate(Sample(values=values, clusters=["a", "a", "b", "b"]))

    plain = rate(Moments.of(np.array([1, 1]), np.array([2, 2])))
    assert (weighted.low, weighted.effective_n) == (plain.low, plain.effective_n)


@given(UNITS)
def test_a_mean_is_weighted_least_squares(units: list[tuple[int, int, float]]) -> None:
    """Value and spread are those of statsmodels with clustered errors."""
    values, clusters, weights = (np.array(column) for column in zip(*units, strict=True))
    if len(set(clusters)) < 2 or len(set(values)) < 2:
        return

    estimate = weighted_ratio(_sample(units))

    expected = reference.clustered_mean(values.astype(float), weights, clusters)
    assert estimate.value == pytest.approx(expected.difference)
    if estimate.low is not None and expected.variance > 1e-9:
        half = reference.student_quantile(0.975, len(set(clusters)) - 1) * expected.variance**0.5
        assert estimate.high == pytest.approx(expected.difference + half, rel=1e-6)


def test_a_plain_mean_is_that_of_cohorts() -> None:
    """One package, one number."""
    values = [3.0, 4.5, 1.0, 8.25]

    weighted = weighted_ratio(_alone(values))

    plain = mean(Moments.of(np.array(values)))
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_a_ratio_is_of_sums() -> None:
    """What all cost now over what all cost before, not a mean of ratios."""
    sample = Sample(values=[2.0, 9.0], bases=[1.0, 10.0], clusters=["a", "b"], weights=[3.0, 1.0])

    assert weighted_ratio(sample).value == pytest.approx((3 * 2 + 9) / (3 * 1 + 10))


def test_the_interval_of_a_ratio_turns_around_with_its_sides() -> None:
    """Half the cost one way is twice the cost the other; neither reaches below nothing."""
    clusters, before, after = ["a", "b", "c"], [1.0, 2.0, 9.0], [9.0, 4.0, 3.0]

    there = weighted_ratio(Sample(values=after, bases=before, clusters=clusters))
    back = weighted_ratio(Sample(values=before, bases=after, clusters=clusters))

    assert there.low is not None
    assert there.low > 0
    assert (back.high or 0) * there.low == pytest.approx(1.0)


@given(UNITS)
def test_a_difference_changes_its_sign_with_its_sides(units: list[tuple[int, int, float]]) -> None:
    """Gains become losses, nothing else."""
    steps = [float(v * 2 - 1) if c % 3 else 0.0 for v, c, _ in units]
    sample = replace(_sample(units), values=steps)

    there = paired_difference(sample)
    back = paired_difference(replace(sample, values=[-step for step in steps]))

    assert there.value is not None
    assert there.low is not None
    assert there.high is not None
    assert back.value == pytest.approx(-there.value)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


def test_no_difference_is_not_certainty() -> None:
    """Where 50 pairs agree, 5 points may still be missed: about three in n."""
    estimate = paired_difference(_alone([0.0] * 50))

    assert estimate.value == 0
    assert estimate.high == pytest.approx(2.772 / 52, abs=1e-3)


def test_a_difference_is_the_published_one() -> None:
    """Bonett & Price's formula by hand: 12 gained and 3 lost of 60."""
    steps = [1.0] * 12 + [-1.0] * 3 + [0.0] * 45

    estimate = paired_difference(_alone(steps))

    p, q = 13 / 62, 4 / 62
    half = 1.959964 * ((p + q - (p - q) ** 2) / 62) ** 0.5
    assert estimate.low == pytest.approx(p - q - half, abs=1e-6)
    assert estimate.high == pytest.approx(p - q + half, abs=1e-6)


def test_decisions_of_a_conversation_say_less() -> None:
    """Ten alike decisions of five conversations have a wider interval than fifty of fifty."""
    values = [0.0, 1.0] * 30
    together = Sample(values=values, clusters=["a", "b", "c", "d", "e", "f"] * 10)

    wide, narrow = weighted_rate(together), weighted_rate(_alone(values))

    assert wide.value == narrow.value
    assert wide.effective_n == pytest.approx(6, rel=0.5)
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_stands_for_nothing_is_refused(weight: float) -> None:
    """It would silently leave a decision out, or take one off."""
    with pytest.raises(StatisticsError, match="above 0"):
        weighted_rate(Sample(values=[1.0], clusters=["c"], weights=[weight]))


def test_nothing_is_no_number() -> None:
    """Of no decisions there is no rate, no difference and no ratio."""
    nothing = _alone([])

    estimates = [weighted_rate(nothing), paired_difference(nothing), weighted_ratio(nothing)]

    assert [estimate.value for estimate in estimates] == [None] * 3


def test_weights_hold_their_promise() -> None:
    """Intervals of strata drawn unevenly hold the truth in 95 % of 1,000 samples."""
    generator = np.random.default_rng(5)
    # A tenth of all is in the first stratum, from which half of the sample is drawn.
    truth = 0.1 * 0.7 + 0.9 * 0.2
    held = 0
    for _ in range(1_000):
        rare, common = generator.random(100) < 0.7, generator.random(100) < 0.2
        drawn = _alone([*map(float, rare), *map(float, common)])
        estimate = weighted_rate(replace(drawn, weights=[1.0] * 100 + [9.0] * 100))
        assert estimate.low is not None
        assert estimate.high is not None
        held += estimate.low <= truth <= estimate.high

    assert 930 <= held <= 990


def _alone(values: list[float]) -> Sample:
    """Decisions that each have a conversation of their own."""
    return Sample(values=values, clusters=[str(number) for number, _ in enumerate(values)])


def _sample(units: list[tuple[int, int, float]], *, weight: float | None = None) -> Sample:
    return Sample(
        values=[float(value) for value, _, _ in units],
        clusters=[str(cluster) for _, cluster, _ in units],
        weights=[weight or own for *_, own in units],
    )


def _by_conversation(
    units: list[tuple[int, int, float]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    names = sorted({cluster for _, cluster, _ in units})
    y = [sum(value for value, cluster, _ in units if cluster == name) for name in names]
    m = [sum(1 for _, cluster, _ in units if cluster == name) for name in names]
    return np.array(y, dtype=float), np.array(m, dtype=float)
