"""The page about redaction is true: its examples run and its settings exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trainingloop.instrumentation.environment import REDACTION_KEY, REDACTION_KEY_FILE
from trainingloop.processor import environment

PAGE = Path(__file__).parents[2] / "docs" / "redaction.md"


@pytest.fixture
def page() -> str:
    """The page."""
    if not PAGE.exists():
        pytest.skip("docs/ is not part of this installation")
    return PAGE.read_text(encoding="utf-8")


def test_the_examples_run(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copied from the page, they do what the comments beside them say."""
    monkeypatch.setenv(REDACTION_KEY, "a key of at least sixteen characters")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), {})  # our own page

    promised = re.findall(r"# (.+)", blocks[0])
    assert capsys.readouterr().out.splitlines() == promised


@pytest.mark.parametrize("name", [REDACTION_KEY, REDACTION_KEY_FILE, environment.REDACTION_ENGINE])
def test_every_setting_is_documented(page: str, name: str) -> None:
    """A variable nobody can find is no setting."""
    assert f"`{name}`" in page
