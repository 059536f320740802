"""``trainingloop export``: every decision once, whole, with its tool calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast

import pyarrow.parquet  # type: ignore[import-untyped]  # it has no types
import pytest

from support.reviewed import decided, vote
from support.transcripts import assistant, user
from trainingloop.instrumentation import semconv
from trainingloop.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Command


def _rows(path: Path) -> list[dict[str, Any]]:
    untyped = cast("Any", pyarrow.parquet)
    return cast("list[dict[str, Any]]", untyped.read_table(path).to_pylist())


def test_a_line_is_a_decision_with_its_tool_calls(filled: Command) -> None:
    """Oldest first; what is JSON in the store is JSON in the line."""
    first = filled("export").lines[0]

    assert first["tool_calls"] == [
        {
            "id": "c1",
            "tool": "book",
            "arguments": {"seats": 2},
            "result": "done",
            "status": "ok",
            "error": "",
            "duration_ms": 0.0,
            "called_at": "2026-11-01T12:00:01+00:00",
            "is_requested": True,
            "is_executed": True,
        }
    ]
    assert first["input_messages"] == [
        {"role": "user", "parts": [{"type": "text", "content": "A table for two"}]}
    ]


@pytest.mark.parametrize(
    ("arguments", "decisions"),
    [
        (("--since", "2026-11-05"), 1),
        (("--until", "2026-11-05"), 2),
        (("--since", "2026-11-01T13:00:00+01:00", "--until", "2026-11-01T12:00:02Z"), 1),
        (("--kind", "tool_call"), 1),
        (("--model", "gpt-4o-mini"), 1),
        (("--tool", "book"), 1),
        (("--conversation", "c-1"), 2),
        (("--text", "BOOKED"), 1),
        (("--status", "error"), 0),
        (("--tenant", "default"), 3),
    ],
)
def test_filters_choose(filled: Command, arguments: tuple[str, ...], decisions: int) -> None:
    """Each option narrows what is written."""
    finished = filled("export", *arguments)

    assert finished.code == 0
    assert len(finished.lines) == decisions


def test_every_decision_of_one_moment_is_written_once(command: Command) -> None:
    """Pages end in the middle of decisions that share a time."""
    chats = [{"id": f"c{number}", "messages": [user(), assistant()]} for number in range(1100)]
    command("import", command.write(chats))

    ids = [row["decision_id"] for row in command("export").lines]

    assert len(ids) == len(set(ids)) == 1100


def test_parquet_has_the_same_decisions(filled: Command) -> None:
    """With times as times and tool calls as structures."""
    path = filled.folder / "all.parquet"

    finished = filled("export", "-o", str(path))

    rows = _rows(path)
    assert finished.err == f"3 decisions written to {path}\n"
    assert [row["decision_id"] for row in rows] == [
        row["decision_id"] for row in filled("export").lines
    ]
    assert rows[0]["tool_calls"][0]["arguments"] == '{"seats":2}'
    assert str(rows[0]["occurred_at"]) == "2026-11-01 12:00:01+00:00"


def test_parquet_of_nothing_is_a_file_without_rows(filled: Command) -> None:
    """A pipeline downstream need not handle its absence."""
    path = filled.folder / "none.parquet"

    filled("export", "-o", str(path), "--since", "2027-01-01")

    assert _rows(path) == []


def test_parquet_needs_a_file(filled: Command) -> None:
    """It is no text for a terminal."""
    finished = filled("export", "--as", "parquet")

    assert finished.code == 2
    assert "--output" in finished.err


def test_a_file_is_replaced_as_a_whole(filled: Command) -> None:
    """And nothing else is left in its folder."""
    path = filled.folder / "out" / "decisions.jsonl"
    path.parent.mkdir()
    path.write_text("old")

    filled("export", "--output", str(path))

    assert path.read_text().count("\n") == 3
    assert [file.name for file in path.parent.iterdir()] == ["decisions.jsonl"]


def test_a_folder_that_is_not_there_is_refused(filled: Command) -> None:
    """In one line, without a traceback."""
    finished = filled("export", "-o", str(filled.folder / "no" / "file.jsonl"))

    assert finished.code == 1
    assert "cannot write" in finished.err
    assert finished.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--kind", "thought"), "'message', 'tool_call', 'playbook'"),
        (("--since", "soon"), "2026-11-01"),
        (("--tenant", "nobody"), "use one of default"),
        (("--as", "csv"), "'jsonl', 'sft', 'dpo', 'eval', 'parquet'"),
    ],
)
def test_what_is_not_allowed_is_answered_with_what_is(
    filled: Command, arguments: tuple[str, ...], allowed: str
) -> None:
    """Exit code 2, and nothing is written."""
    finished = filled("export", *arguments)

    assert finished.code == 2
    assert allowed in finished.err
    assert finished.out == ""


@pytest.fixture(scope="module")
def judged_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three decisions: one liked, one corrected, one not redacted."""
    folder = tmp_path_factory.mktemp("judged")
    with open_store(f"chdb://{folder / 'store'}") as store:
        store.insert_spans(
            [decided(1), decided(2), decided(3, more={semconv.REDACTION_VERSION: ""})]
        )
        vote(store, 1)
        vote(store, 2, -1, correction="Until seven.")
        vote(store, 3)
    return folder


