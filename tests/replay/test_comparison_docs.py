"""``docs/replay-comparison.md`` says what is true: its code runs, its names are complete."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from trainingloop.cli._app import cli
from trainingloop.replay.comparison import FloorVerdict, Level, compare_pairs
from trainingloop.replay.gate import METRICS, parse_condition
from trainingloop.replay.reports import verdict_words
from trainingloop.replay.runs import Arm

PAGE = (Path(__file__).parents[2] / "docs" / "replay-comparison.md").read_text()


def test_the_code_of_the_page_prints_what_it_says() -> None:
    """Two recorded versions, compared as it is printed."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (expected,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/replay-comparison.md", "exec"), {})

    assert printed.getvalue() == expected


@pytest.mark.parametrize("name", [*METRICS, *(level.value for level in Level)])
def test_everything_that_is_measured_is_explained(name: str) -> None:
    """Each name of a condition and of a level is a promise."""
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("verdict", FloorVerdict)
def test_every_verdict_is_explained(verdict: FloorVerdict) -> None:
    """In the words that people see."""
    (level, *_) = compare_pairs([]).agreement
    told = verdict_words(replace(level, verdict=verdict), Arm.BASELINE)

    assert f"| {told} |" in PAGE


def _commands() -> list[str]:
    return re.findall(r"```shell\ntrainingloop replay (.*?)\n```", PAGE)


@pytest.mark.parametrize("command", _commands())
def test_the_commands_of_the_page_have_their_options(command: str) -> None:
    """What a reader copies is understood."""
    name = command.split()[0]

    told = CliRunner().invoke(cli, ["replay", name, "--help"]).output

    assert [option for option in re.findall(r"--[a-z-]+", command) if option not in told] == []


def test_the_conditions_of_the_page_are_understood() -> None:
    """They are what a gate is made of."""
    texts = [text for command in _commands() for text in re.findall(r'"(.*?)"', command)]

    assert [str(parse_condition(text)) for text in texts] == ["newly_unsafe>0", "same_calls<0.9"]
