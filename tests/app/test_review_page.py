"""The Review page: its queues, its keys and what it keeps in the URL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from support.pages import FailingStore, markup, open_page, told

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from app.conftest import ShowStore
    from support.votes import Ballot


def _review(**query: str) -> AppTest:
    return open_page("review", **{"range": "all", "reviewer": "ann", **query})


def _press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def _progress(page: AppTest) -> str:
    (bar,) = page.get("progress")
    return str(bar.proto.text)


def test_it_asks_who_reviews_first(ballot: Ballot) -> None:
    """A vote without a name is nobody's."""
    page = open_page("review", range="all")
    before = page.info[0].value
    page.text_input[0].set_value("ann").run()

    assert "Say who you are" in before
    assert "1 of 3" in _progress(page)
    assert page.query_params["reviewer"] == "ann"


def test_a_vote_leads_to_the_next_decision(ballot: Ballot) -> None:
    """The place is kept in the URL, and the queue does not shrink under it."""
    page = _review()
    first = markup(page)
    page = _press(page, "Up")
    page = _press(page, "Incorrect")

    assert "answer 3" in first
    assert ballot.live(3) == {"ann": "up"}
    assert [(v["value"], v["reason"]) for v in ballot.history(2)] == [(-1, "incorrect")]
    assert _progress(page) == "**3 of 3** · 2 voted on by you"
    assert page.query_params["at"] == "3"


def test_every_key_is_told_on_its_button(ballot: Ballot) -> None:
    """Nobody has to look them up."""
    page = _review()

    keys = {button.label: button.proto.shortcut for button in page.button}
    assert {label: key for label, key in keys.items() if key} == {
        "Up": "u",
        "Down": "d",
        "Helpful": "1",
        "Unhelpful": "2",
        "Incorrect": "3",
        "Inappropriate": "4",
        "Other": "5",
        "Previous": "k",
        "Next": "j",
        "Skip": "s",
        "Undo": "z",
        "Say more": "n",
    }


def test_undo_takes_the_last_vote_back(ballot: Ballot) -> None:
    """And returns to its decision; the history keeps both."""
    page = _press(_review(), "Down")
    page = _press(page, "Undo")

    assert ballot.live(3) == {}
    assert [vote["value"] for vote in ballot.history(3)] == [0, -1]
    assert "answer 3" in markup(page)
    assert next(button for button in page.button if button.label == "Undo").disabled


def test_one_can_go_on_and_back_without_a_vote(ballot: Ballot) -> None:
    """Nothing is stored by looking."""
    page = _press(_press(_press(_review(), "Next"), "Next"), "Previous")

    assert _progress(page).startswith("**2 of 3**")
    assert [ballot.history(n) for n in (1, 2, 3)] == [[], [], []]


def test_skip_leads_past_what_was_voted_on(ballot: Ballot) -> None:
    """From the third answer past the second to the first."""
    page = _review(queue="random", seed="1")
    order = [_number(page), _number(_press(page, "Next")), _number(_press(page, "Next"))]
    ballot.vote(order[1], "ann", "up")
    page = _press(_review(queue="random", seed="1"), "Skip")

    assert _number(page) == order[2]


def _number(page: AppTest) -> int:
    """The answer that is voted on: the first one on the page."""
    found = re.search(r"answer (\d)", markup(page))
    assert found is not None
    return int(found[1])


def test_at_the_end_it_says_so(ballot: Ballot) -> None:
    """The last vote can still be taken back there."""
    page = _press(_review(at="3", as_of=datetime.now(UTC).isoformat()), "Up")

    assert "You are through: 3 decisions" in page.success[0].value
    assert _press(page, "Undo").query_params["at"] == "3"


def test_the_address_restores_queue_place_and_seed(ballot: Ballot) -> None:
    """As of the moment it was opened: votes since then do not move it."""
    as_of = datetime.now(UTC).isoformat(timespec="milliseconds")
    ballot.vote(3, "ben", "down")

    page = _review(queue="unreviewed", at="2", as_of=as_of)

    assert _progress(page).startswith("**2 of 3**")
    assert "answer 2" in markup(page)


def test_the_thumbs_down_of_others_can_be_reviewed(ballot: Ballot) -> None:
    """With what they said at hand, not in sight."""
    ballot.vote(2, "ben", "down", reason="incorrect")

    page = _review(queue="down")

    assert _progress(page).startswith("**1 of 1**")
    assert [box.label for box in page.expander] == ["Votes of others: 1", "History: 1 vote"]


@pytest.mark.parametrize("queue", ["escalated", "down"])
def test_an_empty_queue_says_why(ballot: Ballot, queue: str) -> None:
    """And can be looked at again."""
    page = _review(queue=queue)

    assert page.info[0].value
    assert [button.label for button in page.button][-1] == "Look again"


@pytest.mark.parametrize(
    "query",
    [
        {"queue": "sideways"},
        {"at": "0"},
        {"at": "-1"},
        {"at": "9" * 5000},
        {"seed": "²", "queue": "random"},
        {"seed": "9" * 5000, "queue": "random"},
        {"as_of": "yesterday"},
        {"as_of": "0001-01-01T00:00:00Z"},
        {"as_of": "9999-12-31T23:59:59Z"},
        {"reviewer": "x" * 999},
    ],
)
def test_an_address_that_means_nothing_is_as_by_default(
    ballot: Ballot, query: dict[str, str]
) -> None:
    """Whoever typed it gets a queue, not a traceback."""
    page = _review(**query)

    assert not page.exception
    assert not page.error
    assert "of 3" in _progress(page)


def test_what_led_to_the_decision_is_shown_below_it(ballot: Ballot) -> None:
    """The decision first: it is what the vote is about."""
    words = told(_review())

    assert words.index("answer 3") < words.index("answer 1") < words.index("answer 2")
    assert "What led to it" in words


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as an empty queue."""
    show(FailingStore())

    page = _review()

    assert "could not be read" in page.error[0].value
    assert not page.info
