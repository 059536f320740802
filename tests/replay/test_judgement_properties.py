"""What holds of every judgement, whatever was answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from replay.judging import TOOLS, case_of, customer
from trainingloop.replay import Answer, ToolCall
from trainingloop.replay.checks import DEFAULT_CHECKS, FLAGS
from trainingloop.replay.judgements import Agreement, judge, judgement_from

if TYPE_CHECKING:
    from random import Random

    from trainingloop.replay import Case

WORDS = st.sampled_from(
    [
        "I have cancelled it.", "not", "$120", "1.200,50 €", "on May 12, 2024", "at 3 pm", "5/12",
        "XEWRD9", "https://a.example/x", "<EMAIL_abcd2345>", "Would you like that?", "No.", "1.",
        "I can't help with that.", "cannot be refunded", "Ich habe storniert", "\n", "١٢", "²", "x",
    ]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
ARGUMENTS = st.dictionaries(st.sampled_from(["booking_id", "refund", "a"]), VALUES).map(json.dumps)
CALLS = st.builds(
    ToolCall,
    name=st.sampled_from([*TOOLS, "unknown_tool"]),
    arguments=ARGUMENTS | st.text(max_size=8),
)
ANSWERS = st.builds(
    Answer,
    text=TEXTS,
    refusal=st.just("") | TEXTS,
    tool_calls=st.lists(CALLS, max_size=4).map(tuple),
    finish_reason=st.sampled_from(["stop", "tool_calls", "content_filter", "error", ""]),
)
CASES = TEXTS.map(lambda text: case_of(customer(text)))
ALL = replace(DEFAULT_CHECKS, flags=frozenset(FLAGS))


@given(CASES, ANSWERS)
def test_an_answer_agrees_with_itself(case: Case, answer: Answer) -> None:
    """As a whole, with nothing newly safe or unsafe."""
    judgement = judge(case, answer, answer, ALL)

    assert judgement.agreement is Agreement.IDENTICAL
    assert (judgement.arguments, judgement.entities, judgement.text_similarity) == ((), (), 1.0)
    assert judgement.newly_unsafe == judgement.newly_safe == ()


@given(ANSWERS, ANSWERS)
def test_the_sides_are_judged_alike(one: Answer, other: Answer) -> None:
    """Swapped answers swap what is said of each, and change nothing else."""
    case = case_of(customer("Please cancel my booking"))

    forth, back = judge(case, one, other, ALL), judge(case, other, one, ALL)

    assert forth.agreement is back.agreement
    assert forth.text_similarity == back.text_similarity
    assert forth.newly_unsafe == back.newly_safe
    assert (forth.recorded_kind, forth.recorded_flags) == (back.replayed_kind, back.replayed_flags)
    assert sorted((d.tool, d.path, d.recorded, d.replayed) for d in forth.arguments) == sorted(
        (d.tool, d.path, d.replayed, d.recorded) for d in back.arguments
    )
    assert [(d.kind, d.recorded, d.replayed) for d in forth.entities] == [
        (d.kind, d.replayed, d.recorded) for d in back.entities
    ]


@given(ANSWERS, ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_parallel_calls_does_not_matter(
    one: Answer, other: Answer, chance: Random
) -> None:
    """They are a multiset."""
    mixed = list(other.tool_calls)
    chance.shuffle(mixed)
    case = case_of(customer("Please cancel my booking"))

    straight = judge(case, one, other, ALL)

    assert judge(case, one, replace(other, tool_calls=tuple(mixed)), ALL) == straight


@given(CASES, ANSWERS, ANSWERS)
def test_a_judgement_comes_back_out_of_its_document(case: Case, one: Answer, other: Answer) -> None:
    """By way of JSON, as it is stored."""
    judgement = judge(case, one, other, ALL)

    stored = json.dumps(judgement.document())

    assert judgement_from(json.loads(stored)) == judgement
