"""``trainingloop export``: every decision once, whole, with its tool calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pyarrow.parquet  # type: ignore[import-untyped]  # it has no types
import pytest

from support.transcripts import assistant, user

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