@pytest.fixture
def judged(command: Command, judged_store: Path) -> Command:
    """The command, on a store of its own that people have judged."""
    shutil.copytree(judged_store, command.folder, dirs_exist_ok=True, symlinks=True)
    return command


def test_examples_come_with_a_file_that_says_where_from(judged: Command) -> None:
    """And standard error says what was left out, and why."""
    path = judged.folder / "liked.jsonl"

    finished = judged("export", "--as", "sft", "-o", str(path))

    assert finished.code == 0
    assert finished.err == (
        f"2 examples written to {path}\nleft out: 1 stored without proof of redaction\n"
    )
    answers = [
        json.loads(line)["messages"][-1]["content"] for line in path.read_text().splitlines()
    ]
    beside = path.with_name("liked.jsonl.provenance.jsonl").read_text()
    origins = [json.loads(line) for line in beside.splitlines()]
    assert answers == ["Until six.", "Until seven."]
    assert [(origin["line"], origin["answer"]) for origin in origins] == [
        (1, "recorded"),
        (2, "correction"),
    ]


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("--as", "sft", "--only", "up", "--until", "2026-11-01T12:00:02"), 1),
        (("--as", "dpo"), 1),
        (("--as", "eval", "--only", "up"), 2),
        ((), 2),
    ],
)
def test_forms_and_choices_can_be_combined(
    judged: Command, arguments: tuple[str, ...], lines: int
) -> None:
    """To standard output, where nothing but lines goes."""
    finished = judged("export", *arguments)

    assert finished.code == 0
    assert len(finished.lines) == lines


def test_the_summary_can_be_read_by_a_program(judged: Command) -> None:
    """On standard error: standard output has the lines."""
    finished = judged("export", "--as", "sft", "--json")

    assert json.loads(finished.err) == {"read": 3, "written": 2, "skipped": {"not_redacted": 1}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as", "sft", "--cohort", "none"), "use --only all"),
        (("--as", "dpo", "--cohort", "none"), "corrected"),
        (("--as", "eval", "--cohort", "none"), "the filter leaves no decision"),
        (("--as", "jsonl", "--since", "2026-11-01T12:00:03"), "1 stored without proof"),
    ],
)
def test_nothing_to_export_is_a_failure_that_leaves_no_file(
    judged: Command, arguments: tuple[str, ...], said: str
) -> None:
    """A training that begins with an empty file would fail later; an older file stays."""
    path = judged.folder / "out" / "file.jsonl"
    path.parent.mkdir()
    path.write_text("old")

    finished = judged("export", *arguments, "-o", str(path))

    assert finished.code == 1
    assert finished.err.startswith("Error: nothing could be exported")
    assert said in finished.err
    assert [(file.name, file.read_text()) for file in path.parent.iterdir()] == [
        ("file.jsonl", "old")
    ]


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--as", "sft", "--only", "down"), "'up', 'all' or 'outcome:RULE=STATE'"),
        (("--as", "sft", "--only", "outcome:paid"), "outcome:order_paid=yes"),
        (("--as", "dpo", "--only", "up"), "--only is for --as sft"),
        (("--only", "up"), "--only is for --as sft"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    command: Command, arguments: tuple[str, ...], allowed: str
) -> None:
    """Before anything is read."""
    finished = command("export", *arguments)

    assert finished.code == 2
    assert allowed in finished.err


def test_a_reader_that_has_enough_is_no_error(judged: Command) -> None:
    """As in ``trainingloop export | head -1``: what was written is whole, and nothing is said."""
    environment = {**os.environ, "TRAININGLOOP_DATA_DIR": str(judged.folder / "home")}
    arguments = ["--store", judged.dsn, "export", "--as", "eval", "--only", "all"]
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "wb") as closed:
        finished = subprocess.run(
            [sys.executable, "-m", "trainingloop.cli", *arguments],
            env=environment,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )

    assert finished.stderr == ""
