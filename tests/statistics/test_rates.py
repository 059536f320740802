"""Rates and their differences: exact where statsmodels is, honest where it is not asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import Moments, design_effect, rate, rate_difference
from trainingloop.statistics._rates import rate_p_value

_SAMPLES = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@st.composite
def _clusters(draw: st.DrawFn) -> Moments:
    sizes = draw(st.lists(st.integers(1, 12), min_size=1, max_size=60))
    return Moments.of(np.array([draw(st.integers(0, size)) for size in sizes]), np.array(sizes))


_CLUSTERS = _clusters()


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


@given(_CLUSTERS)
def test_an_interval_holds_its_rate_and_has_a_width(moments: Moments) -> None:
    """Whatever the conversations, the interval lies in 0 to 1, around the rate."""
    estimate = rate(moments)

    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.high - estimate.low > 0.01


@given(_CLUSTERS, _CLUSTERS)
def test_a_difference_turns_its_sign_with_the_groups(a: Moments, b: Moments) -> None:
    """Which group is called first changes the sign and nothing else."""
    there, back = rate_difference(a, b), rate_difference(b, a)

    assert (back.value, back.low, back.high) == pytest.approx(
        (-(there.value or 0), -(there.high or 0), -(there.low or 0)), abs=1e-12
    )


@given(st.integers(1, 60), st.integers(1, 60), st.integers(2, 9))
def test_copies_of_an_answer_are_no_new_answers(yes: int, no: int, copies: int) -> None:
    """Conversations whose units all agree say no more than one unit each would."""
    answers = np.repeat([1, 0], [yes, no])
    copied = rate(Moments.of(answers * copies, np.full(yes + no, copies)))
    alone = rate(Moments.of(answers))

    assert copied.value == pytest.approx(alone.value)
    assert (copied.low or 0) <= (alone.low or 0) + 1e-12
    assert (copied.high or 0) >= (alone.high or 0) - 1e-12


def test_the_design_effect_is_the_variance_between_conversations_over_the_simple_one() -> None:
    """Four conversations of three replies, by hand."""
    moments = Moments.of(np.array([3, 0, 2, 1]), np.array([3, 3, 3, 3]))

    between = 4 / 3 * (1.5**2 + 1.5**2 + 0.5**2 + 0.5**2) / 12**2
    simple = 0.5 * 0.5 / (12 - 1)
    assert design_effect(moments) == pytest.approx(between / simple)


def test_answers_that_avoid_each_other_are_not_trusted_to_say_more() -> None:
    """A design effect below 1 is taken for 1."""
    moments = Moments.of(np.full(50, 1), np.full(50, 2))

    assert design_effect(moments) == 1


@pytest.mark.parametrize("answer", [0, 1])
def test_where_all_answers_agree_the_conversations_count(answer: int) -> None:
    """500 yes in 50 conversations are as sure as 50 yes, not as 500."""
    expected = reference.wilson(50 * answer, 50)

    estimate = rate(Moments.of(np.full(50, 10 * answer), np.full(50, 10)))

    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high))
    assert estimate.effective_n == 50


def test_one_conversation_counts_as_one() -> None:
    """Seven of ten replies in a single conversation tell next to nothing."""
    estimate = rate(Moments.of(np.array([7]), np.array([10])))

    assert (estimate.low, estimate.high) == pytest.approx((0.1034, 0.9793), abs=1e-4)


@pytest.mark.parametrize(
    "moments",
    [
        Moments.of(np.array([])),
        Moments.of(np.array([2.0]), np.array([1])),
        Moments.of(np.array([-1.0])),
        Moments.of(np.array([np.nan, 1.0])),
    ],
    ids=["nobody", "more yes than units", "less than none", "not a number"],
)
def test_what_is_no_rate_has_no_estimate(moments: Moments) -> None:
    """Nothing is said about impossible sums, alone or against a good group."""
    alone, against = rate(moments), rate_difference(moments, _sample(3, 9))

    assert [(e.value, e.low, e.high) for e in (alone, against)] == [(None, None, None)] * 2


def test_a_degree_of_freedom_is_a_conversation() -> None:
    """Few long conversations widen the interval by Student's t, as Korn and Graubard have it."""
    rng = np.random.default_rng(3)
    sizes = np.full(6, 100)
    successes = rng.binomial(100, 0.5, 6)
    moments = Moments.of(successes, sizes)

    estimate = rate(moments)

    assert estimate.effective_n is not None
    assert estimate.effective_n < 0.7 * 600 / design_effect(moments)
