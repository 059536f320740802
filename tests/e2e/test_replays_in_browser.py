"""A replay from the choice of decisions to a vote on a pair, in headless Chromium.

With ``UPDATE_SCREENSHOTS=1`` the pictures of the documentation are taken anew.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from support.browser import picture, press, query, settled
from support.replay_endpoint import Good, replay_endpoint
from support.replays import SCENES, Replay
from support.serving import ServeProcess
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from support.replay_endpoint import ReplayEndpoint

pytestmark = pytest.mark.browser

_OFTEN = {0: 61, 1: 2, 2: 1, 3: 3, 4: 2, 5: 24, 6: 1, 7: 2}
"""How many pairs there are of each scene: as a replay of one's own may look."""


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """A serve over decisions and one replay of them."""
    folder = tmp_path_factory.mktemp("replays")
    scenes = [SCENES[place] for place, often in _OFTEN.items() for _ in range(often)]
    with open_store(f"chdb://{folder / 'store'}") as store:
        replay = Replay(store, scenes)
        replay.write()
        replay.prefer(_OFTEN[0], "recorded", "mara")
        store.settle(datetime(2000, 1, 1, tzinfo=UTC))
    with ServeProcess(folder) as process:
        yield process


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ReplayEndpoint]:
    """A model that answers everything alike."""
    with replay_endpoint(Good("Gladly. A colleague calls you.", delay_s=0.02)) as opened:
        yield opened


def _open(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    # The page is there before all of its scripts are.
    page.wait_for_load_state("networkidle")


def _place(page: Page, place: str) -> None:
    page.get_by_text(re.compile(f"^{place} of ")).wait_for()
    settled(page)


def _preferences(dashboard: ServeProcess, page: Page) -> list[dict[str, Any]]:
    assert dashboard.served is not None
    answer = page.request.post(
        f"{dashboard.served.otlp_http_url}/api/v1/reads/replay_preferences",
        data=json.dumps({"tenant": "default", "parameters": {"run": "run-1"}}),
        headers={"content-type": "application/json"},
    )
    found = cast("dict[str, Any]", json.loads(answer.body()))
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_pairs_are_gone_through_filtered_and_voted_on(
    dashboard: ServeProcess, page: Page, tmp_path: Path
) -> None:
    """By the keyboard; the address says what is looked at, and its reader sees the same."""
    _open(page, f"{dashboard.url}/compare?reviewer=ann")
    page.get_by_text("newly unsafe").first.wait_for()
    page.get_by_text("I have refunded 210 EUR").first.wait_for()
    page.set_viewport_size({"width": 1440, "height": 1500})
    picture(page, "compare", tmp_path)
    page.set_viewport_size({"width": 1440, "height": 900})

    press(page, "j", until="2 of ")
    press(page, "j", until="3 of ")
    press(page, "k", until="2 of ")
    press(page, "1", until="3 of ")
    page.get_by_test_id("stButtonGroup").get_by_text("Hand-over changed").click()
    page.wait_for_url("**only=escalation_changed**")
    _place(page, "1")
    page.get_by_text("I want to talk to a person.").wait_for()
    shared = page.url
    _open(page, shared)
    _place(page, "1")

    assert query(page)["only"] == "escalation_changed"
    assert page.get_by_text("I want to talk to a person.").count() == 1
    mine = [one for one in _preferences(dashboard, page) if one["judge"] == "ann"]
    assert [one["choice"] for one in mine] == ["recorded"]


def test_a_replay_is_set_up_estimated_run_and_compared(
    dashboard: ServeProcess, endpoint: ReplayEndpoint, page: Page, tmp_path: Path
) -> None:
    """Nothing is asked before *Run*; then each question is, once, and the pairs are there."""
    _open(page, f"{dashboard.url}/replay?new=1&range=all&size=12&text=colleague&reviewer=ann")
    page.get_by_role("heading", name=re.compile("decisions? can be replayed")).wait_for()
    page.get_by_role("textbox", name="Name of the set").fill("colleagues")
    page.get_by_role("button", name="Freeze and go on").click()

    page.get_by_role("heading", name="what is asked instead").wait_for()
    settled(page)
    for label, value in (
        ("Base URL", endpoint.base_url),
        ("Variable that holds the key", ""),
        ("Model", "scripted"),
        ("Name", "kinder"),
    ):
        page.get_by_role("textbox", name=label, exact=True).fill(value)
        page.keyboard.press("Tab")
        settled(page)
    page.get_by_role("textbox", name=re.compile("The prompt of one decision")).fill(
        "You are the front desk of a small practice.\nBe kind, and never promise a refund."
    )
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Estimate").click()
    page.get_by_role("heading", name="Estimate").wait_for()
    page.get_by_text("What the candidate is asked otherwise").wait_for()
    settled(page)
    asked_before = endpoint.count
    page.mouse.wheel(0, -9000)
    picture(page, "replay", tmp_path)

    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Every decision has its result.").wait_for()
    settled(page)
    decisions = page.get_by_text(re.compile(r"\d+ of \d+ results")).inner_text()
    page.get_by_role("main").get_by_role("link", name="Compare").click()
    page.get_by_text("A colleague calls you.").first.wait_for()

    assert asked_before == 0
    done, every = map(int, re.findall(r"\d+", decisions))
    bodies = {json.dumps(asked.body, sort_keys=True) for asked in endpoint.asked}
    assert done == every
    # The same question is not paid for twice.
    assert len(bodies) == endpoint.count < every
    assert {
        asked.body["messages"][0]["content"].partition("\n")[2] for asked in endpoint.asked
    } == {
        "Be kind, and never promise a refund.",
        "Be brief, and never promise a refund.",
    }


def test_a_click_on_a_run_opens_it(dashboard: ServeProcess, page: Page) -> None:
    """Its address is a deep link."""
    _open(page, f"{dashboard.url}/replay")
    table = page.get_by_test_id("stDataFrame")
    table.wait_for()

    # The table is a canvas: this is its last row, in the column of names.
    box = table.bounding_box()
    assert box is not None
    table.click(position={"x": 120, "y": box["height"] - 20})
    page.wait_for_url("**run=run-1**")
    page.get_by_role("heading", name="smaller model on escalations").wait_for()

    assert query(page)["run"] == "run-1"
