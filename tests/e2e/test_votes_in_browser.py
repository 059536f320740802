"""Two reviewers in two browsers: votes, their changes, their agreement, and the keys of the queue.

With ``UPDATE_SCREENSHOTS=1`` the picture of the documentation is taken anew.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from support.assistant import recorded_weeks
from support.browser import picture, press, query, settled
from support.serving import ServeProcess
from support.votes import decision_id
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

_TIMEOUT_MS = 30_000
_DECISION = decision_id(105)
"""The first answer of the first conversation that `recorded_weeks` makes."""


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """A serve over some weeks of an assistant's decisions, without a vote."""
    folder = tmp_path_factory.mktemp("votes")
    with open_store(f"chdb://{folder / 'store'}") as store:
        store.insert_spans(recorded_weeks(until=datetime.now(UTC)))
        store.settle(datetime(2000, 1, 1, tzinfo=UTC))
    with ServeProcess(folder) as process:
        yield process


@pytest.fixture
def ann(browser: Browser) -> Iterator[Page]:
    """The window of one reviewer."""
    yield from _window(browser)


@pytest.fixture
def ben(browser: Browser) -> Iterator[Page]:
    """The window of another, who shares nothing with the first."""
    yield from _window(browser)


def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(_TIMEOUT_MS)
    yield page
    context.close()


