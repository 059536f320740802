"""What was recorded is said as the chat API takes it, or it is said why it cannot be."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from support.chats import chats
from support.transcripts import decisions
from trainingloop.chat import (
    Request,
    Unfit,
    UnfitError,
    answer_message_of,
    check_redaction,
    explained,
    request_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOOL = {"type": "function", "name": "book", "parameters": {"type": "object"}}


def _said(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _asked_for(call_id: str) -> dict[str, object]:
    call = {"type": "tool_call", "id": call_id, "name": "book", "arguments": {"seats": 2}}
    return {"role": "assistant", "parts": [call]}


def _returned(call_id: str) -> dict[str, object]:
    part = {"type": "tool_call_response", "id": call_id, "response": {"ok": True}}
    return {"role": "tool", "parts": [part]}


def _row(
    *,
    knew: Sequence[Mapping[str, object]] | None = None,
    answered: Sequence[Mapping[str, object]] | None = None,
    **columns: object,
) -> dict[str, object]:
    """Return the columns of a recorded decision that count here."""
    answers = [_said("assistant", "Until six.")] if answered is None else answered
    return {
        "input_messages": json.dumps([_said("user", "Are you open?")] if knew is None else knew),
        "system_instructions": "",
        "tool_definitions": "",
        "request_params": "",
        "output_messages": json.dumps(answers),
        "status": "ok",
        "finish_reasons": "stop",
        "redaction_version": "2",
        "redaction_status": "ok",
        "redaction_failures": 0,
        **columns,
    }


def _reason(row: Mapping[str, object]) -> Unfit:
    with pytest.raises(UnfitError) as caught:
        answer_message_of(row, request_of(row))
    return caught.value.reason


def test_a_decision_becomes_a_request_and_its_answer() -> None:
    """The system's message first, calls and results by id, tools nested, parameters kept."""
    row = _row(
        knew=[_said("user", "A table"), _asked_for("c1"), _returned("c1")],
        answered=[_said("assistant", "Done.")],
        system_instructions=json.dumps([{"type": "text", "content": "Be brief."}]),
        tool_definitions=json.dumps([_TOOL]),
        request_params=json.dumps({"temperature": 0, "tool_choice": "auto"}),
    )

    request = request_of(row)

    call = {"name": "book", "arguments": '{"seats":2}'}
    assert request == Request(
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "A table"},
            {
                "role": "assistant",
                "tool_calls": [{"id": "c1", "type": "function", "function": call}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": '{"ok":true}'},
        ],
        tools=[
            {"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}
        ],
        params={"temperature": 0, "tool_choice": "auto"},
    )
    assert answer_message_of(row, request) == {"role": "assistant", "content": "Done."}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (_row(knew=[], answered=[]), Unfit.NO_INPUT),
        (_row(input_messages="", output_messages=""), Unfit.NO_ANSWER),
        (_row(answered=[]), Unfit.NO_ANSWER),
        (_row(answered=[_said("assistant", "")]), Unfit.NO_ANSWER),
        (_row(answered=[_said("assistant", "a"), _said("assistant", "b")]), Unfit.SEVERAL_ANSWERS),
        (_row(answered=[_said("user", "a")]), Unfit.UNREADABLE),
        (_row(answered=[_asked_for("")]), Unfit.CALL_WITHOUT_ID),
        (_row(status="error"), Unfit.FAILED),
        (_row(finish_reasons="length"), Unfit.CUT_OFF),
        (_row(request_params='{"n": 3}'), Unfit.SEVERAL_ANSWERS),
        (_row(request_params='{"previous_response_id": "r"}'), Unfit.HISTORY_ELSEWHERE),
        (_row(tool_definitions='[{"type": "web_search"}]'), Unfit.TOOL_IS_NO_FUNCTION),
        (_row(tool_definitions='[{"type": "function"}]'), Unfit.UNREADABLE),
        (_row(input_messages="[{"), Unfit.UNREADABLE),
        (_row(knew=[{"role": "user", "parts": [{"type": "image"}]}]), Unfit.NOT_TEXT),
        (_row(knew=[_said("user", "a"), _asked_for("c1")]), Unfit.CALL_NOT_ANSWERED),
        (_row(knew=[_said("user", "a"), _returned("c1")]), Unfit.RESULT_WITHOUT_CALL),
        (_row(knew=[_said("user", "<DROPPED>")]), Unfit.CONTENT_DROPPED),
        (_row(knew=[_said("user", "<REDACTION_FAILED>")]), Unfit.REDACTION_INCOMPLETE),
    ],
)
def test_what_cannot_be_said_is_unfit(row: Mapping[str, object], reason: Unfit) -> None:
    """With the reason, and nothing is made up in its place."""
    assert _reason(row) == reason


@pytest.mark.parametrize(
    "row",
    [
        _row(knew=[_said("user", "[omitted: a text of 600000 characters]")]),
        _row(knew=[{"role": "system", "parts": [{"type": "compaction", "omitted_messages": 2}]}]),
        _row(input_messages='{"omitted":"too large","size":2000000}'),
        _row(request_params='{"omitted": "too large", "size": 2000000}'),
    ],
)
def test_content_that_was_too_large_to_record_is_unfit(row: Mapping[str, object]) -> None:
    """The note that stands in its place is not what the model was told."""
    assert _reason(row) == Unfit.CONTENT_OMITTED


def test_a_part_of_an_answer_can_be_asked_for() -> None:
    """For those who say that it is one."""
    row = _row(finish_reasons="length")

    answer = answer_message_of(row, request_of(row), may_be_cut_off=True)

    assert answer["content"] == "Until six."


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"redaction_version": ""}, Unfit.NOT_REDACTED),
        ({"redaction_status": "partial"}, Unfit.REDACTION_INCOMPLETE),
        ({"redaction_failures": 1}, Unfit.REDACTION_INCOMPLETE),
    ],
)
def test_a_decision_needs_proof_of_its_redaction(
    columns: Mapping[str, object], reason: Unfit
) -> None:
    """Nothing else lets it leave."""
    with pytest.raises(UnfitError) as caught:
        check_redaction({**_row(), **columns})

    assert caught.value.reason == reason


def test_a_redacted_decision_has_its_proof() -> None:
    """It passes."""
    check_redaction(_row())


@pytest.mark.parametrize("reason", list(Unfit))
def test_every_reason_is_explained(reason: Unfit) -> None:
    """In words of its own, which the error says."""
    assert explained(reason) in str(UnfitError(reason))


def _columns(attributes: Mapping[str, object]) -> dict[str, object]:
    return _row(
        input_messages=json.dumps(attributes["gen_ai.input.messages"]),
        output_messages=json.dumps(attributes["gen_ai.output.messages"]),
    )


@settings(max_examples=40, deadline=None)
@given(messages=chats())
def test_a_request_is_what_was_asked(messages: list[dict[str, object]]) -> None:
    """What a chat held before each of its answers comes back to the letter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.json"
        path.write_text(json.dumps([{"id": "c", "model": "m", "messages": messages}]))
        rows = [_columns(attributes) for attributes in decisions(path)]

    asked = [request_of(row) for row in rows]

    answers = [answer_message_of(row, request_of(row)) for row in rows]
    ends = [number for number, message in enumerate(messages) if message["role"] == "assistant"]
    assert [request.messages for request in asked] == [messages[:end] for end in ends]
    assert answers == [messages[end] for end in ends]
