"""Recorded answers beside replayed ones: all are counted, and chance is taken into account."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.compared import (
    CANCELS,
    OTHER_WORDS,
    SAME,
    UNLIKE,
    flagged,
    judged,
    other_write,
    pair,
    pairs,
    same_write,
)
from support import reference_statistics as reference
from trainingloop.replay import AnswerState
from trainingloop.replay.checks import Checks, ToolPatterns
from trainingloop.replay.comparison import (
    Flip,
    FloorVerdict,
    Level,
    Pair,
    StateCount,
    Took,
    compare_pairs,
)
from trainingloop.replay.judgements import Agreement, ArgumentDifference, EntityDifference, Kind
from trainingloop.replay.runs import Arm, Mode

if TYPE_CHECKING:
    from trainingloop.replay.judgements import Judgement

JUDGED = st.sampled_from(
    [
        SAME,
        OTHER_WORDS,
        UNLIKE,
        same_write(),
        other_write(),
        flagged(after=["personal_data"]),
        flagged(before=["unknown_link"]),
        flagged(before=["unknown_link"], after=["personal_data"]),
        judged(Kind.REPLY, Kind.ESCALATE),
        judged(Kind.ESCALATE, Kind.DENY),
    ]
)
PAIRS = st.lists(st.tuples(JUDGED, JUDGED, st.integers(0, 8)), min_size=1, max_size=40).map(
    lambda listed: [
        pair(number, judgement, floor, thread=thread)
        for number, (judgement, floor, thread) in enumerate(listed)
    ]
)


def test_every_decision_is_in_one_state() -> None:
    """Answers, failures and what nobody asked add up to all there were."""
    states = [AnswerState.OK, AnswerState.TIMEOUT, AnswerState.UNFIT, AnswerState.OVER_BUDGET]
    asked = [
        pair(number, SAME if state is AnswerState.OK else None, state=state)
        for number, state in enumerate(states)
    ]

    compared = compare_pairs(asked, missing=3)

    assert compared.decisions == 7
    assert compared.states == tuple(StateCount(state=s, candidate=1, floor=0) for s in states)
    assert compared.compared == 1
    assert compared.unfinished == 4


def test_only_answers_are_compared() -> None:
    """A judgement that a failed question has from before counts nowhere."""
    compared = compare_pairs([pair(1), pair(2, UNLIKE, state=AnswerState.TIMEOUT)])

    assert compared.level(Level.IDENTICAL).candidate.value == 1
    assert compared.kinds.changed == 0


def test_an_answer_without_a_judgement_is_told() -> None:
    """It is no agreement and no difference."""
    compared = compare_pairs([pair(1), pair(2, None)])

    assert compared.unjudged == 1
    assert compared.compared == 1


@pytest.mark.parametrize(
    ("judgement", "agreeing"),
    [
        (SAME, set(Level)),
        (replace(SAME, agreement=Agreement.SAME_CALLS), set(Level) - {Level.IDENTICAL}),
        (OTHER_WORDS, {Level.WRITE_CALLS, Level.SAME_KIND}),
        (UNLIKE, {Level.WRITE_CALLS}),
        (other_write(), {Level.SAME_TOOLS, Level.SAME_KIND}),
        (other_write("get_user"), {Level.WRITE_CALLS, Level.SAME_TOOLS, Level.SAME_KIND}),
    ],
)
def test_agreement_counts_every_level_up_to_its_own(
    judgement: Judgement, agreeing: set[Level]
) -> None:
    """Who says the same in other words still decides alike; what changes something is its own."""
    compared = compare_pairs([pair(1, judgement)])

    assert {one.level for one in compared.agreement if one.candidate.value == 1} == agreeing


def test_which_tools_write_is_said_by_the_checks() -> None:
    """A file of checks can call a tool harmless."""
    checks = Checks(tools=ToolPatterns(read=(CANCELS,)))

    compared = compare_pairs([pair(1, other_write())], checks=checks)

    assert compared.level(Level.WRITE_CALLS).candidate.value == 1
    assert compared.writes.decisions == 0


def test_decisions_that_write_are_counted_apart() -> None:
    """Where most decisions only talk, agreement on writes is easily had."""
    lost = replace(judged(Kind.TOOL_WRITE, Kind.REPLY), arguments=(_missing(CANCELS),))
    lost = replace(lost, recorded_intent=f"tool_write:{CANCELS}")

    writes = compare_pairs(
        [*pairs(7, SAME), pair(7, same_write()), pair(8, other_write()), pair(9, lost)]
    ).writes

    assert (writes.decisions, writes.agreeing) == (3, 1)
    assert (writes.only_recorded, writes.only_replayed) == (1, 0)
    assert writes.disagreeing == (f"{8:016x}", f"{9:016x}")


def test_a_decision_weighs_as_many_as_it_stands_for() -> None:
    """One that stands for nine counts nine times."""
    compared = compare_pairs([pair(1, SAME, weight=9), pair(2, UNLIKE, weight=1)])

    assert compared.level(Level.SAME_KIND).candidate.value == pytest.approx(0.9)
    assert [cell.weight for cell in compared.kinds.cells] == [1, 9]


@given(PAIRS)
def test_weights_of_one_are_no_weights(listed: list[Pair]) -> None:
    """Nor are weights that are all the same."""
    plain = compare_pairs(listed, floor=Arm.BASELINE)

    weighted = compare_pairs([replace(one, weight=4.0) for one in listed], floor=Arm.BASELINE)

    for one, other in zip(plain.agreement, weighted.agreement, strict=True):
        assert other.candidate.value == pytest.approx(one.candidate.value)
        assert other.candidate.low == pytest.approx(one.candidate.low)
        assert other.adjusted_p == pytest.approx(one.adjusted_p)


@given(PAIRS)
def test_gains_and_losses_swap_with_the_sides(listed: list[Pair]) -> None:
    """What one version gains over the other, the other loses against it."""
    there = compare_pairs(listed)

    back = compare_pairs([replace(one, judgement=_swapped(one.judgement)) for one in listed])

    assert _ids(back.safety.gained) == _ids(there.safety.lost)
    assert _ids(back.escalations.lost) == _ids(there.escalations.gained)
    assert {(c.replayed, c.recorded, c.decisions) for c in back.kinds.cells} == {
        (c.recorded, c.replayed, c.decisions) for c in there.kinds.cells
    }
    assert back.safety.adjusted_p == pytest.approx(there.safety.adjusted_p)
    assert back.kinds.test.statistic == pytest.approx(there.kinds.test.statistic)


@given(PAIRS)
def test_the_order_of_decisions_says_nothing(listed: list[Pair]) -> None:
    """What a store answers first is not what matters first."""
    forwards, backwards = compare_pairs(listed), compare_pairs(listed[::-1])

    assert forwards.safety == backwards.safety
    assert forwards.kinds == backwards.kinds
    assert forwards.arguments == backwards.arguments


def test_newly_unsafe_and_newly_safe_are_never_netted() -> None:
    """One gained and one lost is not nothing."""
    compared = compare_pairs(
        [
            pair(1, flagged(after=["personal_data"])),
            pair(2, flagged(before=["personal_data"])),
            pair(3, flagged(before=["unknown_link"], after=["personal_data"])),
            pair(4, flagged(before=["refusal"], after=["refusal"])),
        ]
    )

    assert _ids(compared.safety.gained) == [1, 3]
    assert _ids(compared.safety.lost) == [2, 3]
    assert [(one.flag, len(one.shift.gained), len(one.shift.lost)) for one in compared.flags] == [
        ("personal_data", 2, 1),
        ("refusal", 0, 0),
        ("unknown_link", 0, 1),
    ]
    assert compared.safety.gained[0].names == ("personal_data",)
    assert compared.safety.gained[0].evidence == "after personal_data"


def test_safety_is_tested_by_decisions_that_changed_one_way() -> None:
    """Nine newly unsafe and one newly safe: statsmodels' McNemar says how rare that is."""
    unsafe, safe = flagged(after=["personal_data"]), flagged(before=["personal_data"])

    test = compare_pairs([*pairs(9, unsafe), pair(9, safe), *pairs(30, SAME, at=10)]).safety.test

    assert test is not None
    assert (test.gained, test.lost) == (9, 1)
    assert test.p_value == pytest.approx(reference.mcnemar(9, 1))


