"""Pairs of a better and a worse answer, as OpenAI takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.reviewed import SYSTEM, TOOL, decided, exported, said, vote
from trainingloop.exports import ExportForm

if TYPE_CHECKING:
    from trainingloop.store import Store

DPO = ExportForm.DPO
_SAME = [said("user", "Are you open?")]


def test_a_correction_is_preferred_to_what_was_answered(store: Store) -> None:
    """The whole line."""
    store.insert_spans([decided(1)])
    vote(store, 1, -1, correction="Until seven.")

    written = exported(store, DPO)

    assert written.lines == [
        {
            "input": {
                "messages": [
                    {"role": "system", "content": SYSTEM},
                    {"role": "user", "content": "Question 1?"},
                ]
            },
            "preferred_output": [{"role": "assistant", "content": "Until seven."}],
            "non_preferred_output": [{"role": "assistant", "content": "Until six."}],
        }
    ]
    (origin,) = written.provenance
    assert origin["line"] == 1
    assert origin["preferred"]["answer"] == "correction"
    assert origin["non_preferred"]["answer"] == "recorded"


def test_opposite_votes_on_the_same_question_are_a_pair(store: Store) -> None:
    """Whichever came first; both decisions are named."""
    store.insert_spans(
        [
            decided(1, knew=_SAME),
            decided(2, knew=_SAME, answered=[said("assistant", "Go away.")]),
            decided(3, knew=_SAME, answered=[said("assistant", "Nobody judged this.")]),
        ]
    )
    vote(store, 1, 1)
    vote(store, 2, -1)

    written = exported(store, DPO)

    (line,) = written.lines
    assert line["preferred_output"] == [{"role": "assistant", "content": "Until six."}]
    assert line["non_preferred_output"] == [{"role": "assistant", "content": "Go away."}]
    (origin,) = written.provenance
    assert origin["preferred"]["decision_id"] == "0000000000000001"
    assert origin["non_preferred"]["decision_id"] == "0000000000000002"


def test_each_disliked_answer_is_in_one_pair(store: Store) -> None:
    """With the newest liked one: many votes on one question make no product of pairs."""
    store.insert_spans(
        [decided(n, knew=_SAME, answered=[said("assistant", f"{n}")]) for n in range(1, 7)]
    )
    for number in (1, 2, 3):
        vote(store, number, 1)
    for number in (4, 5, 6):
        vote(store, number, -1)

    written = exported(store, DPO)

    pairs = [
        (line["preferred_output"][0]["content"], line["non_preferred_output"][0]["content"])
        for line in written.lines
    ]
    assert pairs == [("3", "4"), ("3", "5"), ("3", "6")]


def test_another_question_is_no_pair(store: Store) -> None:
    """Messages, prompt and tools must all be the same."""
    store.insert_spans(
        [
            decided(1, knew=_SAME),
            decided(2, knew=[said("user", "Are you closed?")], answered=[said("assistant", "No.")]),
            decided(3, knew=_SAME, system="Be rude.", answered=[said("assistant", "No.")]),
            decided(4, knew=_SAME, tools=[TOOL], answered=[said("assistant", "No.")]),
        ]
    )
    vote(store, 1, 1)
    for number in (2, 3, 4):
        vote(store, number, -1)

    assert exported(store, DPO).summary.read == 0


def test_an_answer_on_which_reviewers_differ_is_in_no_pair(store: Store) -> None:
    """It is neither better nor worse."""
    store.insert_spans(
        [decided(1, knew=_SAME), decided(2, knew=_SAME, answered=[said("assistant", "No.")])]
    )
    vote(store, 1, 1)
    vote(store, 1, -1, reviewer="r-2")
    vote(store, 2, -1)

    assert exported(store, DPO).summary.read == 0


def test_a_correction_that_changes_nothing_is_no_pair(store: Store) -> None:
    """There is nothing to prefer."""
    store.insert_spans([decided(1)])
    vote(store, 1, 1, correction="Until six.")

    assert exported(store, DPO).summary.skipped == {"same_answer": 1}


def test_answers_of_two_tenants_are_no_pair(store: Store) -> None:
    """Also where both are exported into one file."""
    store.insert_spans(
        [
            decided(1, knew=_SAME),
            decided(2, knew=_SAME, answered=[said("assistant", "No.")], tenant="acme"),
        ]
    )
    vote(store, 1, 1)
    vote(store, 2, -1, tenant="acme")

    assert exported(store, DPO, tenants=["acme", "default"]).summary.read == 0