def _name(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Reviewer").fill(name)
    page.keyboard.press("Enter")
    settled(page)


def _thumb(page: Page, label: str) -> Locator:
    return page.get_by_role("radio", name=label).first


def _vote(page: Page, label: str, *, votes: int) -> None:
    """Click a thumb and wait until the page tells of so many votes."""
    _thumb(page, label).click()
    page.get_by_text(f"History: {votes} vote").wait_for()
    settled(page)


def _review(page: Page, dashboard: ServeProcess, query: str) -> None:
    """Open the queue and wait until it listens to keys."""
    page.goto(f"{dashboard.url}/review?range=all&queue=random&{query}")
    page.get_by_text(re.compile("^1 of 100 · 0 voted")).wait_for()
    settled(page)
    page.get_by_role("link", name="Conversation", exact=True).wait_for()
    # The page is there before all of its scripts are.
    page.wait_for_load_state("networkidle")


def _api(dashboard: ServeProcess, page: Page, path: str, **document: object) -> dict[str, Any]:
    assert dashboard.served is not None
    answer = page.request.post(
        f"{dashboard.served.otlp_http_url}/api/v1/{path}",
        data=json.dumps({"tenant": "default", **document}),
        headers={"content-type": "application/json"},
    )
    return cast("dict[str, Any]", json.loads(answer.body()))


def test_two_reviewers_vote_change_and_retract(
    dashboard: ServeProcess, ann: Page, ben: Page
) -> None:
    """Each sees the other's vote; changed and retracted ones stay in the history."""
    address = f"{dashboard.url}/decision?id={_DECISION}"
    ann.goto(address)
    ben.goto(address)

    # Nobody has said who they are: the first click asks.
    _thumb(ann, "Thumbs up").click()
    ann.get_by_role("dialog").get_by_label("Your name").fill("ann")
    ann.get_by_role("button", name="Vote", exact=True).click()
    ann.get_by_text("thumbs up", exact=True).first.wait_for()
    _name(ben, "ben")
    _vote(ben, "Thumbs down", votes=2)
    both = ben.get_by_text("thumbs up", exact=True).count()
    _vote(ben, "Thumbs up", votes=3)
    _vote(ben, "Thumbs up", votes=4)
    ben.get_by_text("History: 4 votes").click()
    ben.get_by_text("taken back", exact=True).wait_for()
    ann.reload()
    ann.get_by_text("History: 4 votes").wait_for()

    assert both >= 1
    assert _thumb(ben, "Thumbs up").get_attribute("aria-checked") == "false"
    history = _api(dashboard, ann, "reads/feedback_history", parameters={"decision": _DECISION})
    votes = [dict(zip(history["columns"], row, strict=True)) for row in history["rows"]]
    told = [(vote["reviewer"], vote["value"], vote["is_live"]) for vote in votes]
    assert told == [("ben", 0, 0), ("ben", 1, 0), ("ben", -1, 0), ("ann", 1, 1)]


def test_a_correction_is_told_as_what_it_changes(dashboard: ServeProcess, ann: Page) -> None:
    """From the dialog of a conversation, with personal data replaced."""
    ann.goto(f"{dashboard.url}/conversation?thread=conv-0001")
    ann.get_by_role("button", name="Say more").first.wait_for()
    _name(ann, "ann")

    ann.get_by_role("button", name="Say more").last.click()
    dialog = ann.get_by_role("dialog")
    answer = dialog.get_by_label("The answer as it should have been")
    corrected = f"{answer.input_value()} Call +49 30 901820 first."
    answer.fill(corrected)
    dialog.get_by_label("Note").fill("<b>too short</b>")
    dialog.get_by_text("Incorrect", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    ann.get_by_text("thumbs down: incorrect").wait_for()
    ann.goto(f"{dashboard.url}/feedback?range=all")
    ann.get_by_text("<b>too short</b>").wait_for()

    added = ann.locator("ins").first.inner_text()
    assert re.fullmatch(r" Call <PHONE_[a-z0-9]{8}> first\.", added)


def test_the_queue_is_driven_by_keys(dashboard: ServeProcess, ann: Page, tmp_path: Path) -> None:
    """Up, a reason, on, back, undo and skip: without a click, and as the URL says."""
    _review(ann, dashboard, "seed=11&reviewer=mara")

    press(ann, "u", until="2 of 100 · 1 voted")
    press(ann, "3", until="3 of 100 · 2 voted")
    press(ann, "d", until="4 of 100 · 3 voted")
    press(ann, "z", until="3 of 100 · 2 voted")
    press(ann, "k", until="2 of 100")
    ann.get_by_text("thumbs down: incorrect").first.wait_for()
    press(ann, "s", until="3 of 100")
    press(ann, "j", until="4 of 100")
    address = query(ann)
    picture(ann, "review", tmp_path)
    ann.reload()
    ann.get_by_text(re.compile("^4 of 100 · 2 voted")).wait_for()

    assert {"queue": "random", "seed": "11", "at": "4", "reviewer": "mara"}.items() <= (
        address.items()
    )


def test_keys_that_are_typed_into_a_field_vote_on_nothing(
    dashboard: ServeProcess, ann: Page
) -> None:
    """A note holds every letter that is also a key."""
    _review(ann, dashboard, "seed=5&reviewer=typist")

    ann.keyboard.press("n")
    dialog = ann.get_by_role("dialog")
    dialog.get_by_label("Note").click()
    ann.keyboard.type("just dukes, 12345")
    dialog.get_by_role("button", name="Save").click()
    ann.get_by_text(re.compile("^1 of 100 · 1 voted")).wait_for()

    ann.get_by_text("History: 1 vote").click()
    ann.get_by_text("just dukes, 12345").wait_for()
    assert query(ann)["at"] == "1"


def test_two_reviewers_of_one_sample_have_an_agreement(
    dashboard: ServeProcess, ann: Page, ben: Page
) -> None:
    """The same seed gives both the same decisions; the Feedback page tells how far they agree."""
    for page, name, keys in ((ann, "left", "uduu"), (ben, "right", "udud")):
        _review(page, dashboard, f"seed=7&reviewer={name}")
        for place, key in enumerate(keys, 1):
            press(page, key, until=f"{place + 1} of 100 · {place} voted")

    pairs = _api(
        dashboard,
        ann,
        "reads/feedback_pairs",
        parameters={"since": "2000-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z", "limit": 9},
    )
    ann.goto(f"{dashboard.url}/feedback?range=all")
    ann.get_by_role("heading", name="Agreement between reviewers").wait_for()
    ann.get_by_test_id("stDataFrame").wait_for()

    assert ["left", "right", 2, 1, 0, 1] in pairs["rows"]


def test_the_customers_product_votes_over_http(dashboard: ServeProcess, ann: Page) -> None:
    """Stored for all to see; one on an unknown decision is answered with 404."""
    vote = {"reviewer": "shop app", "value": "down", "reason": "unhelpful"}

    stored = _api(dashboard, ann, "feedback", decision_id=decision_id(205), **vote)
    unknown = _api(dashboard, ann, "feedback", decision_id="0123456789abcdef", **vote)
    ann.goto(f"{dashboard.url}/decision?id={decision_id(205)}")
    ann.get_by_text("thumbs down: unhelpful").first.wait_for()

    assert stored["value"] == "down"
    assert unknown["error"]["code"] == "not_found"
