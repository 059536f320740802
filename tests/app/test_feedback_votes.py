"""The vote control on the Decision and Conversation pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.pages import markup, open_page, told
from support.votes import Ballot, decision_id

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

_UP, _DOWN = 1, 0


def _decision(**query: str) -> AppTest:
    return open_page("decision", id=decision_id(1), **query)


def _thumb(page: AppTest, thumb: int | None, place: int = 0) -> AppTest:
    return page.feedback[place].set_value(thumb).run()


def _say_more(page: AppTest) -> AppTest:
    return next(button for button in page.button if button.label == "Say more").click().run()


def _save(page: AppTest) -> AppTest:
    return next(button for button in page.button if button.label == "Save").click().run()


def test_a_click_on_a_thumb_votes(ballot: Ballot) -> None:
    """Under the name that this window has; the thumb stays chosen."""
    page = _thumb(_decision(reviewer="ann"), _UP)

    assert ballot.live(1) == {"ann": "up"}
    assert page.feedback[0].value == _UP
    assert "thumbs up" in markup(page)


def test_the_other_thumb_changes_the_vote(ballot: Ballot) -> None:
    """And the page tells both in its history."""
    page = _thumb(_thumb(_decision(reviewer="ann"), _UP), _DOWN)

    assert ballot.live(1) == {"ann": "down"}
    assert page.expander[0].label == "History: 2 votes"
    assert "replaced" in markup(page)


def test_the_same_thumb_again_takes_the_vote_back(ballot: Ballot) -> None:
    """Nothing is chosen then."""
    page = _thumb(_thumb(_decision(reviewer="ann"), _UP), None)

    assert ballot.live(1) == {}
    assert page.feedback[0].value is None
    assert "taken back" in markup(page)


def test_the_first_vote_asks_for_a_name(ballot: Ballot) -> None:
    """And is stored once there is one."""
    page = _thumb(_decision(), _DOWN)
    before = ballot.live(1)
    page.text_input[-1].set_value(" ann ")
    next(button for button in page.button if button.label == "Vote").click().run()

    assert before == {}
    assert ballot.live(1) == {"ann": "down"}


def test_the_name_in_the_sidebar_goes_before_the_one_in_the_url(ballot: Ballot) -> None:
    """Who gets a link does not vote for its sender once they said who they are."""
    page = _decision(reviewer="ann")
    page.text_input[0].set_value("ben").run()
    _thumb(page, _UP)

    assert ballot.live(1) == {"ben": "up"}


def test_more_can_be_said(ballot: Ballot) -> None:
    """Reason, note and correction; the words are redacted and drawn as what they changed."""
    page = _say_more(_decision(reviewer="ann"))
    page.pills[0].set_value("incorrect")
    page.text_area[0].set_value("Ask mia.berg@example.com")
    page.text_area[1].set_value("answer <b>two</b>")
    page = _save(page)

    (vote,) = ballot.history(1)
    assert (vote["value"], vote["reason"], vote["correction"]) == (
        *(-1, "incorrect"),
        "answer <b>two</b>",
    )
    assert str(vote["note"]).startswith("Ask <EMAIL_")
    words = markup(page)
    assert "mia.berg" not in words
    assert "> 1</del>" in words
    assert "> &lt;b&gt;two&lt;/b&gt;</ins>" in words


def test_an_answer_that_was_not_changed_is_no_correction(ballot: Ballot) -> None:
    """The dialog begins with what was answered."""
    page = _say_more(_decision(reviewer="ann"))
    began = page.text_area[1].value
    _save(page)

    assert began == "answer 1"
    assert [vote["correction"] for vote in ballot.history(1)] == [""]


def test_a_vote_that_fails_is_said_to_have_failed(ballot: Ballot) -> None:
    """With the reason, and without a thumb that looks as if it counted."""
    page = _decision(reviewer="ann")
    ballot.refuses = "the disk is full"
    page = _thumb(page, _UP)

    assert "was not stored" in page.error[0].value
    assert "the disk is full" in told(page)
    assert page.feedback[0].value is None


def test_every_answer_of_a_conversation_has_thumbs(ballot: Ballot) -> None:
    """Each votes on its own."""
    ballot.vote(1, "ben", "down", reason="unhelpful")
    page = open_page("conversation", thread="c-0", reviewer="ann")

    page = _thumb(page, _UP, place=1)

    assert [thumbs.value for thumbs in page.feedback] == [None, _UP, None]
    assert [ballot.live(n) for n in (1, 2, 3)] == [{"ben": "down"}, {"ann": "up"}, {}]
    assert "thumbs down: unhelpful" in told(page)
