"""``docs/collector.md`` says what ``otel-collector.yaml`` and the Collector do."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from collector_go.harness import CONFIG, ROOT

if TYPE_CHECKING:
    from pathlib import Path

_PAGE: Final = (ROOT / "docs" / "collector.md").read_text(encoding="utf-8")
_FENCE: Final = re.compile(
    r"(<!-- not run by the tests[^\n]*\n)?```(bash|yaml)\n(.*?)```", re.DOTALL
)
_VARIABLE: Final = re.compile(r"\$\{env:(\w+):-([^}]*)\}")
_ROW: Final = re.compile(r"^\| `(TRAININGLOOP_\w+)` \| `([^`]+)` \|", re.MULTILINE)


def _snippets(language: str) -> list[str]:
    return [text for skip, name, text in _FENCE.findall(_PAGE) if name == language and not skip]


def test_table_names_every_setting_with_its_default() -> None:
    """The settings of the page are those of the file, with the same defaults."""
    in_file = set(_VARIABLE.findall(CONFIG.read_text(encoding="utf-8")))

    on_page = set(_ROW.findall(_PAGE))

    assert on_page == in_file


@pytest.mark.collector
@pytest.mark.parametrize("snippet", _snippets("yaml"))
def test_configuration_snippet_is_valid_on_top_of_the_file(
    snippet: str, binary: Path, tmp_path: Path
) -> None:
    """Each piece of configuration can be used the way the page says, as a second file."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(snippet, encoding="utf-8")

    check = subprocess.run(
        [str(binary), "validate", "--config", str(CONFIG), "--config", str(mine)],
        capture_output=True,
        text=True,
    )

    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.collector
@pytest.mark.parametrize("snippet", _snippets("bash"))
def test_commands_of_the_page_succeed(snippet: str, binary: Path) -> None:
    """Each command that ends by itself ends well, from the project's folder."""
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", snippet], cwd=ROOT, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stderr
