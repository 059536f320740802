"""Rates and their differences: exact where statsmodels is, honest where it is not asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.cohorts._rates import rate_p_value
from trainingloop.cohorts.statistics import Moments, rate, rate_difference

_SAMPLES = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def _sample(yes: int, n: int) -> Moments:
    return Moments.of(np.repeat([1, 0], [yes, n - yes]))


@given(_SAMPLES)
def test_one_reply_per_conversation_gives_the_wilson_interval_of_statsmodels(
    sample: tuple[int, int],
) -> None:
    """Without clusters the interval is the textbook's, to the last digits."""
    expected = reference.wilson(*sample)

    estimate = rate(_sample(*sample))

    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(_SAMPLES, _SAMPLES)
def test_one_reply_per_conversation_gives_the_newcombe_interval_of_statsmodels(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    """The difference, too, is the textbook's where nothing is clustered."""
    expected = reference.newcombe(a, b)

    difference = rate_difference(_sample(*a), _sample(*b))

    assert (difference.low, difference.high) == pytest.approx(
        (expected.low, expected.high), abs=1e-12
    )


@given(_SAMPLES, _SAMPLES)
def test_one_reply_per_conversation_gives_the_z_test_of_statsmodels(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    """The p-value for one look is that of the pooled z test; two equal extremes give 1."""
    is_extreme = a[0] + b[0] in (0, a[1] + b[1])
    expected = 1.0 if is_extreme else reference.pooled_z_p_value(a, b)

    assert rate_p_value(_sample(*a), _sample(*b)) == pytest.approx(expected, rel=1e-9)
