"""`trainingloop redact`: text, JSON and JSONL without personal data, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Command

CHAT = "my mail is ada@example.com and my card is 4111 1111 1111 1111"


@pytest.fixture(autouse=True)
def key(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the test alone."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "a key that only tests use, 32+ bytes")


def _lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def _entities(record: dict[str, object]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", record["entities"])


def _written(text: str, record: dict[str, object]) -> list[str]:
    """What the entities of a record point at in a text."""
    return [text[cast("int", e["start"]) : cast("int", e["end"])] for e in _entities(record)]


def test_a_text_comes_out_with_tokens_and_is_otherwise_the_same(
    command: Command, tmp_path: Path
) -> None:
    """White space and all."""
    chat = tmp_path / "chat.txt"
    chat.write_bytes(b"line one \t\n\n  card 4111 1111 1111 1111\n\n")

    finished = command.bare("redact", str(chat))

    assert (finished.code, finished.out) == (0, "line one \t\n\n  card <CARD>\n\n")


def test_standard_input_is_read_when_no_file_is_named(command: Command) -> None:
    """So that it can stand in a pipe."""
    finished = command.bare("redact", stdin=CHAT)

    assert finished.out.startswith("my mail is <EMAIL_")
    assert finished.out.endswith("my card is <CARD>")


def test_json_says_where_each_entity_is_in_a_text(command: Command) -> None:
    """Offsets are those of the input; every entity has a type, a score and a detector."""
    finished = command.bare("redact", "--json", stdin=CHAT)

    (record,) = _lines(finished.out)
    assert _written(CHAT, record) == ["ada@example.com", "4111 1111 1111 1111"]
    assert [entity["type"] for entity in _entities(record)] == ["EMAIL", "CARD"]
    assert all(
        entity["detector"] and 0 < cast("float", entity["score"]) <= 1
        for entity in _entities(record)
    )


def test_a_line_of_jsonl_is_a_record_and_its_text_what_places_refer_to(command: Command) -> None:
    """A record that is a text, or has one, is that text."""
    lines = [json.dumps(CHAT), json.dumps({"id": 7, "text": CHAT})]

    finished = command.bare("redact", "--json", stdin="\n".join(lines) + "\n")

    for record in _lines(finished.out):
        assert _written(CHAT, record) == ["ada@example.com", "4111 1111 1111 1111"]
        assert str(record["text"]).endswith("my card is <CARD>")


def test_places_in_a_document_are_those_of_the_document_as_written(command: Command) -> None:
    """Escapes included, also where the data is in JSON inside a string."""
    inner = json.dumps({"first_name": "Zoë", "note": "call +1 415 555 0100"})
    line = json.dumps({"messages": [{"role": "tool", "content": inner}]})

    finished = command.bare("redact", "--json", stdin=line)

    (record,) = _lines(finished.out)
    assert _written(line, record) == ["Zo\\\\u00eb", "+1 415 555 0100"]
    assert [entity["detector"] for entity in _entities(record)] == ["key", "numbers"]


def test_jsonl_stays_jsonl(command: Command) -> None:
    """One line of valid JSON for each that was given."""
    lines = [json.dumps({"text": CHAT}), json.dumps({"n": 4111111111111111}), "[1, 2]"]

    finished = command.bare("redact", stdin="\n".join(lines))

    redacted = [json.loads(line) for line in finished.out.splitlines()]
    assert [type(value) for value in redacted] == [dict, dict, list]
    assert "4111" not in finished.out


def test_a_line_cut_off_does_not_make_a_text_of_jsonl(command: Command) -> None:
    """That line is a text; the others stay records."""
    lines = [json.dumps({"text": CHAT}), json.dumps({"text": "fine"}), '{"text": "ada@example.co']

    finished = command.bare("redact", "--json", stdin="\n".join(lines))

    assert len(_lines(finished.out)) == 3
    assert "ada@" not in finished.out


def test_records_of_a_conversation_know_its_customer(command: Command) -> None:
    """What a later record says is found in an earlier one."""
    lines = [
        json.dumps({"conversation_id": "c1", "text": "this is grizelda"}),
        json.dumps({"conversation_id": "c1", "result": {"full_name": "Grizelda Quux"}}),
        json.dumps({"conversation_id": "c2", "text": "what a grizelda day"}),
    ]

    finished = command.bare("redact", stdin="\n".join(lines))

    assert finished.out.casefold().count("grizelda") == 1


def test_an_explanation_shows_what_was_replaced_and_why(command: Command) -> None:
    """A table for a person: the place, the value, the detector, the reason."""
    finished = command.bare("redact", "--explain", stdin=CHAT)

    row = next(line for line in finished.out.splitlines() if "ada@example.com" in line)
    assert "EMAIL" in row
    assert "the shape of an e-mail address" in row


def test_a_policy_decides_what_is_replaced(command: Command, tmp_path: Path) -> None:
    """And by which engine; each tenant may have its own."""
    policy = tmp_path / "redaction.yaml"
    policy.write_text(
        "version: 1\nengine: presidio\nentities: {EMAIL: keep}\n"
        "tenants: {acme: {entities: {EMAIL: mask}}}\n"
    )

    usual = command.bare("redact", "--policy", str(policy), stdin=CHAT)
    acme = command.bare("redact", "--policy", str(policy), "--tenant", "acme", stdin=CHAT)

    assert usual.out == "my mail is ada@example.com and my card is <CARD>"
    assert acme.out == "my mail is <EMAIL> and my card is <CARD>"


def test_a_wrong_policy_ends_the_command_with_its_line(command: Command, tmp_path: Path) -> None:
    """Before anything is written."""
    policy = tmp_path / "redaction.yaml"
    policy.write_text("version: 1\nentities: {EMIAL: keep}\n")

    finished = command.bare("redact", "--policy", str(policy), stdin=CHAT)

    assert finished.code == 1
    assert finished.out == ""
    assert "redaction.yaml:2" in finished.err
    assert "EMAIL" in finished.err


def test_what_could_not_be_looked_at_is_told_by_the_exit_code(command: Command) -> None:
    """And it is not in the output."""
    finished = command.bare("redact", stdin=CHAT + " x" * 2_200_000)

    assert finished.code == 1
    assert finished.out == "<REDACTION_FAILED>"
    assert "1 value could not be looked at" in finished.err


def test_an_empty_input_is_told_apart_from_a_clean_one(command: Command) -> None:
    """Nothing went wrong, and nothing was done."""
    finished = command.bare("redact", stdin=" \n")

    assert (finished.code, finished.out) == (0, "")
    assert "empty" in finished.err


@pytest.mark.parametrize("raw", [b"\xff\xfe card 4111 1111 1111 1111 \x80", b"\xef\xbb\xbfcard"])
def test_bytes_that_are_no_utf_8_do_no_harm(command: Command, tmp_path: Path, raw: bytes) -> None:
    """They come out as they are; what is around them is redacted."""
    given = tmp_path / "raw.txt"
    given.write_bytes(raw)

    finished = command.bare("redact", str(given))

    assert finished.code == 0
    assert "4111" not in finished.out
