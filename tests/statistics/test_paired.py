"""Tests of pairs say what statsmodels says, and that a conversation counts as a whole."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import (
    MarginTest,
    clustered_mcnemar,
    marginal_homogeneity,
    mcnemar,
)

KINDS: Final = ("reply", "ask", "escalate", "tool_write")
STEPS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from((-1, 1))), max_size=9)
MOVES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)), min_size=40, max_size=120
)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_test_of_statsmodels(gained: int, lost: int) -> None:
    """Also where nothing changed, of which statsmodels says nothing."""
    expected = reference.mcnemar(gained, lost) if gained + lost else 1.0

    assert mcnemar(gained, lost) == pytest.approx(expected, rel=1e-9)


@given(st.integers(0, 40), st.integers(0, 40))
def test_one_change_a_conversation_is_plain_mcnemar(gained: int, lost: int) -> None:
    """Clusters of one are no clusters."""
    steps = [1] * gained + [-1] * lost

    p_value = clustered_mcnemar(steps, map(str, range(len(steps))))

    assert p_value == pytest.approx(mcnemar(gained, lost))


@given(STEPS)
def test_conversations_change_sides_as_wholes(steps: list[tuple[int, int]]) -> None:
    """The p-value counts all ways to give each conversation's changes the other sign."""
    net: dict[int, int] = {}
    for cluster, step in steps:
        net[cluster] = net.get(cluster, 0) + step
    total = abs(sum(net.values()))
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, net.values(), strict=True)))
        for signs in product((-1, 1), repeat=len(net))
    ]

    p_value = clustered_mcnemar([step for _, step in steps], [str(c) for c, _ in steps])

    assert p_value == pytest.approx(sum(s >= total for s in sums) / len(sums))


def test_ten_changes_of_one_conversation_are_one() -> None:
    """What looks sure to McNemar is one toss of a coin."""
    assert mcnemar(10, 0) < 0.01
    assert clustered_mcnemar([1] * 10, ["only"] * 10) == 1.0


def test_many_conversations_are_counted_exactly() -> None:
    """Thousands of changes of several sizes neither overflow nor lose their sum."""
    sizes = [1] * 3000 + [2] * 800 + [5] * 100
    clusters = [str(number) for number, size in enumerate(sizes) for _ in range(size)]
    steps = [1 if int(cluster) % 2 else -1 for cluster in clusters]
    more = [f"more {number}" for number in range(300)]

    assert clustered_mcnemar(steps, clusters) == 1.0
    assert 0 < clustered_mcnemar(steps + [1] * 300, clusters + more) < 0.05


@given(MOVES)
def test_single_decisions_give_stuart_and_maxwell(moves: list[tuple[str, str]]) -> None:
    """The statistic and the p-value are those of statsmodels."""
    table = np.zeros((len(KINDS), len(KINDS)), dtype=np.int64)
    for before, after in moves:
        table[KINDS.index(before), KINDS.index(after)] += 1

    test = _tested(moves)

    if test.degrees == len(KINDS) - 1 and test.p_value is not None:
        statistic, p_value = reference.stuart_maxwell(table)
        assert test.statistic == pytest.approx(statistic)
        assert test.p_value == pytest.approx(p_value)


def test_kinds_that_nobody_moved_to_or_from_do_not_matter() -> None:
    """They neither break the test nor cost a degree of freedom."""
    moves = [("reply", "ask")] * 12
    still = [("deny", "deny")] * 5

    assert _tested(moves + still) == _tested(moves)
    assert _tested(moves).degrees == 1


def test_too_few_changes_are_not_tested() -> None:
    """Nine changed conversations have no p-value: the chi-square would pretend."""
    assert _tested([("reply", "ask")] * 9).p_value is None
    assert _tested([]).p_value is None


def test_moves_of_one_conversation_are_one() -> None:
    """Twelve changes in two conversations are not twelve."""
    test = marginal_homogeneity(["reply"] * 12, ["ask"] * 12, ["a", "b"] * 6)

    assert test.changed == 2
    assert test.p_value is None


def _tested(moves: list[tuple[str, str]]) -> MarginTest:
    """Test decisions that each have a conversation of their own."""
    before, after = [one for one, _ in moves], [other for _, other in moves]
    return marginal_homogeneity(before, after, [str(number) for number, _ in enumerate(moves)])