def test_escalations_gained_and_lost_are_listed() -> None:
    """A total that stays the same can hide that everything moved."""
    compared = compare_pairs(
        [
            *pairs(2, judged(Kind.REPLY, Kind.ESCALATE)),
            *pairs(2, judged(Kind.ESCALATE, Kind.DENY), at=2),
            pair(4, judged(Kind.ESCALATE, Kind.ESCALATE)),
        ]
    )

    assert (compared.escalations.recorded, compared.escalations.replayed) == (3, 3)
    assert _ids(compared.escalations.gained) == [0, 1]
    assert _ids(compared.escalations.lost) == [2, 3]


def test_decisions_chosen_because_they_escalated_do_not_flatter() -> None:
    """What the recorded version itself would not do again is no merit of the candidate."""
    regressed = judged(Kind.ESCALATE, Kind.REPLY)
    chosen = pairs(40, regressed, floor=regressed)

    alone, beside = compare_pairs(chosen), compare_pairs(chosen, floor=Arm.BASELINE)

    assert alone.escalations.adjusted_p is not None
    assert alone.escalations.adjusted_p < 0.001
    assert beside.escalations.floor_lost == 40
    assert beside.escalations.adjusted_p == 1


def test_kinds_are_tabulated_before_by_after() -> None:
    """The fullest cell comes first, and intents name the tools."""
    other_tool = replace(
        judged(Kind.TOOL_READ, Kind.TOOL_READ, Agreement.SAME_KIND),
        recorded_intent="tool_read:get_user",
        replayed_intent="tool_read:get_booking",
    )

    compared = compare_pairs([*pairs(3, other_tool), pair(3, UNLIKE)])

    assert compared.kinds.count("tool_read", "tool_read") == 3
    assert compared.kinds.count("reply", "ask") == 1
    assert compared.kinds.changed == 1
    assert compared.intents.count("tool_read:get_user", "tool_read:get_booking") == 3
    assert compared.intents.changed == 4


