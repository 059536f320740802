"""What tests do in a browser, and see there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PATIENCE_MS = 10_000
_PICTURES = Path(__file__).parents[2] / "docs" / "img"


def picture(page: Page, name: str, folder: Path) -> None:
    """Take a picture of the window for whoever looks at it.

    With ``UPDATE_SCREENSHOTS=1`` it is one of the documentation.
    """
    # Charts and tables draw themselves on canvases some frames after their data came.
    page.wait_for_load_state("networkidle")
    page.get_by_test_id("stSkeleton").first.wait_for(state="detached")
    page.wait_for_timeout(500)
    target = _PICTURES if os.environ.get("UPDATE_SCREENSHOTS") == "1" else folder
    page.screenshot(path=target / f"{name}.png")


def query(page: Page) -> dict[str, str]:
    """Return the query string of the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def press(page: Page, key: str, *, until: str) -> None:
    """Press a key and wait for the text it leads to, which begins with ``until``."""
    from playwright.sync_api import TimeoutError as NothingCameError  # may be missing

    there = page.get_by_text(re.compile(f"^{until}"))
    page.keyboard.press(key)
    try:
        there.wait_for(timeout=_PATIENCE_MS)
    except NothingCameError:
        # Streamlit loses about one in ten keys right after a page was opened: press again, as a
        # person does. The place tells that the first one did nothing.
        page.keyboard.press(key)
        there.wait_for()
    settled(page)


def settled(page: Page) -> None:
    """Wait until no run of the script is under way."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
