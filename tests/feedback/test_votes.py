"""Votes through the action that `serve` answers and the pages call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from support.spans import START, model_turn
from support.votes import NOW, decision_id
from trainingloop.feedback import FeedbackError
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from support.votes import Ballot


def test_a_vote_is_stored_with_what_it_copies(ballot: Ballot) -> None:
    """Value, reason and time as given; conversation, time and cohort of the decision."""
    answer = ballot.send(
        decision_id=decision_id(3), reviewer="ann", value="down", reason="incorrect"
    )

    (row,) = ballot.store.execute(
        "SELECT thread_id, decided_at, cohort, reviewer, value, reason, voted_at, source, "
        "redaction_version != '', redaction_status FROM decision_feedback",
        {},
    ).rows
    assert row == (
        *("c-1", START + timedelta(seconds=2), "booking_v1"),
        *("ann", -1, "incorrect", NOW, "api", 1, "ok"),
    )
    assert answer["value"] == "down"
    assert answer["is_new"] is True


def test_the_newest_vote_of_a_reviewer_counts(ballot: Ballot) -> None:
    """What was said before stays in the history."""
    ballot.vote(1, "ann", "up")
    ballot.vote(1, "ann", "down")

    assert ballot.live(1) == {"ann": "down"}
    assert [vote["value"] for vote in ballot.history(1)] == [-1, 1]


def test_reviewers_have_a_vote_each(ballot: Ballot) -> None:
    """One does not replace the other's."""
    ballot.vote(1, "ann", "up")
    ballot.vote(1, "ben", "down")

    assert ballot.live(1) == {"ann": "up", "ben": "down"}


def test_a_vote_can_be_taken_back_and_given_again(ballot: Ballot) -> None:
    """While it is taken back there is none; the history tells all three."""
    ballot.vote(1, "ann", "up")
    ballot.vote(1, "ann", "retract")
    without = ballot.live(1)
    ballot.vote(1, "ann", "down")

    assert without == {}
    assert ballot.live(1) == {"ann": "down"}
    assert [vote["value"] for vote in ballot.history(1)] == [-1, 0, 1]


def test_a_vote_of_the_past_does_not_replace_a_newer_one(ballot: Ballot) -> None:
    """A product may hand in late what its customers said long ago."""
    ballot.vote(1, "ann", "up")
    ballot.vote(1, "ann", "down", voted_at="1998-03-01T08:00:00+02:00")

    assert ballot.live(1) == {"ann": "up"}
    assert len(ballot.history(1)) == 2


def test_a_vote_counts_after_one_that_a_fast_clock_stamped(ballot: Ballot) -> None:
    """Who changes a vote now wins, though the vote before says it was given in an hour."""
    ballot.vote(1, "ann", "up", voted_at=(NOW + timedelta(hours=1)).isoformat())
    ballot.vote(1, "ann", "down")

    assert ballot.live(1) == {"ann": "down"}


@pytest.mark.parametrize("sent", [{"vote_id": "v-1"}, {"voted_at": "2026-11-19T10:00:00Z"}])
def test_a_vote_that_is_sent_twice_is_stored_once(ballot: Ballot, sent: dict[str, str]) -> None:
    """By its key, or because nothing in it differs."""
    ballot.vote(1, "ann", "up", **sent)
    answer = ballot.vote(1, "ann", "up", **sent)

    assert answer["is_new"] is False
    assert len(ballot.history(1)) == 1


def test_the_key_of_another_vote_is_refused(ballot: Ballot) -> None:
    """Nothing tells which of the two was meant."""
    ballot.vote(1, "ann", "up", vote_id="v-1")

    with pytest.raises(FeedbackError, match="an id of its own"):
        ballot.vote(1, "ann", "down", vote_id="v-1")

    assert ballot.live(1) == {"ann": "up"}


def test_the_key_of_another_reviewer_is_free(ballot: Ballot) -> None:
    """Two products need not know of each other's keys."""
    ballot.vote(1, "ann", "up", vote_id="v-1")
    ballot.vote(1, "ben", "down", vote_id="v-1")

    assert ballot.live(1) == {"ann": "up", "ben": "down"}


def test_words_are_redacted(ballot: Ballot) -> None:
    """Personal data in a note or a correction never reaches the store."""
    said = "Write to mia.berg@example.com instead."

    answer = ballot.vote(1, "ann", "down", note=said, correction=said)

    (vote,) = ballot.history(1)
    assert "mia.berg" not in str(ballot.store.execute("SELECT * FROM decision_feedback", {}).rows)
    assert str(vote["note"]).startswith("Write to <EMAIL_")
    assert vote["correction"] == vote["note"] == answer["note"]


def test_a_response_id_names_its_decision(ballot: Ballot) -> None:
    """The customer's product knows the model's id of the answer, not the span's."""
    named = {semconv.RESPONSE_ID: "resp-7"}
    ballot.store.insert_spans([model_turn(number=7, text="hello", more=named)])

    answer = ballot.send(response_id="resp-7", reviewer="end user", value="up")

    assert answer["decision_id"] == decision_id(7)
    assert ballot.live(7) == {"end user": "up"}


def test_a_response_id_of_two_decisions_is_refused(ballot: Ballot) -> None:
    """Two recorders saw the same answer: nothing tells which one is meant."""
    named = {semconv.RESPONSE_ID: "resp-7"}
    ballot.store.insert_spans([model_turn(number=n, text="hello", more=named) for n in (7, 8)])

    with pytest.raises(FeedbackError, match="names 2 decisions"):
        ballot.send(response_id="resp-7", reviewer="ann", value="up")


def test_many_votes_are_taken_at_once(ballot: Ballot) -> None:
    """Each gets its answer, in their order."""
    votes = [
        {"decision_id": decision_id(n), "reviewer": "ann", "value": value}
        for n, value in ((1, "up"), (2, "down"))
    ]

    answer = ballot.send(votes=votes)

    told = [(vote["decision_id"], vote["value"]) for vote in _votes(answer)]
    assert told == [(decision_id(1), "up"), (decision_id(2), "down")]
    assert [ballot.live(1), ballot.live(2)] == [{"ann": "up"}, {"ann": "down"}]


def test_one_bad_vote_leaves_out_all(ballot: Ballot) -> None:
    """No partial writes: the message says which one it is."""
    votes = [
        {"decision_id": decision_id(1), "reviewer": "ann", "value": "up"},
        {"decision_id": decision_id(2), "reviewer": "ann", "value": "sideways"},
    ]

    with pytest.raises(FeedbackError, match="vote 1 of 'votes'"):
        ballot.send(votes=votes)

    assert ballot.history(1) == []


def _votes(answer: object) -> list[dict[str, object]]:
    return cast("dict[str, list[dict[str, object]]]", answer)["votes"]


def test_one_tenant_does_not_see_anothers_votes(ballot: Ballot) -> None:
    """The same decision id says nothing to them."""
    ballot.vote(1, "ann", "up", note="a word")

    reads = ballot.store.reads("zenith")
    wanted = {"decision": decision_id(1), "thread": "c-0"}
    assert reads.table("feedback_history", wanted).rows == ()
    assert reads.table("feedback_votes_of_thread", wanted).rows == ()
