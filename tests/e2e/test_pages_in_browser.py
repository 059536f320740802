"""The pages in headless Chromium, as a person uses them.

With ``UPDATE_SCREENSHOTS=1`` the pictures of the documentation are taken anew.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.assistant import recorded_weeks
from support.browser import choose, picture, query, settled
from support.serving import ServeProcess
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

_TEXT = "Text in the customer's message or the answer"


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """A serve over some weeks of an assistant's decisions."""
    folder = tmp_path_factory.mktemp("browser")
    with open_store(f"chdb://{folder / 'store'}") as store:
        store.insert_spans(recorded_weeks(until=datetime.now(UTC)))
        store.settle(datetime(2000, 1, 1, tzinfo=UTC))
    with ServeProcess(folder) as process:
        yield process


def test_the_overview_leads_to_the_decisions(
    dashboard: ServeProcess, page: Page, tmp_path: Path
) -> None:
    """Figures, chart and tables stand, and its links keep the tenant."""
    page.goto(dashboard.url)

    page.get_by_role("heading", name="Loss accounting").wait_for()
    page.locator("canvas, svg.marks").first.wait_for()
    picture(page, "overview", tmp_path)
    page.get_by_role("link", name="Decisions").click()

    page.get_by_role("heading", name="Decisions", exact=True).wait_for()
    assert query(page) == {"tenant": "default"}


def test_filters_are_kept_in_the_url_and_restored_from_it(
    dashboard: ServeProcess, page: Page, browser: Browser, tmp_path: Path
) -> None:
    """Clicked, cleared, and opened again by somebody who got the link."""
    page.goto(f"{dashboard.url}/decisions")
    page.get_by_text("decisions. Times are UTC").wait_for()
    everything = page.get_by_text("decisions. Times are UTC").inner_text()
    picture(page, "decisions", tmp_path)

    choose(page, "Kind", "Tool call")
    page.wait_for_url("**kind=tool_call**")
    page.get_by_label(_TEXT).fill("Friday")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=Friday**")
    settled(page)
    narrowed = page.get_by_text("decisions. Times are UTC").inner_text()
    shared = page.url

    page.get_by_role("button", name="Clear all filters").click()
    page.wait_for_url(lambda url: "kind=" not in url)
    settled(page)
    cleared = page.get_by_text("decisions. Times are UTC").inner_text()
    page.goto(shared)
    page.get_by_text(narrowed).wait_for()
    # The browser fills the field a moment after the page said how many there are.
    page.wait_for_function(
        "label => document.querySelector(`input[aria-label=\"${label}\"]`)?.value === 'Friday'",
        arg=_TEXT,
    )

    assert narrowed != everything
    assert cleared == everything


def test_a_click_on_a_row_opens_its_decision_and_conversation(
    dashboard: ServeProcess, page: Page, tmp_path: Path
) -> None:
    """The address of the decision is a deep link; from there the thread is one click away."""
    page.goto(f"{dashboard.url}/decisions?kind=tool_call&tenant=default")
    table = page.get_by_test_id("stDataFrame")
    table.wait_for()
    settled(page)

    # The table is a canvas: this is its first row, in the column of times.
    table.click(position={"x": 120, "y": 55})
    page.wait_for_url("**/decision?**")
    page.get_by_role("heading", name="What it did").wait_for()
    settled(page)
    deep_link, asked = page.url, query(page)
    picture(page, "decision", tmp_path)
    page.get_by_role("link", name="Conversation", exact=True).click()
    page.wait_for_url("**/conversation?**")
    page.get_by_role("link", name="Open").first.wait_for()
    settled(page)
    picture(page, "conversation", tmp_path)
    page.goto(deep_link)
    page.get_by_text(asked["id"]).wait_for()

    assert {"id", "tenant", "kind"} <= set(asked)


def test_the_filtered_list_downloads(dashboard: ServeProcess, page: Page) -> None:
    """The file holds what the page counts, whole."""
    page.goto(f"{dashboard.url}/decisions?status=error")
    counted = page.get_by_text("decisions. Times are UTC").inner_text()

    with page.expect_download() as started:
        page.get_by_role("button", name="JSONL").click()
    lines = Path(started.value.path()).read_text().splitlines()

    assert counted.startswith(f"{len(lines)} decisions")
    assert {json.loads(line)["error_type"] for line in lines} == {"RateLimitError"}


def test_recorded_markup_does_nothing(dashboard: ServeProcess, page: Page) -> None:
    """A customer's HTML is text on the page, and a redaction token is readable."""
    page.goto(f"{dashboard.url}/conversation?thread=conv-markup")

    page.get_by_text("<b>now</b> **please**").wait_for()

    assert page.get_by_text("<PHONE_7f3k2q9d>").count() == 1
    assert page.evaluate("window.wasRun === undefined")


def test_an_unknown_link_says_so(dashboard: ServeProcess, page: Page) -> None:
    """Not an empty page, not an error without words."""
    page.goto(f"{dashboard.url}/decision?id=0123456789abcdef")

    message = page.get_by_text("There is no such decision.")
    message.wait_for()
    assert message.count() == 1


def test_the_api_answers_beside_the_pages(dashboard: ServeProcess, page: Page) -> None:
    """One process serves both, and says that it is well."""
    assert dashboard.served is not None
    health = page.request.get(f"{dashboard.served.otlp_http_url}/api/v1/health")

    assert json.loads(health.body())["status"] == "ok"
