"""Which rows are found in a file, and what is said of the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.transcripts import assistant, bad, good, user
from trainingloop.transcripts import BadRow, TranscriptError, read_transcripts

if TYPE_CHECKING:
    from pathlib import Path

    from support.transcripts import WritesRows

CHAT = {"messages": [user(), assistant()]}


@pytest.mark.parametrize("name", ["chats.json", "chats.jsonl", "chats.txt"])
def test_an_array_is_read_whatever_the_file_is_called(write: WritesRows, name: str) -> None:
    """The content decides, and a line can be an array of messages too."""
    path = write([CHAT, CHAT] if name != "chats.jsonl" else [CHAT, CHAT["messages"]], name)

    found = good(path)

    assert [conversation.decisions for conversation in found] == [1, 1]


def test_lines_are_read_without_the_suffix_for_them(write: WritesRows) -> None:
    """JSONL in a .json file is still JSONL."""
    path = write(f"{json.dumps(CHAT)}\n\n{json.dumps(CHAT)}\n")

    assert [conversation.row for conversation in good(path)] == [1, 3]


def test_one_pretty_printed_object_is_one_row(write: WritesRows) -> None:
    """A file may be a single conversation."""
    path = write(json.dumps(CHAT, indent=2))

    assert [conversation.id for conversation in good(path)] == ["chats-1"]


def test_bad_lines_are_named_and_the_good_ones_are_kept(write: WritesRows) -> None:
    """Each bad row comes with its number and the reason; the rest is read."""
    lines = [json.dumps(CHAT), '{"messages": [', '"text"', '{"messages": []}', json.dumps(CHAT)]
    path = write("\n".join(lines), "chats.jsonl")

    found = list(read_transcripts(path))

    assert [row.row for row in found] == [1, 2, 3, 4, 5]
    assert bad(path) == [
        (2, "is no JSON (Expecting value at character 16)"),
        (3, "is no conversation: give an object with an array messages"),
        (4, "has no messages"),
    ]


def test_a_broken_array_gives_what_stands_before_the_break(write: WritesRows) -> None:
    """The rows before a syntax error are kept; the error names the row it is in."""
    path = write(f"[{json.dumps(CHAT)}, {{'messages': 1}}, {json.dumps(CHAT)} {' ' * 100}]")

    found = list(read_transcripts(path))

    assert [type(row).__name__ for row in found] == ["Conversation", "BadRow"]
    assert "nothing after it can be read" in bad(path)[0][1]


def test_a_truncated_array_is_reported(write: WritesRows) -> None:
    """A file that was cut between two rows does not pass for a whole one."""
    path = write(f"[{json.dumps(CHAT)},")

    assert bad(path) == [(2, "is missing: the array has no end; is the file whole?")]


def test_an_element_larger_than_what_is_read_at_once_is_whole(write: WritesRows) -> None:
    """Elements are found across the borders of the chunks a file is read in."""
    long = {"messages": [user("x" * 300_000), assistant("y" * 300_000)]}
    path = write([CHAT, *([long] * 9), CHAT])

    found = good(path)

    assert [len(conversation.messages[0].text) for conversation in found[:3]] == [
        5,
        300_000,
        300_000,
    ]
    assert len(found) == 11


def test_bytes_that_are_no_utf8_are_a_bad_row(tmp_path: Path) -> None:
    """One bad line of a file costs one row."""
    path = tmp_path / "chats.jsonl"
    line = json.dumps(CHAT).encode()
    path.write_bytes(line + b"\n" + line.replace(b"hello", b"h\xff\xfe") + b"\n" + line)

    assert bad(path) == [(2, "is no valid UTF-8")]


def test_half_a_character_does_not_stop_an_import(write: WritesRows) -> None:
    """JSON can escape lone surrogates, which nothing else can hold."""
    path = write('{"messages": [{"role": "user", "content": "a\\ud83db \\ud83d\\ude00"}]}')

    assert good(path)[0].messages[0].text == "a?b 😀"


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    """Files written on Windows are read."""
    path = tmp_path / "chats.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([CHAT]).encode())

    assert len(good(path)) == 1


def test_nested_beyond_reason_is_a_bad_row(write: WritesRows) -> None:
    """A hostile row costs itself and nothing else."""
    path = write("[" * 100_000 + "\n" + json.dumps(CHAT), "chats.jsonl")

    assert [number for number, _ in bad(path)] == [1]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("text", "message 2 is no object: give one with role and content"),
        ({"content": "x"}, "message 2 has no known role"),
        ({"role": "critic", "content": "x"}, "message 2 has no known role"),
        (assistant(tool_calls="book"), "message 2 has tool_calls that are no array"),
        (assistant(tool_calls=[{"id": "c"}]), "message 2 calls a tool without saying which"),
    ],
)
def test_a_message_that_is_none_makes_its_row_bad(
    write: WritesRows, message: object, reason: str
) -> None:
    """The reason says where, and what was expected."""
    path = write([{"messages": [user(), message]}, CHAT])

    found = list(read_transcripts(path))

    assert isinstance(found[0], BadRow)
    assert found[0].reason.startswith(reason)
    assert not isinstance(found[1], BadRow)


@pytest.mark.parametrize("content", ["", "  \n"])
def test_an_empty_file_is_refused(write: WritesRows, content: str) -> None:
    """Nothing to import is more likely a mistake than a success."""
    path = write(content)

    with pytest.raises(TranscriptError, match="holds nothing"):
        list(read_transcripts(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The error names the file and what to give."""
    with pytest.raises(TranscriptError, match=r"cannot read 'none\.json'"):
        list(read_transcripts(tmp_path / "none.json"))
