"""The Feedback page: full, empty and failing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from support.pages import FailingStore, links, markup, open_page, told
from support.votes import Ballot, decision_id, turns
from trainingloop.analytics_app._feedback import bucket_days
from trainingloop.analytics_app._filters import EVER, Period

if TYPE_CHECKING:
    from app.conftest import ShowStore
    from trainingloop.store import Store


def _voted(store: Store) -> None:
    """Forty answers of two versions in twenty conversations, two reviewers."""
    rows = turns(40, in_each=2, cohort="booking_v1")
    newer = turns(40, in_each=2, cohort="booking_v2")
    store.insert_spans([*rows[:20], *newer[20:]])
    ballot = Ballot(store)
    votes = [
        {"decision_id": decision_id(n), "reviewer": reviewer, "value": value, "reason": reason}
        for n in range(1, 31)
        for reviewer, value, reason in (
            ("ann", "down" if n % 3 == 0 else "up", "incorrect" if n % 3 == 0 else "helpful"),
            ("ben", "down" if n % 4 == 0 else "up", ""),
        )
    ]
    ballot.send(votes=votes)
    ballot.vote(1, "cleo", "down", note="Too <b>late</b>", correction="answer one")


def test_figures_are_shown_with_their_interval(store: Store) -> None:
    """Never a bare percentage; versions, reasons and agreement below."""
    _voted(store)

    page = open_page("feedback", range="all")

    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Votes"] == "61"
    assert figures["Thumbs down"] == "18"
    assert figures["Reviewers"] == "3"
    words = told(page)
    assert "70% thumbs up" in words
    assert "95 % interval" in words
    assert "61 votes in 15 conversations" in words
    assert len(page.get("vega_lite_chart")) == 2
    assert not page.exception


def test_agreement_is_told_for_all_and_for_each_two(store: Store) -> None:
    """A number where enough is shared, and why there is none where it is not."""
    _voted(store)

    page = open_page("feedback", range="all")

    (table,) = (frame.value for frame in page.dataframe)
    assert list(table["Reviewers"]) == ["ann and ben", "ann and cleo", "ben and cleo"]
    assert "Cohen's kappa, 30 decisions" in table["Agreement"][0]
    assert table["Agreement"][1].startswith("not enough: 1 of 20")
    assert "Krippendorff&#x27;s alpha, 30 decisions" in markup(page)


def test_remarks_are_shown_as_what_they_change_and_lead_to_their_decision(store: Store) -> None:
    """Whatever stands in them is text."""
    _voted(store)

    page = open_page("feedback", range="all", kind="message")

    words = markup(page)
    assert "Too &lt;b&gt;late&lt;/b&gt;" in words
    assert "> 1</del>" in words
    assert "> one</ins>" in words
    kept = "tenant=default&kind=message&range=all"
    assert f"Decision?{kept}&id={decision_id(1)}" in links(page)
    assert f"Conversation?{kept}&thread=c-0" in links(page)


def test_the_share_that_is_followed_is_kept_in_the_url(store: Store) -> None:
    """Any reason can be; one that there is not is as by default."""
    _voted(store)

    page = open_page("feedback", range="all", measure="sideways")
    control = next(box for box in page.selectbox if box.label == "Share of votes")
    before = control.value
    control.set_value("incorrect").run()

    assert before == "up"
    assert page.query_params["measure"] == "incorrect"


def test_without_votes_it_says_how_the_first_one_comes(store: Store) -> None:
    """From the pages, and from the customer's own product."""
    store.insert_spans(turns(2))

    page = open_page("feedback", range="all")

    assert "Nobody has voted" in page.info[0].value
    assert "Review?tenant=default&range=all" in links(page)
    assert "http://127.0.0.1:9318/api/v1/feedback" in page.code[0].value


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as a page without votes."""
    show(FailingStore())

    page = open_page("feedback")

    assert "could not be read" in page.error[0].value
    assert not page.info


@pytest.mark.parametrize(("days", "expected"), [(1, 1), (15, 1), (16, 7), (400, 7)])
def test_a_trend_has_a_point_for_each_day_or_week(days: int, expected: int) -> None:
    """Fewer votes than a week's have intervals that say nothing."""
    since = datetime(2026, 11, 1, tzinfo=UTC)

    assert bucket_days(Period(since=since, until=since + timedelta(days=days))) == expected
    assert bucket_days(EVER) == 7
