"""Headless Chromium for tests of the pages, as a person uses them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TIMEOUT_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not _CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {_CHROMIUM}")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(
            executable_path=str(_CHROMIUM), headless=True, args=_ARGUMENTS
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window that lets nothing out of this machine, and may not want to."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Asia/Tokyo")
    outside: list[str] = []
    opened = context.new_page()
    opened.set_default_timeout(_TIMEOUT_MS)
    opened.on("request", lambda request: outside.append(request.url))
    yield opened
    context.close()
    strangers = {urlsplit(url).hostname for url in outside} - {"127.0.0.1", None, ""}
    assert strangers == set()
