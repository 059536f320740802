"""``docs/replay.md``: its files are candidates, its commands exist, its tables are complete."""

from __future__ import annotations

import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import click
import pytest

from trainingloop.cli._app import cli
from trainingloop.replay._candidate_prompt import NAMES
from trainingloop.replay.candidates import load_candidate
from trainingloop.replay.environment import BASE_URL

PAGE = (Path(__file__).parents[2] / "docs" / "replay.md").read_text()
FILES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).replace("\\\n", " ")
COMMANDS = [line for line in SHELL.splitlines() if line.startswith("trainingloop ")]
SCHEMA = cast(
    "dict[str, Any]",
    json.loads(files("trainingloop.replay").joinpath("candidate.schema.json").read_text()),
)


@pytest.mark.parametrize("text", FILES)
def test_each_file_is_a_candidate(text: str, tmp_path: Path) -> None:
    """Copied from the page it is read without a fault."""
    file = tmp_path / "candidate.yaml"
    file.write_text(text)

    candidate = load_candidate(file)

    assert candidate.name in text


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_is_understood(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every option exists and takes what it is given; nothing is run."""
    monkeypatch.chdir(tmp_path)
    Path("candidate.yaml").write_text(FILES[0])
    _, replay, command, *options = shlex.split(line)
    group = cli.get_command(click.Context(cli), replay)

    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), command)

    assert found is not None
    assert found.make_context(command, options).params


@pytest.mark.parametrize(
    "name", [*SCHEMA["properties"], *SCHEMA["$defs"]["system"]["properties"], *NAMES, BASE_URL]
)
def test_every_setting_is_on_the_page(name: str) -> None:
    """Each is a promise."""
    assert f"`{name}`" in PAGE
