"""``trainingloop import``: what is stored, what is said, how it ends."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cli.conftest import CHATS
from support.transcripts import asked, assistant, user

if TYPE_CHECKING:
    from cli.conftest import Command

CHAT = {"messages": [user(), assistant()]}


def test_conversations_become_decisions(filled: Command) -> None:
    """Every model turn is one, at the time the transcript says."""
    found = filled("decisions", "--json").records

    assert [(row["conversation_id"], row["decision_kind"]) for row in found] == [
        ("c-2", "message"),
        ("c-1", "message"),
        ("c-1", "tool_call"),
    ]
    assert str(found[2]["occurred_at"]).startswith("2026-11-01T12:00:01")


def test_importing_again_changes_nothing(filled: Command) -> None:
    """Ids and times are those of the first time."""
    before = filled("export").lines

    again = filled("import", filled.write(CHATS))

    assert again.code == 0
    assert [row["decision_id"] for row in filled("export").lines] == [
        row["decision_id"] for row in before
    ]
    assert [len(row["tool_calls"]) for row in before] == [1, 0, 0]  # type: ignore[arg-type]  # JSON


def test_importing_a_copy_changes_nothing_either(command: Command) -> None:
    """A copy has another time, and conversations without times end at their file's time."""
    path = command.write([{"id": "c", **CHAT}])
    command("import", path)
    before = command("export").lines

    os.utime(path, (1_700_000_000, 1_700_000_000))
    command("import", path)

    assert [(row["decision_id"], row["occurred_at"]) for row in command("export").lines] == [
        (row["decision_id"], row["occurred_at"]) for row in before
    ]


def test_bad_rows_are_named_and_the_good_ones_stored(command: Command) -> None:
    """The exit code says that something was left out."""
    lines = [json.dumps(CHAT), "{", json.dumps({"messages": "x"}), json.dumps(CHAT)]

    finished = command("import", command.write("\n".join(lines), "chats.jsonl"))

    assert finished.code == 1
    assert "chats.jsonl row 2: is no JSON" in finished.err
    assert "chats.jsonl row 3: is no conversation" in finished.err
    assert finished.out == (
        "2 conversations, 2 decisions, 0 tool calls stored from 1 file; 2 bad rows left out\n"
    )
    assert len(command("export").lines) == 2


def test_the_summary_can_be_json(command: Command) -> None:
    """For scripts."""
    finished = command("import", "--json", command.write([CHAT, 1]))

    assert finished.json == {
        "conversations": 1,
        "decisions": 1,
        "tool_calls": 0,
        "bad_rows": [
            {
                "file": "chats.json",
                "row": 2,
                "reason": "is no conversation: give an object with an array messages",
            }
        ],
        "rejected_spans": 0,
    }


def test_personal_data_is_not_stored(command: Command) -> None:
    """Imports take the way of everything else: through the redaction."""
    secret = {"messages": [user("I am at anna@example.com"), assistant("+1 415 555 0132?")]}

    command("import", command.write([secret]))

    stored = command("export").out
    assert "anna@example.com" not in stored
    assert "415 555" not in stored
    assert "<EMAIL_" in stored


def test_tenant_and_model_can_be_given(command: Command) -> None:
    """Where the file tells neither."""
    command("import", "--tenant", "acme", "--model", "gpt-4o", command.write([CHAT]))

    row = command("export", "--tenant", "acme").lines[0]

    assert (row["tenant_id"], row["model"]) == ("acme", "gpt-4o")


def test_a_senseless_tenant_is_refused(command: Command) -> None:
    """Before anything is stored, with what is allowed."""
    finished = command("import", "--tenant", "a b", command.write([CHAT]))

    assert finished.code == 2
    assert "use 1 to 64 letters, digits" in finished.err


def test_an_unknown_format_is_refused(command: Command) -> None:
    """With the formats there are."""
    finished = command("import", "--format", "csv", command.write([CHAT]))

    assert finished.code == 2
    assert "openai-chat" in finished.err


def test_a_file_that_is_not_there_is_refused(command: Command) -> None:
    """Before the store is made."""
    finished = command("import", str(command.folder / "none.json"))

    assert finished.code == 2
    assert not (command.folder / "store").exists()


def test_a_file_of_nothing_does_not_stop_the_others(command: Command) -> None:
    """It is named, and the exit code says that something was left out."""
    finished = command("import", command.write("", "none.json"), command.write([CHAT]))

    assert finished.code == 1
    assert "none.json: 'none.json' holds nothing" in finished.err
    assert len(command("export").lines) == 1


def test_what_lies_ahead_is_rejected_and_said(command: Command) -> None:
    """The collector takes no span from the future; the exit code tells of it."""
    ahead = {"messages": [user(), assistant(timestamp="2150-01-01T00:00:00")]}

    finished = command("import", command.write([ahead]))

    assert finished.code == 1
    assert "more than a day ahead" in finished.err
    assert "stored" not in finished.out
    assert finished.out.endswith("; 2 spans rejected\n")


def test_keys_in_recorded_arguments_are_not_stored(command: Command) -> None:
    """Tools are called with credentials now and then."""
    key = "sk-proj-4f9Zq81LmN02xKcVbR7tYw3pHd6sGj5u"

    command("import", command.write([{"messages": [asked("pay", "c1", {"api_key": key})]}]))

    assert key not in command("export").out
    assert len(command("export").lines) == 1
