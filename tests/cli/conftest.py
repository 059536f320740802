"""Running the command in this process, on stores and data of the test alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner

from support.transcripts import asked, assistant, told, user
from trainingloop.cli._app import cli

if TYPE_CHECKING:
    from pathlib import Path

CHATS = [
    {
        "id": "c-1",
        "model": "gpt-4o",
        "messages": [
            user("A table for two", timestamp="2026-11-01T12:00:00"),
            asked("book", "c1", '{"seats": 2}') | {"timestamp": "2026-11-01T12:00:01"},
            told("done", "c1", timestamp="2026-11-01T12:00:02"),
            assistant("It is booked.", timestamp="2026-11-01T12:00:03"),
        ],
    },
    {
        "id": "c-2",
        "model": "gpt-4o-mini",
        "messages": [
            user("Are you open?", timestamp="2026-11-10T09:00:00"),
            assistant("Until six. \x1b[31mRed [bold]", timestamp="2026-11-10T09:00:01"),
        ],
    },
]
"""Two conversations with three decisions, one of which calls a tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """What it printed, as the JSON it is."""
        return cast("object", json.loads(self.out))

    @property
    def records(self) -> list[dict[str, object]]:
        """What it printed, as a JSON array of objects."""
        return cast("list[dict[str, object]]", self.json)

    @property
    def lines(self) -> list[dict[str, object]]:
        """What it printed, as JSON objects, one a line."""
        return [cast("dict[str, object]", json.loads(line)) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The command on one store."""

    dsn: str
    folder: Path

    def __call__(self, *arguments: str) -> Finished:
        """Run it with the store of the test."""
        return self.bare("--store", self.dsn, *arguments)

    def bare(self, *arguments: str, stdin: str = "") -> Finished:
        """Run it with exactly these arguments, and this to read."""
        result = CliRunner().invoke(cli, list(arguments), input=stdin)
        return Finished(code=result.exit_code, out=result.stdout, err=result.stderr)

    def write(self, content: object, name: str = "chats.json") -> str:
        """Write a file and return its name."""
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, on a store that does not exist yet."""
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    for name in ("TRAININGLOOP_STORE", "TRAININGLOOP_TENANT", "TRAININGLOOP_REDACTION_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Command(dsn=f"chdb://{tmp_path / 'store'}", folder=tmp_path)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory and a store with `CHATS`, recorded once and only copied from."""
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRAININGLOOP_DATA_DIR", str(folder / "home"))
        command = Command(dsn=f"chdb://{folder / 'store'}", folder=folder)
        finished = command("import", command.write(CHATS))
    assert finished.code == 0, finished.err
    return folder


@pytest.fixture
def filled(command: Command, recorded: Path) -> Command:
    """The command, on a store with `CHATS`; the file it was read from is ``chats.json``."""
    shutil.copytree(recorded, command.folder, dirs_exist_ok=True, symlinks=True)
    return command
