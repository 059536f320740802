"""What a judge model's words count for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.replay.judges import JudgeReport, judge_reports, people_prefer
from trainingloop.replay.preferences import Choice, Preference

_NOW = datetime(2026, 3, 2, tzinfo=UTC)
_FLIPPED = {"recorded": "replayed", "replayed": "recorded"}


def _said(decision: str, first: str, choice: str, *, cost: float | None = 0.001) -> Preference:
    return Preference(
        decision_id=decision,
        source="judge",
        judge="gpt-5/pair-v2",
        shown_first=first,
        choice=Choice(choice),
        given_at=_NOW,
        input_tokens=100,
        output_tokens=10,
        cost_usd=cost,
    )


def _voted(decision: str, reviewer: str, choice: str) -> Preference:
    return Preference(
        decision_id=decision, source="human", judge=reviewer, choice=Choice(choice), given_at=_NOW
    )


def _both(decision: str, choice: str) -> list[Preference]:
    return [_said(decision, first, choice) for first in ("recorded", "replayed")]


def _only(preferences: list[Preference]) -> JudgeReport:
    (report,) = judge_reports(preferences)
    return report


def test_a_judge_that_contradicts_itself_says_a_tie() -> None:
    """It named what it read first, both times: that is its habit, not the answer's merit."""
    said = [_said("d1", "recorded", "recorded"), _said("d1", "replayed", "replayed")]

    report = _only(said)

    assert (report.ties, report.consistent, report.pairs) == (1, 0, 1)
    assert report.first_slot == 1.0
    assert report.p_value is None


def test_a_preference_in_both_orders_counts_once() -> None:
    """Two words make one preference."""
    report = _only([*_both("d1", "replayed"), *_both("d2", "recorded"), *_both("d3", "tie")])

    assert (report.replayed, report.recorded, report.ties) == (1, 1, 1)
    assert report.consistency == 1.0
    assert report.first_slot == 0.5


def test_a_pair_asked_in_one_order_only_counts_nowhere() -> None:
    """Half of an answer would bring the position back in."""
    report = _only([_said("d1", "recorded", "replayed")])

    assert (report.pairs, report.half_asked, report.replayed) == (0, 1, 0)
    assert report.consistency is None


def test_a_clear_preference_is_no_chance() -> None:
    """Ten of ten: the exact sign test gives 2 / 2**10."""
    said = [one for n in range(10) for one in _both(f"d{n}", "replayed")]

    assert _only(said).p_value == pytest.approx(2 / 2**10)


def test_unknown_prices_make_the_cost_unknown() -> None:
    """A sum over what is known would look cheap."""
    said = [_said("d1", "recorded", "tie"), _said("d1", "replayed", "tie", cost=None)]

    report = _only(said)

    assert report.cost_usd is None
    assert report.tokens == 220


def test_people_outvote_each_other() -> None:
    """The majority of reviewers speaks for people; as many on each side is a tie."""
    votes = [
        _voted("d1", "ada", "replayed"),
        _voted("d1", "bea", "replayed"),
        _voted("d1", "cyd", "recorded"),
        _voted("d2", "ada", "replayed"),
        _voted("d2", "bea", "recorded"),
    ]

    assert people_prefer(votes) == {("d1", 0): Choice.REPLAYED, ("d2", 0): Choice.TIE}


def test_agreement_with_people_needs_enough_shared_pairs() -> None:
    """Below twenty shared pairs a kappa would be noise; the raw count is shown."""
    few = [one for n in range(19) for one in _both(f"d{n}", "replayed" if n % 2 else "recorded")]
    votes = [_voted(f"d{n}", "ada", "replayed" if n % 2 else "recorded") for n in range(20)]

    before = _only([*few, *votes])
    after = _only([*few, *_both("d19", "replayed"), *votes])

    assert (before.people, before.same_as_people, before.kappa) == (19, 19, None)
    assert after.kappa == pytest.approx(1.0)


_WORDS = st.dictionaries(
    st.sampled_from([f"d{n}" for n in range(6)]),
    st.tuples(st.sampled_from(list(Choice)), st.sampled_from(list(Choice))),
    min_size=1,
)


@given(_WORDS)
def test_swapping_the_answers_swaps_the_preferences(
    words: dict[str, tuple[Choice, Choice]],
) -> None:
    """Nothing depends on which answer is called the recorded one."""
    said = [
        _said(decision, first, choice.value)
        for decision, choices in words.items()
        for first, choice in zip(("recorded", "replayed"), choices, strict=True)
    ]
    swapped = [
        _said(one.decision_id, _FLIPPED[one.shown_first], _FLIPPED.get(one.choice.value, "tie"))
        for one in said
    ]

    report, other = _only(said), _only(swapped)

    assert (report.recorded, report.replayed) == (other.replayed, other.recorded)
    assert report.first_slot == other.first_slot
    assert report.recorded + report.replayed + report.ties == report.pairs == len(words)
