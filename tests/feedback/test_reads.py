"""What the store answers about votes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from support.spans import EVERYTHING
from support.votes import decision_id, turns

if TYPE_CHECKING:
    from support.votes import Ballot


def _shares(ballot: Ballot, measure: str, days: int = 0) -> list[dict[str, object]]:
    rows = ballot.read("feedback_shares", days=days)
    return [row for row in rows if row["measure"] == measure]


def _queue(ballot: Ballot, queue: str, reviewer: str = "ann", **more: object) -> list[int]:
    asked = {
        **EVERYTHING,
        "queue": queue,
        "reviewer": reviewer,
        "as_of": ballot.now + timedelta(days=3650),
        "seed": 1,
        "limit": 100,
        **more,
    }
    rows = ballot.store.reads("default").table("review_queue", asked).rows
    return [int(str(row[0]), 16) for row in rows]


def test_totals_count_live_votes(ballot: Ballot) -> None:
    """Changed and retracted ones do not count twice, or at all."""
    ballot.vote(1, "ann", "up")
    ballot.vote(1, "ann", "down", note="wrong day")
    ballot.vote(1, "ben", "down", correction="On Monday.")
    ballot.vote(3, "ann", "up")
    ballot.vote(4, "ann", "up")
    ballot.vote(4, "ann", "retract")

    (totals,) = ballot.read("feedback_totals")

    assert totals == {
        "votes": 3,
        "up": 1,
        "down": 2,
        "decisions": 2,
        "conversations": 2,
        "reviewers": 2,
        "corrections": 1,
        "notes": 1,
    }


def test_shares_are_sums_over_conversations(ballot: Ballot) -> None:
    """Two conversations: two of three votes up in the one, none of one in the other."""
    for number, reviewer, value in ((1, "ann", "up"), (1, "ben", "down"), (2, "ann", "up")):
        ballot.vote(number, reviewer, value)
    ballot.vote(3, "ann", "down", reason="incorrect")

    (up,) = _shares(ballot, "up")
    (incorrect,) = _shares(ballot, "incorrect")

    names = ("y_sum", "m_sum", "yy_sum", "ym_sum", "mm_sum", "conversations", "decisions")
    assert [up[name] for name in names] == [2, 4, 4, 6, 10, 2, 3]
    assert [incorrect[name] for name in names] == [1, 4, 1, 1, 10, 2, 3]
    assert up["cohort"] == "booking_v1"


def test_shares_come_by_version_and_day(ballot: Ballot) -> None:
    """By when the decision was made, not by when somebody found the time to vote."""
    day = 86_400
    later = [
        row._replace(
            span_id=decision_id(n + 50), timestamp_ns=row.timestamp_ns + n * day * 1_000_000_000
        )
        for n, row in enumerate(turns(3, cohort="booking_v2"))
    ]
    ballot.store.insert_spans(later)
    for number in (1, 50, 51, 52):
        ballot.vote(number, "ann", "up")

    found = [(row["cohort"], str(row["bucket"])) for row in _shares(ballot, "up", days=1)]

    assert found == [
        ("booking_v1", "2026-11-01"),
        ("booking_v2", "2026-11-01"),
        ("booking_v2", "2026-11-02"),
        ("booking_v2", "2026-11-03"),
    ]


def test_remarks_are_told_with_the_answer_they_correct(ballot: Ballot) -> None:
    """The newest first; a vote without words is none."""
    ballot.vote(1, "ann", "down", note="too long")
    ballot.vote(2, "ann", "down", correction="On Monday.")
    ballot.vote(3, "ann", "up")

    remarks = ballot.read("feedback_remarks", corrected=0, limit=10)
    corrections = ballot.read("feedback_remarks", corrected=1, limit=10)

    assert [row["note"] or row["correction"] for row in remarks] == ["On Monday.", "too long"]
    assert [(row["correction"], row["output_text"]) for row in corrections] == [
        ("On Monday.", "answer 2")
    ]


def test_pairs_count_the_decisions_both_voted_on(ballot: Ballot) -> None:
    """Each two once, in the order of their names."""
    for number, ben, ann in ((1, "up", "up"), (2, "down", "up"), (3, "down", "down")):
        ballot.vote(number, "ben", ben)
        ballot.vote(number, "ann", ann)
    ballot.vote(4, "ann", "up")
    ballot.vote(1, "cat", "down")

    pairs = ballot.read("feedback_pairs", limit=10)

    assert [tuple(row.values()) for row in pairs] == [
        ("ann", "ben", 1, 1, 0, 1),
        ("ann", "cat", 0, 1, 0, 0),
        ("ben", "cat", 0, 1, 0, 0),
    ]


def test_panels_count_decisions_by_their_votes(ballot: Ballot) -> None:
    """Only those with more than one vote."""
    for number, reviewers in ((1, "ab"), (2, "ab"), (3, "abc"), (4, "a")):
        for reviewer in reviewers:
            ballot.vote(number, reviewer, "down" if reviewer == "c" else "up")

    panels = ballot.read("feedback_panels")

    assert [tuple(row.values()) for row in panels] == [(2, 0, 2), (2, 1, 1)]


def test_votes_of_a_conversation_are_its_own(ballot: Ballot) -> None:
    """Each with its decision and reviewer."""
    ballot.vote(1, "ann", "up")
    ballot.vote(2, "ben", "down")
    ballot.vote(3, "ann", "down")

    votes = ballot.store.reads("default").table("feedback_votes_of_thread", {"thread": "c-0"})

    assert [(row["decision_id"], row["reviewer"]) for row in votes.records()] == [
        (decision_id(2), "ben"),
        (decision_id(1), "ann"),
    ]


def test_the_unreviewed_are_those_without_a_vote(ballot: Ballot) -> None:
    """The newest first; one that was taken back waits again."""
    ballot.vote(2, "ben", "up")
    ballot.vote(3, "ben", "up")
    ballot.vote(3, "ben", "retract")

    assert _queue(ballot, "unreviewed") == [4, 3, 1]


def test_the_queue_of_others_thumbs_down_leaves_out_what_i_voted_on(ballot: Ballot) -> None:
    """My own vote does not ask for mine."""
    ballot.vote(1, "ben", "down")
    ballot.vote(2, "ben", "down")
    ballot.vote(2, "ann", "up")
    ballot.vote(3, "ann", "down")
    ballot.vote(4, "ben", "up")

    assert _queue(ballot, "down") == [1]
    assert _queue(ballot, "down", "ben") == [3]


def test_the_escalated_are_the_last_answers_before_a_person_took_over(ballot: Ballot) -> None:
    """As the outcome worker attributed them."""
    columns = ("tenant_id", "rule_id", "decision_id", "decided_at", "state", "is_attributed")
    rows = [
        ("default", "escalation_triggered", decision_id(1), ballot.now, "yes", 1),
        ("default", "escalation_triggered", decision_id(2), ballot.now, "yes", 0),
        ("default", "escalation_triggered", decision_id(3), ballot.now, "no", 1),
        ("default", "customer_replied", decision_id(4), ballot.now, "yes", 1),
    ]
    ballot.store.append("decision_outcomes", columns, rows)

    assert _queue(ballot, "escalated") == [1]


def test_a_random_sample_is_the_same_for_everybody_with_its_seed(ballot: Ballot) -> None:
    """Or two reviewers would never meet; another seed is another sample."""
    ballot.store.insert_spans(turns(40))
    ballot.vote(1, "ann", "up")

    ann = _queue(ballot, "random", "ann", limit=10)
    ben = _queue(ballot, "random", "ben", limit=10)
    another = _queue(ballot, "random", "ann", limit=10, seed=2)

    assert ann == ben
    assert sorted(ann) != sorted(another)


def test_a_queue_stays_what_it_was_when_it_was_opened(ballot: Ballot) -> None:
    """Votes that came in since do not move the others up."""
    ballot.vote(2, "ben", "up")

    long_ago = ballot.now - timedelta(days=3650)

    assert _queue(ballot, "unreviewed", as_of=long_ago) == [4, 3, 2, 1]
