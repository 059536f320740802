"""Agreement between reviewers, against cases worked out by hand and against other code."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import (  # type: ignore[import-untyped]  # it has no types
    fleiss_kappa,  # pyright: ignore[reportUnknownVariableType]  # it has no types
)

from trainingloop.feedback import (
    LEAST_SHARED,
    PairCounts,
    PanelCounts,
    cohens_kappa,
    krippendorffs_alpha,
)


def _pair(both_up: int, up_down: int, down_up: int, both_down: int) -> PairCounts:
    return PairCounts(
        reviewer="ann",
        other="ben",
        both_up=both_up,
        up_down=up_down,
        down_up=down_up,
        both_down=both_down,
    )


def _panels(votes: list[tuple[int, int]]) -> list[PanelCounts]:
    return [PanelCounts(up=u, down=d, decisions=n) for (u, d), n in Counter(votes).items()]


def test_cohens_kappa_of_a_textbook_table() -> None:
    """20, 5, 10 and 15 of 50: observed 0.7, by chance 0.5, so kappa is 0.4."""
    found = cohens_kappa(_pair(20, 5, 10, 15))

    assert (found.shared, found.same, found.missing) == (50, 0.7, "")
    assert found.value == pytest.approx(0.4)
    # SAS prints these limits for the same table.
    assert found.low == pytest.approx(0.1511, abs=1e-4)
    assert found.high == pytest.approx(0.6489, abs=1e-4)


def test_reviewers_who_always_contradict_are_below_chance() -> None:
    """Half and half, never the same: -1."""
    assert cohens_kappa(_pair(0, 20, 20, 0)).value == pytest.approx(-1)


@pytest.mark.parametrize("method", ["pair", "panel"])
def test_few_shared_decisions_say_nothing(method: str) -> None:
    """No number is told of 19, though all of them are the same."""
    few = LEAST_SHARED - 1
    found = (
        cohens_kappa(_pair(few - 5, 0, 0, 5))
        if method == "pair"
        else krippendorffs_alpha(_panels([(2, 0)] * (few - 5) + [(0, 2)] * 5))
    )

    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.missing.startswith("not enough: 19 of 20")
    assert found.same == 1


@pytest.mark.parametrize("method", ["pair", "panel"])
def test_votes_that_are_all_the_same_say_nothing(method: str) -> None:
    """Two reviewers who only know thumbs up agree by habit: no perfect 1."""
    found = (
        cohens_kappa(_pair(50, 0, 0, 0))
        if method == "pair"
        else krippendorffs_alpha(_panels([(3, 0)] * 50))
    )

    assert found.value is None
    assert "every vote is the same" in found.missing


def test_alpha_of_krippendorffs_own_example() -> None:
    """His binary example of 2011, two observers and ten units, three times over.

    Ten units give 0.095; with n votes, alpha is 1 - (n - 1) / n * (1 - pi), and pi stays the same
    when the units are repeated.
    """
    first, second = "0100000100", "1110010000"
    votes = [(int(a) + int(b), 2 - int(a) - int(b)) for a, b in zip(first, second, strict=True)]

    found = krippendorffs_alpha(_panels(votes * 3))

    of_ten = 1 - (1 - 0.095) * 20 / 19
    assert found.shared == 30
    assert found.value == pytest.approx(1 - (1 - of_ten) * 59 / 60, abs=1e-3)


def test_decisions_with_one_vote_say_nothing_of_agreement() -> None:
    """They change neither the value nor the number of shared decisions."""
    shared = [(2, 0)] * 12 + [(1, 1)] * 6 + [(0, 2)] * 12

    assert krippendorffs_alpha(_panels(shared)) == krippendorffs_alpha(
        _panels(shared + [(1, 0)] * 500)
    )


@settings(max_examples=20)
@given(
    st.lists(st.integers(0, 3), min_size=LEAST_SHARED, max_size=60).filter(
        lambda ups: 0 < sum(ups) < 3 * len(ups)
    )
)
def test_alpha_is_fleiss_kappa_but_for_its_sample(ups: list[int]) -> None:
    """Where three reviewers voted on everything, statsmodels' other function says the same."""
    found = krippendorffs_alpha(_panels([(up, 3 - up) for up in ups]))

    votes = 3 * len(ups)
    kappa = float(fleiss_kappa(np.array([[up, 3 - up] for up in ups])))
    assert found.value == pytest.approx(1 - (1 - kappa) * (votes - 1) / votes)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.high


def test_the_interval_of_alpha_narrows_with_more_decisions() -> None:
    """And holds the value."""
    mixed = [(2, 0)] * 12 + [(1, 1)] * 6 + [(0, 2)] * 12
    few, many = krippendorffs_alpha(_panels(mixed)), krippendorffs_alpha(_panels(mixed * 20))

    widths: list[float] = []
    for found in (few, many):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 3
