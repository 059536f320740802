"""``docs/export.md``: its commands run and its example is what is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from support.reviewed import decided, vote
from support.spans import EVERYTHING
from trainingloop.chat import Unfit
from trainingloop.cli._app import cli
from trainingloop.exports._skips import Reason, Skip, explained
from trainingloop.instrumentation import semconv
from trainingloop.store import open_store

_PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
_COMMANDS = re.search(r"```bash\n(.*?)```", _PAGE, re.DOTALL)
_PYTHON = re.search(r"```python\n(from trainingloop.*?)```", _PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def dsn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which the commands of the page find something."""
    name = f"chdb://{tmp_path_factory.mktemp('page') / 'store'}"
    facts = {semconv.CONVERSATION_ID: "c-1", semconv.RESPONSE_MODEL: "gpt-4o"}
    with open_store(name) as store:
        store.insert_spans([decided(1, more=facts), decided(2)])
        vote(store, 1, reason="helpful")
        vote(store, 2, -1, correction="Until seven.")
    return name


def test_every_command_of_the_page_writes_something(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As printed, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAININGLOOP_STORE", dsn)
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "home"))
    assert _COMMANDS is not None

    for command in _COMMANDS[1].splitlines():
        words = shlex.split(command.partition(" > ")[0])[1:]
        finished = CliRunner().invoke(cli, words)

        assert (finished.exit_code, command) == (0, command), finished.stderr
        assert finished.stdout or Path(words[-1]).stat().st_size


def test_the_example_in_python_runs(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a store and filters of one's own."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"open_store": open_store, "dsn": dsn, "filters": EVERYTHING}
    assert _PYTHON is not None

    exec(_PYTHON[1], names)  # that is what the page is for

    lines = [json.loads(line) for line in (tmp_path / "liked.jsonl").read_text().splitlines()]
    assert len(lines) == 2


@pytest.mark.parametrize("reason", [*Skip, *Unfit])
def test_every_reason_can_be_said(reason: Reason) -> None:
    """What is counted is explained."""
    assert explained(reason)
