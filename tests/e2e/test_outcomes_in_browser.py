"""From a rate to the very message it rests on, in headless Chromium."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from support.assistant import recorded_weeks
from support.browser import picture, query, settled
from support.serving import ServeProcess
from trainingloop.instrumentation import semconv
from trainingloop.outcomes import sweep
from trainingloop.outcomes.rules import BUILT_IN
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from trainingloop.store import SpanRow

pytestmark = pytest.mark.browser

_REASONS = ("resolved", "resolved", "inactive", "customer left", "", "resolved by colleague")
_TALL: ViewportSize = {"width": 1440, "height": 2300}


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """A serve over some weeks of an assistant's decisions, and what came of them."""
    folder = tmp_path_factory.mktemp("outcomes")
    now = datetime.now(UTC)
    with open_store(f"chdb://{folder / 'store'}") as store:
        store.insert_spans([_ended(row) for row in recorded_weeks(until=now)])
        store.settle(datetime(2000, 1, 1, tzinfo=UTC))
        sweep(store, BUILT_IN, now + timedelta(seconds=1))
    with ServeProcess(folder) as process:
        yield process


def _ended(row: SpanRow) -> SpanRow:
    """Let conversations end in more ways than one."""
    if row.span_attributes.get(semconv.EVENT_KIND) != "close":
        return row
    reason = _REASONS[row.timestamp_ns // 1_000_000_000 % len(_REASONS)]
    return row._replace(span_attributes={**row.span_attributes, semconv.EVENT_REASON: reason})


def test_a_rate_leads_to_the_message_it_rests_on(
    dashboard: ServeProcess, page: Page, tmp_path: Path
) -> None:
    """Page, list, conversation: the reply is in sight and set apart."""
    page.set_viewport_size(_TALL)
    page.goto(f"{dashboard.url}/outcomes?rule=customer_replied&state=yes")
    page.get_by_role("heading", name="Decisions and their evidence").wait_for()
    page.locator("canvas, svg.marks").first.wait_for()
    settled(page)
    picture(page, "outcomes", tmp_path)

    page.set_viewport_size({"width": 1440, "height": 500})
    page.get_by_role("link", name="In the conversation").first.click()
    page.wait_for_url("**/conversation?**event=**")

    reply = page.locator(".st-key-focus-event")
    reply.wait_for()
    settled(page)
    page.wait_for_function(
        """() => {
            const box = document.querySelector('[class*="st-key-focus-"]').getBoundingClientRect();
            return box.top >= 0 && box.top < window.innerHeight;
        }"""
    )
    assert page.locator(".st-key-focus-decision").count() == 1
    assert "Customer" in reply.inner_text()
    assert {"thread", "decision", "event"} <= set(query(page))


def test_a_version_narrows_the_list(dashboard: ServeProcess, page: Page) -> None:
    """One click, and the address says so; another takes it back."""
    page.set_viewport_size(_TALL)
    page.goto(f"{dashboard.url}/outcomes?rule=customer_replied&by=model")
    page.get_by_role("heading", name="Decisions and their evidence").wait_for()
    settled(page)
    everything = page.get_by_text("the newest first. Times are UTC").inner_text()

    page.get_by_role("button", name="Its decisions").first.click()
    page.wait_for_url("**version=demo-**")
    page.get_by_text("Only Model demo-").wait_for()
    settled(page)
    narrowed = page.get_by_text("the newest first. Times are UTC").inner_text()
    page.get_by_role("button", name="All of them").click()
    page.wait_for_url(lambda url: "version=" not in url)
    page.get_by_text(everything).wait_for()

    assert narrowed != everything


def test_a_decision_says_what_happened_next(dashboard: ServeProcess, page: Page) -> None:
    """In sentences, on its own page."""
    page.goto(f"{dashboard.url}/outcomes?rule=customer_replied&state=yes")
    page.get_by_role("link", name="Decision", exact=True).first.click()
    page.wait_for_url("**/decision?**")

    page.get_by_role("heading", name="What happened next").wait_for()
    settled(page)

    assert page.get_by_text("The customer wrote").count() >= 1


def test_dark_pages_stay_readable(dashboard: ServeProcess, page: Page, tmp_path: Path) -> None:
    """The same page in the dark theme: charts and badges are there."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(_TALL)
    page.goto(f"{dashboard.url}/outcomes?rule=no_further_inbound&step=week&by=playbook")

    page.get_by_role("heading", name="How conversations ended").wait_for()
    page.locator("canvas, svg.marks").first.wait_for()
    settled(page)
    page.screenshot(path=tmp_path / "outcomes-dark.png")

    assert page.get_by_text("Resolved by the assistant").count() >= 1
