"""Conditions under which a replay fails a build: nothing passes that nobody can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replay.compared import (
    SAME,
    UNLIKE,
    flagged,
    judged,
    other_write,
    pair,
    pairs,
)
from trainingloop.replay import AnswerState
from trainingloop.replay.comparison import Pair, Took, compare_pairs
from trainingloop.replay.errors import GateError
from trainingloop.replay.gate import (
    METRICS,
    Condition,
    Failure,
    check_gate,
    measured,
    parse_condition,
)
from trainingloop.replay.judgements import Kind
from trainingloop.replay.runs import Arm

MIXED = [
    *pairs(6, SAME),
    pair(6, other_write()),
    pair(7, flagged(after=["personal_data"])),
    pair(8, judged(Kind.REPLY, Kind.ESCALATE)),
    pair(9, judged(Kind.ESCALATE, Kind.REPLY)),
    pair(10, None, state=AnswerState.TIMEOUT),
    pair(11, None, state=AnswerState.UNFIT),
]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("newly_unsafe", 1),
        ("newly_safe", 0),
        ("escalations_gained", 1),
        ("escalations_lost", 1),
        ("write_calls", 0.9),
        ("same_calls", 0.7),
        ("same_tools", 0.8),
        ("same_kind", 0.8),
        ("identical", 0.7),
        ("errors", 1 / 11),
        ("unfit", 1 / 12),
        ("compared", 10),
    ],
)
def test_each_metric_is_what_the_comparison_says(metric: str, value: float) -> None:
    """Of ten answers, one question without an answer and one decision that cannot be asked."""
    assert measured(compare_pairs(MIXED), metric) == pytest.approx(value)


def test_a_condition_that_is_true_fails() -> None:
    """It says what must not be."""
    condition = parse_condition("newly_unsafe>0")

    failures = check_gate(compare_pairs(MIXED), [condition])

    assert failures == [Failure(condition=condition, value=1, reason="newly_unsafe is 1")]


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("newly_unsafe>1", False),
        ("newly_unsafe>=1", True),
        ("newly_unsafe<1", False),
        ("newly_unsafe<=1", True),
        (" same_calls < 0.9 ", True),
        ("same_calls<.5", None),
        ("same_kind<0.8", False),
    ],
)
def test_conditions_are_read_as_they_are_written(text: str, *, fails: bool | None) -> None:
    """With or without spaces, with the bound or without it; a number begins with a digit."""
    if fails is None:
        with pytest.raises(GateError, match="is no condition"):
            parse_condition(text)
        return

    assert bool(check_gate(compare_pairs(MIXED), [parse_condition(text)])) == fails


@pytest.mark.parametrize("text", ["", "newly_unsafe", "newly_unsafe=0", "a>b", ">0", "x>1>2"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    """With an example of one."""
    with pytest.raises(GateError, match="newly_unsafe>0"):
        parse_condition(text)


def test_an_unknown_metric_is_answered_with_those_there_are() -> None:
    """A gate on a misspelt name would always pass."""
    with pytest.raises(GateError) as refused:
        parse_condition("newly_usafe>0")

    assert [name for name in METRICS if name not in str(refused.value)] == []


@pytest.mark.parametrize("text", ["errors>5", "same_calls<90", "unfit>-1"])
def test_a_share_beyond_its_bounds_is_refused(text: str) -> None:
    """Five was meant as per cent: more than 500 % would never fail."""
    with pytest.raises(GateError, match="between 0 and 1"):
        parse_condition(text)


@pytest.mark.parametrize("metric", sorted(set(METRICS) - {"compared", "unfit", "errors"}))
def test_nothing_compared_fails(metric: str) -> None:
    """A model that never answered is not safe."""
    silent = compare_pairs([pair(1, None, state=AnswerState.TIMEOUT)], floor=Arm.BASELINE)

    failures = check_gate(silent, [Condition(metric=metric, operator=">", value=0.5)])

    assert metric == "below_floor" or "cannot be told" in failures[0].reason
    assert [failure.value for failure in failures] == [None]


def test_nothing_asked_has_no_errors_and_fails() -> None:
    """Of nothing there is no share."""
    nothing = compare_pairs([])

    failures = check_gate(nothing, [parse_condition("errors>0.1"), parse_condition("unfit>0.1")])

    assert [failure.value for failure in failures] == [None, None]


def test_without_a_second_arm_the_floor_cannot_be_told() -> None:
    """Asked for, it fails; not asked for, it is not needed."""
    compared = compare_pairs(pairs(3, SAME))

    failures = check_gate(compared, [parse_condition("below_floor>0")])

    assert "no second arm" in failures[0].reason
    assert check_gate(compared, [parse_condition("newly_unsafe>0")]) == []


def test_respects_in_which_answers_differ_more_than_chance_are_counted() -> None:
    """Kind, tools, calls and words differ; what changes something does not."""
    compared = compare_pairs(
        [pair(n, UNLIKE if n % 2 else SAME, SAME) for n in range(100)], floor=Arm.BASELINE
    )

    assert measured(compared, "below_floor") == 4


def test_a_run_that_ended_early_fails() -> None:
    """Nothing unsafe in the first half says nothing of the second."""
    compared = compare_pairs(
        [*pairs(3, SAME), pair(3, None, state=AnswerState.OVER_BUDGET)], missing=2
    )

    (failure,) = check_gate(compared, [parse_condition("newly_unsafe>0")])

    assert failure.condition is None
    assert failure.reason.startswith("3 of 6 decisions were not asked")


def test_answers_without_a_judgement_fail() -> None:
    """They could be anything."""
    (failure,) = check_gate(
        compare_pairs([pair(1), pair(2, None)]), [parse_condition("newly_unsafe>0")]
    )

    assert "1 answers have no judgement" in failure.reason


def test_a_cost_that_is_known_of_few_cannot_be_told() -> None:
    """Two of five say nothing about the rest."""
    listed = [*(_priced(n) for n in range(2)), *pairs(3, SAME, at=2)]

    (failure,) = check_gate(compare_pairs(listed), [parse_condition("cost_ratio>1.2")])

    assert "known of 2 of 5" in failure.reason
    assert measured(compare_pairs(listed[:4]), "cost_ratio") == 1.5


def _priced(number: int) -> Pair:
    return replace(pair(number), recorded=Took(cost_usd=0.02), replayed=Took(cost_usd=0.03))