def test_where_arguments_part_is_counted_by_decision() -> None:
    """Two passengers with other names are one decision in which names part."""
    names = tuple(
        ArgumentDifference(
            tool="book", path=f"passengers[{k}].name", code="value", recorded="a", replayed="b"
        )
        for k in range(2)
    )

    (count,) = compare_pairs([pair(1, replace(other_write("book"), arguments=names))]).arguments

    assert (count.tool, count.path, count.code, count.decisions) == (
        "book", "passengers[].name", "value", 1,
    )  # fmt: skip


def test_what_texts_name_is_counted_by_kind() -> None:
    """An amount that is no longer named, and one that is new."""
    gone = EntityDifference(kind="amount", recorded=("$120",), replayed=())
    new = EntityDifference(kind="amount", recorded=(), replayed=("$210",))

    (count,) = compare_pairs(
        [pair(1, replace(SAME, entities=(gone,))), pair(2, replace(SAME, entities=(new,)))]
    ).entities

    assert (count.kind, count.decisions) == ("amount", 2)
    assert (count.only_recorded, count.only_replayed) == (1, 1)


def test_amounts_are_compared_where_both_are_known() -> None:
    """A decision that nobody priced is in no figure of cost, and tokens are compared anyway."""
    known = replace(
        pair(1),
        recorded=Took(cost_usd=0.5, input_tokens=100),
        replayed=Took(cost_usd=0.25, input_tokens=110),
    )
    unknown = replace(pair(2), recorded=Took(input_tokens=100), replayed=Took(input_tokens=130))

    compared = compare_pairs([known, unknown])

    cost, tokens = compared.amount("cost_usd"), compared.amount("input_tokens")
    assert (cost.decisions, cost.ratio.value) == (1, 0.5)
    assert (tokens.decisions, tokens.difference.value) == (2, 20)
    assert compared.amount("latency_ms").ratio.value is None


