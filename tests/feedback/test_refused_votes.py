"""Votes that are refused, with what is allowed and with nothing written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.spans import model_turn
from support.votes import NOW, Ballot, decision_id
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.feedback import FeedbackError
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def closed_ballot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ballot]:
    """One answer, that nothing is written about."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('closed') / 'store'}") as store:
        store.insert_spans([model_turn(number=1, text="hello")])
        yield Ballot(store)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"value": "sideways"}, "'value' must be one of up, down, retract"),
        ({"value": None}, "'value' must be one of"),
        ({"value": 1}, "'value' must be one of"),
        ({"reviewer": ""}, "'reviewer' must be 1 to 200 characters"),
        ({"reviewer": " \t"}, "'reviewer' must be 1 to 200 characters"),
        ({"reviewer": "a" * 201}, "'reviewer' must be text of at most 200"),
        ({"reviewer": ["ann"]}, "'reviewer' must be text"),
        ({"reason": "rude"}, "'reason' must be one of helpful, unhelpful, incorrect"),
        ({"note": "x" * 10_001}, "'note' must be text of at most 10,000 characters"),
        ({"note": "\ud800"}, "'note' must be text"),
        ({"correction": {}}, "'correction' must be text"),
        ({"voted_at": "yesterday"}, "ISO 8601"),
        ({"voted_at": "2026-11-20T09:00:00"}, "with its offset"),
        ({"voted_at": 1_760_000_000}, "ISO 8601"),
        ({"voted_at": (NOW + timedelta(days=1, seconds=1)).isoformat()}, "a day ahead"),
        ({"voted_at": "1969-12-31T00:00:00Z"}, "after 1970"),
        ({"decision_id": ""}, "by either 'decision_id' or 'response_id'"),
        ({"response_id": "r"}, "by either 'decision_id' or 'response_id'"),
        ({"source": "me"}, "'source' must be one of api, pages"),
        ({"value": "retract", "note": "sorry"}, "taken back has no reason, note or correction"),
        ({"stars": 5}, "a vote has only these keys"),
        ({"tenant": "no tenant!"}, "'tenant' must be"),
        ({"votes": [], "stars": 5}, "leave out"),
    ],
)
def test_a_vote_that_cannot_be_understood_is_refused(
    closed_ballot: Ballot, wrong: dict[str, object], told: str
) -> None:
    """With what is allowed, and without a word of what was said."""
    vote = {"decision_id": decision_id(1), "reviewer": "ann", "value": "up"}

    with pytest.raises(BadRequestError, match=told):
        closed_ballot.send(**{**vote, **wrong})  # type: ignore[arg-type]  # wrong on purpose

    assert closed_ballot.history(1) == []


@pytest.mark.parametrize("votes", [[], "up", [7], ["up"] * 1001])
def test_a_list_that_is_none_is_refused(closed_ballot: Ballot, votes: object) -> None:
    """Empty, too long, or of something else."""
    with pytest.raises(FeedbackError, match="votes"):
        closed_ballot.send(votes=votes)


@pytest.mark.parametrize(
    ("tenant", "named"),
    [
        ("default", {"decision_id": "0123456789abcdef"}),
        ("default", {"response_id": "resp-unknown"}),
        ("zenith", {"decision_id": decision_id(1)}),
    ],
)
def test_a_vote_on_an_unknown_decision_is_refused(
    closed_ballot: Ballot, tenant: str, named: dict[str, str]
) -> None:
    """Also on one that is there, of another tenant; nothing is written for either."""
    with pytest.raises(NotFoundError, match="no such decision of this tenant"):
        closed_ballot.send(tenant, reviewer="ann", value="up", **named)

    assert closed_ballot.store.execute("SELECT 1 FROM decision_feedback", {}).rows == ()
