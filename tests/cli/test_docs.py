"""``docs/cli.md`` shows the help the commands give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from trainingloop.cli._app import COMMANDS, cli
from trainingloop.cli._store_option import STORE

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS = Path(__file__).parents[2] / "docs"


def shown(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what the command prints on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return CliRunner().invoke(cli, list(arguments), prog_name="trainingloop").stdout.rstrip()


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_the_page_shows_the_help_as_it_is(
    command: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed option shows up as a failure here."""
    page = (DOCS / "cli.md").read_text()

    help_text = shown([*([command] if command else []), "--help"], monkeypatch)

    assert f"```text\n{help_text}\n```" in page


@pytest.mark.parametrize("name", [STORE, "TRAININGLOOP_DATA_DIR", "TRAININGLOOP_TENANT"])
def test_the_page_names_every_variable_the_command_reads(name: str) -> None:
    """Each is a promise."""
    assert f"`{name}`" in (DOCS / "cli.md").read_text()