def test_a_failed_question_takes_nothing() -> None:
    """What was spent on no answer is not what an answer costs."""
    took = Took(cost_usd=1.0)
    failed = replace(pair(1, None, state=AnswerState.TIMEOUT), recorded=took, replayed=took)

    assert compare_pairs([failed]).amount("cost_usd").decisions == 0


def test_chains_end_where_calls_part() -> None:
    """One goes its own way at once, one after two steps, one never, and one breaks off."""
    other = other_write()
    chains = [
        pair(1, other),
        pair(2, same_write()), pair(2, same_write(), step=1), pair(2, other, step=2),
        pair(3, same_write()), pair(3, OTHER_WORDS, step=1),
        pair(4, same_write()), pair(4, None, step=1, state=AnswerState.TIMEOUT),
    ]  # fmt: skip

    found = compare_pairs(chains, mode=Mode.CHAIN).chains

    assert found is not None
    assert (found.chains, found.followed, found.broken) == (4, 1, 1)
    assert [(one.step, one.chains) for one in found.diverged] == [(0, 1), (2, 1)]


def test_what_follows_in_a_chain_does_not_flatter() -> None:
    """Agreement is of the chosen decisions; safety is of every step."""
    unsafe = flagged(after=["unknown_amount"])
    steps = [pair(1, UNLIKE), pair(2, same_write()), pair(2, unsafe, step=1)]

    compared = compare_pairs(steps, mode=Mode.CHAIN)

    assert compared.decisions == 2
    assert compared.level(Level.SAME_KIND).candidate.value == 0.5
    assert [(flip.decision_id, flip.step) for flip in compared.safety.gained] == [(f"{2:016x}", 1)]


def test_one_by_one_there_are_no_chains() -> None:
    """A figure that means nothing is not there."""
    assert compare_pairs([pair(1)]).chains is None


def test_without_a_second_arm_there_is_no_verdict() -> None:
    """Nobody knows how often the recorded version would agree with itself."""
    compared = compare_pairs(pairs(50, UNLIKE))

    assert {one.verdict for one in compared.agreement} == {FloorVerdict.NO_FLOOR}
    assert {one.floor for one in compared.agreement} == {None}


def test_as_much_difference_as_chance_makes_is_none() -> None:
    """Half of the answers differ, and so they do when the recorded version answers again."""
    compared = compare_pairs(_half_and_half(100, shift=1), floor=Arm.BASELINE)

    identical = compared.level(Level.IDENTICAL)
    assert identical.candidate.value == 0.5
    assert identical.floor is not None
    assert identical.floor.value == 0.5
    assert identical.verdict is not FloorVerdict.LESS_OFTEN


def test_more_difference_than_chance_is_told() -> None:
    """The recorded version always agrees with itself, the candidate in half of all decisions."""
    compared = compare_pairs(
        [pair(n, SAME if n % 2 else UNLIKE, SAME) for n in range(100)], floor=Arm.BASELINE
    )

    identical = compared.level(Level.IDENTICAL)
    assert identical.verdict is FloorVerdict.LESS_OFTEN
    assert identical.beside_floor is not None
    assert (identical.beside_floor.gained, identical.beside_floor.lost) == (0, 50)


def test_full_agreement_of_many_is_as_often() -> None:
    """Sixty that all agree leave no room for ten points."""
    compared = compare_pairs(pairs(60, SAME, SAME), floor=Arm.BASELINE)

    assert {one.verdict for one in compared.agreement} == {FloorVerdict.AS_OFTEN}


def test_full_agreement_of_few_says_little() -> None:
    """Ten that all agree would also come of a candidate that differs in one of five."""
    compared = compare_pairs(pairs(10, SAME, SAME), floor=Arm.BASELINE)

    assert {one.verdict for one in compared.agreement} == {FloorVerdict.TOO_FEW}


def test_a_candidate_that_agrees_more_than_the_recorded_version_is_told_so() -> None:
    """One without chance agrees more often than one that throws dice."""
    compared = compare_pairs(
        [pair(n, SAME, SAME if n % 2 else UNLIKE) for n in range(100)], floor=Arm.BASELINE
    )

    assert compared.level(Level.IDENTICAL).verdict is FloorVerdict.MORE_OFTEN


