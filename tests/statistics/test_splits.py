"""A declared split that came out otherwise is found."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import sample_ratio
from trainingloop.statistics.errors import StatisticsError


@given(st.lists(st.tuples(st.integers(30, 5_000), st.integers(30, 60)), min_size=2, max_size=5))
def test_the_p_value_is_that_of_scipy(groups: list[tuple[int, int]]) -> None:
    """Chi-square against the declared shares, whatever scale they are in."""
    observed, shares = [count for count, _ in groups], [share for _, share in groups]
    total, whole = sum(observed), sum(shares)

    ratio = sample_ratio(observed, shares)

    if ratio.p_value is not None:
        expected = reference.chi_square_p_value(
            observed, [total * share / whole for share in shares]
        )
        assert ratio.p_value == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_equal_shares_are_meant_without_others() -> None:
    """5,000 against 5,100 is chance; 5,000 against 5,600 is not."""
    fine, wrong = sample_ratio([5_000, 5_100]), sample_ratio([5_000, 5_600])

    assert (fine.expected, fine.is_mismatch, wrong.is_mismatch) == ((5_050, 5_050), False, True)
    assert wrong.words == (
        "The split did not come out as declared: 5,000 / 5,600 conversations where 5,300 / 5,300"
        " were due. Find out why before you trust any difference."
    )


def test_an_empty_group_of_a_large_split_is_a_mismatch() -> None:
    """Conversations of a version that never came are the clearest sign of all."""
    assert sample_ratio([0, 200]).is_mismatch


def test_a_handful_of_conversations_is_not_checked() -> None:
    """Eight per group have to be due before chi-square means anything."""
    ratio = sample_ratio([14, 1])

    assert (ratio.p_value, ratio.is_mismatch) == (None, False)
    assert ratio.words == "Too few conversations to check the split: 14 / 1."


@pytest.mark.parametrize(
    ("observed", "declared"),
    [([5], None), ([], None), ([5, 6], [1.0]), ([5, 6], [1.0, 0.0]), ([5, 6], [1.0, math.nan])],
)
def test_a_split_that_cannot_be_is_refused(
    observed: list[int], declared: list[float] | None
) -> None:
    """Two groups at least, and a positive share for each."""
    with pytest.raises(StatisticsError, match="give"):
        sample_ratio(observed, declared)
