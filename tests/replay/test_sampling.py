"""Each stratum is drawn from by its share, and none is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trainingloop.replay._sampling import quotas
from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

_strata = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 500), min_size=1, max_size=9
)
_sizes = st.integers(1, 800)


@given(matched=_strata, size=_sizes, at_least=st.integers(1, 5), is_even=st.booleans())
def test_a_draw_is_as_large_as_it_can_be(
    matched: Mapping[str, int], size: int, at_least: int, is_even: bool
) -> None:
    """Every stratum has its minimum or all it holds, and together they are what was asked for."""
    least = {name: min(at_least, held) for name, held in matched.items()}
    assume(sum(least.values()) <= size)

    drawn = quotas(matched, size, at_least=at_least, is_even=is_even)

    assert sum(drawn.values()) == min(size, sum(matched.values()))
    assert all(least[name] <= drawn[name] <= matched[name] for name in matched)


@given(matched=_strata, size=_sizes, is_even=st.booleans())
def test_more_is_drawn_from_where_there_is_more(
    matched: Mapping[str, int], size: int, is_even: bool
) -> None:
    """A larger stratum never gets fewer, but by chance of its name where two hold the same."""
    assume(len(matched) <= size)

    drawn = quotas(matched, size, is_even=is_even)

    for one, held in matched.items():
        for other, less in matched.items():
            assert held <= less or drawn[one] + 1 >= drawn[other]


@given(matched=_strata, size=_sizes)
def test_a_larger_draw_takes_nothing_back(matched: Mapping[str, int], size: int) -> None:
    """So that a set can be frozen again with more decisions and holds the ones it held."""
    assume(len(matched) <= size)

    smaller, larger = quotas(matched, size), quotas(matched, size + 1)

    assert all(smaller[name] <= larger[name] for name in matched)


def test_shares_are_proportional() -> None:
    """Where that is possible without fractions they are exact."""
    assert quotas({"a": 600, "b": 300, "c": 100}, 10) == {"a": 6, "b": 3, "c": 1}


def test_a_rare_stratum_is_drawn_from_beyond_its_share() -> None:
    """The minimum comes first."""
    assert quotas({"a": 990, "b": 10}, 20, at_least=5) == {"a": 15, "b": 5}


def test_an_even_draw_takes_the_same_from_each() -> None:
    """What one stratum does not hold goes to the others."""
    assert quotas({"a": 600, "b": 300, "c": 4}, 20, is_even=True) == {"a": 8, "b": 8, "c": 4}


def test_minimums_that_do_not_fit_are_refused() -> None:
    """With the size that would do."""
    with pytest.raises(SelectionError, match="give a size of 6 or more"):
        quotas({"a": 5, "b": 5, "c": 5}, 4, at_least=2)