def test_one_long_conversation_is_no_proof() -> None:
    """Fifty differences of one conversation are one observation."""
    compared = compare_pairs(
        [pair(n, UNLIKE if n < 50 else SAME, SAME, thread=min(n, 50)) for n in range(50, 60)]
        + [pair(n, UNLIKE, SAME, thread=50) for n in range(50)],
        floor=Arm.BASELINE,
    )

    identical = compared.level(Level.IDENTICAL)
    assert identical.beside_floor is not None
    assert identical.beside_floor.p_value < 0.001
    assert identical.verdict is FloorVerdict.TOO_FEW


def test_only_decisions_with_both_arms_are_tested() -> None:
    """Where the second arm failed, nothing stands beside the candidate."""
    listed = [*pairs(5, UNLIKE), *pairs(20, SAME, SAME, at=5)]

    compared = compare_pairs(listed, floor=Arm.BASELINE)

    test = compared.level(Level.IDENTICAL).beside_floor
    assert test is not None
    assert test.decisions == 20
    assert compared.level(Level.IDENTICAL).candidate.value == 0.8


def test_p_values_are_adjusted_together() -> None:
    """Statsmodels' Holm over everything that could have been found."""
    listed = [pair(n, SAME if n % 4 else UNLIKE, SAME) for n in range(60)]

    compared = compare_pairs(listed, floor=Arm.BASELINE)

    changed = [one for one in compared.agreement if one.level is not Level.WRITE_CALLS]
    raw = [one.beside_floor.cautious_p for one in changed if one.beside_floor is not None]
    assert compared.kinds.beyond_floor is not None
    assert compared.kinds.beyond_floor.p_value is not None
    adjusted = reference.holm([*raw, compared.kinds.beyond_floor.p_value])
    found = [*(one.adjusted_p for one in changed), compared.kinds.adjusted_p]
    assert found == pytest.approx(adjusted)


def test_what_could_not_be_found_does_not_count() -> None:
    """Five changes are never more than chance, so they take no strength from what is."""
    five = [pair(n, other_write(), SAME) for n in range(5)]
    listed = [*five, *(pair(n, SAME if n % 4 else OTHER_WORDS, SAME) for n in range(5, 60))]

    writes = compare_pairs(listed, floor=Arm.BASELINE).level(Level.WRITE_CALLS)

    assert writes.beside_floor is not None
    assert writes.adjusted_p == writes.beside_floor.cautious_p == pytest.approx(2 / 32)


def test_nothing_compared_is_no_number() -> None:
    """An empty run has no rate, no test and no verdict."""
    compared = compare_pairs([], floor=Arm.BASELINE)

    assert compared.decisions == 0
    assert compared.level(Level.WRITE_CALLS).candidate.value is None
    assert compared.safety.test is None
    assert compared.kinds.test.p_value is None


def _half_and_half(count: int, *, shift: int) -> list[Pair]:
    """Pairs of which half agree in each arm, but not the same half."""
    return [
        pair(n, SAME if n % 2 else UNLIKE, SAME if (n // 2 + shift) % 2 else UNLIKE)
        for n in range(count)
    ]


def _swapped(judgement: Judgement | None) -> Judgement | None:
    """What would be said if the replayed answer had been recorded."""
    if judgement is None:
        return None
    return replace(
        judgement,
        recorded_kind=judgement.replayed_kind,
        replayed_kind=judgement.recorded_kind,
        recorded_intent=judgement.replayed_intent,
        replayed_intent=judgement.recorded_intent,
        recorded_flags=judgement.replayed_flags,
        replayed_flags=judgement.recorded_flags,
    )


def _missing(tool: str) -> ArgumentDifference:
    return ArgumentDifference(tool=tool, path="", code="call_missing", recorded="{}", replayed="")


def _ids(flips: tuple[Flip, ...]) -> list[int]:
    return [int(flip.decision_id, 16) for flip in flips]
