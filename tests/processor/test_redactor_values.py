"""Attributes of every shape: keys, nesting, JSON in strings, numbers and bytes."""

from __future__ import annotations

import json
from typing import cast

import pytest

from processor.canaries import CANARIES, Canary
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor, Report, Value

EMAIL = "ada@example.com"
JID = "14155550100@s.whatsapp.net"


@pytest.mark.parametrize("canary", CANARIES, ids=str)
@pytest.mark.parametrize(
    "place", ["text", "list", "map", "name", "bytes", "message", "twice", "json name", "cut"]
)
def test_no_hiding_place_inside_a_value(redactor: Redactor, canary: Canary, place: str) -> None:
    """Lists, maps, names, bytes and JSON in JSON hide nothing."""
    value = _hidden(canary.text)[place]

    redacted = redactor.attribute("trainingloop.event.text", value)

    shown = redacted.decode() if isinstance(redacted, bytes) else repr(redacted)
    planted = json.dumps(canary.planted)[1:-1]
    assert canary.planted not in shown
    assert planted not in shown


@pytest.mark.parametrize(
    "document",
    [
        {"text": EMAIL},
        [EMAIL, {"n": 1.5, "t": True, "z": None, "s": "ä\u2028\U0001f600"}],
        {"inner": json.dumps({"mail": EMAIL, "list": [1, 2, {"x": "y"}]})},
        [{"role": "user", "parts": [{"type": "text", "content": f'a\n{EMAIL}\t"q"'}]}] * 3,
    ],
    ids=["map", "list", "twice encoded", "history"],
)
def test_json_stays_valid_and_keeps_its_shape(redactor: Redactor, document: Value) -> None:
    """Only leaves change; whatever parsed before parses after."""
    redacted = redactor.attribute(semconv.INPUT_MESSAGES, json.dumps(document))

    assert _shape(json.loads(str(redacted))) == _shape(document)
    assert EMAIL not in str(redacted)


def test_json_without_personal_data_is_the_very_same_string(redactor: Redactor) -> None:
    """White space, key order and number formats are not normalised for nothing."""
    text = '{ "b" : 1.50,\n "a": [ 1e3, "caf\\u00e9" ] }'

    assert redactor.attribute(semconv.TOOL_DEFINITIONS, text) is text


def test_a_field_named_twice_hides_nothing(redactor: Redactor) -> None:
    """A parser shows only the last value; the first must not slip through unseen."""
    text = f'{{"a": "{EMAIL}", "a": "harmless"}}'

    assert EMAIL not in str(redactor.attribute("x", text))


def test_a_history_is_redacted_alike_in_one_piece_and_message_by_message(
    redactor: Redactor,
) -> None:
    """Cutting a history for the cache changes nothing about its redaction."""
    messages = [
        {"role": "user", "parts": [{"content": f"I am {EMAIL}"}]},
        {"role": "assistant", "parts": [{"content": '},{"role":"x"'}]},
        {"role": "user", "parts": [{"role": "nested"}, {"role": "nested", "mail": EMAIL}]},
    ]

    cut = redactor.attribute("x", json.dumps(messages))
    whole = redactor.attribute("x", json.dumps({"messages": messages}))

    assert json.loads(str(cut)) == json.loads(str(whole))["messages"]


def test_counts_are_the_same_when_a_text_is_known(redactor: Redactor) -> None:
    """The proof of redaction does not depend on the cache."""
    text = json.dumps([{"role": "user", "content": EMAIL}] * 2 + [{"role": "user", "x": "y"}])
    first, second = Report(), Report()

    redactor.attribute(semconv.INPUT_MESSAGES, text, report=first)
    redactor.attribute(semconv.INPUT_MESSAGES, text, report=second)

    assert first.counts == second.counts == {"EMAIL": 2}


@pytest.mark.parametrize(
    ("field", "value", "token"),
    [
        ("dob", "1990-04-05", "<DOB_"),
        ("date_of_birth", "April 5", "<DOB_"),
        ("birthDate", "1990", "<DOB_"),
        ("born", "1990-04-05", "<DOB_"),
        ("born_on", "April 5", "<DOB_"),
        ("user_dob", "05/04/90", "<DOB_"),
        ("yearOfBirth", 1990, "<DOB_"),
        ("first_name", "Ada", "<PERSON_"),
        ("customerName", "Ada L.", "<PERSON_"),
        ("apellido", "Lovelace", "<PERSON_"),
        ("phone", "5550100", "<PHONE_"),
        ("mobile_phone", 4155550100, "<PHONE_"),
        ("teléfono", "555 01 00", "<PHONE_"),
        ("email", "ada at home", "<EMAIL_"),
        ("address1", "The old mill", "<ADDRESS_"),
        ("shippingAddress", "Somewhere 1", "<ADDRESS_"),
        ("ssn", "000", "<SSN>"),
        ("ssn_last4", "6789", "<SSN>"),
        ("card_number", "1234 1234 1234 1234", "<CARD>"),
        ("last_four", "4242", "<CARD>"),
        ("last4", 4242, "<CARD>"),
        ("cardLastFourDigits", "x-4242", "<CARD>"),
        ("card_ending_in", "4242", "<CARD>"),
        ("password", "x", "<SECRET>"),
        ("api_key", "abc", "<SECRET>"),
        ("cvv", 123, "<SECRET>"),
        ("passport_number", "C01X00T47", "<NATIONAL_ID>"),
    ],
)
def test_some_fields_are_personal_by_their_name(
    redactor: Redactor, field: str, value: Value, token: str
) -> None:
    """In a tool's arguments the name of a field says what it holds."""
    arguments = json.dumps({field: value, "also": {field: [value]}})

    redacted = redactor.attribute(semconv.TOOL_CALL_ARGUMENTS, arguments)

    parsed = json.loads(str(redacted))
    assert parsed[field].startswith(token)
    assert parsed["also"][field] == [parsed[field]]


def test_a_name_beside_a_phone_number_is_that_of_a_person(redactor: Redactor) -> None:
    """A tool is called ``name`` too; only the fields beside it tell them apart."""
    booking = {"name": "book", "arguments": {"name": "Ada Lovelace", "phone": "+1 415 555 0100"}}

    redacted = json.loads(str(redactor.attribute("x", json.dumps(booking))))

    assert redacted["name"] == "book"
    assert redacted["arguments"]["name"].startswith("<PERSON_")


@pytest.mark.parametrize(
    "harmless",
    [
        {"phone": None, "email": "", "password": True},
        {"mobile": "android", "credit_card": "credit_card_4421486"},
        {"newborn": True, "last_four": "months", "reborn": "1990-04-05", "ending": "4242"},
        {"properties": {"email": {"type": "string"}, "dob": {"type": "string"}}},
        {"name": "get_user", "order_id": "4155550100", "user_id": "mia_li_3668"},
        {"input_tokens": 4111111111111111 % 10**6, "created": 1716300000, "ns": 17163 * 10**14},
    ],
)
def test_field_names_alone_take_nothing_away(redactor: Redactor, harmless: Value) -> None:
    """Schemas, kinds, empty values and ids survive under such names."""
    text = json.dumps(harmless)

    assert redactor.attribute(semconv.TOOL_CALL_ARGUMENTS, text) == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (semconv.REQUEST_MODEL, "gpt-4o-2024-05-13"),
        (semconv.PLAYBOOK_VERSION, "203.0.113.7"),
        (semconv.SERVICE_VERSION, "1.2.3.4"),
        (semconv.PROMPT_HASH, "1234567890123456"),
        (semconv.COHORT, "booking_v3.2_experiment"),
        (semconv.TOOLS_NAMES, ("get_phone", "send_email")),
        (semconv.INPUT_TOKENS, 4111111111111111),
        (semconv.CONVERSATION_ID, "c-17"),
        (semconv.CONVERSATION_ID, "550e8400-e29b-41d4-a716-446655440000"),
        (semconv.SERVICE_INSTANCE_ID, "12345678-1234-4234-8234-123456789012"),
        ("session.id", "1716300000"),
        (semconv.RESPONSE_ID, "resp_4111111111111111"),
    ],
)
def test_structure_never_changes(redactor: Redactor, key: str, value: Value) -> None:
    """Versions, models, ids, hashes, names and usage stay what they are."""
    assert redactor.attribute(key, value) is value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (semconv.CONVERSATION_ID, JID),
        (semconv.CONVERSATION_ID, "14155550100"),
        (semconv.CONVERSATION_ID, "wa-+14155550100"),
        ("session.id", "whatsapp:+14155550100"),
        ("user.id", "+1 (415) 555-0100"),
    ],
)
def test_an_identifier_that_is_a_phone_number_becomes_its_token(
    redactor: Redactor, key: str, value: str
) -> None:
    """All conversations of one phone number keep one id, the same as in the text."""
    expected = redactor.text("+1 415 555 0100")

    assert redactor.attribute(key, value) == expected


def test_an_identifier_that_holds_an_email_becomes_its_token(redactor: Redactor) -> None:
    """The whole id goes: what is around an address may tell as much."""
    redacted = redactor.attribute("thread.id", f"inbox/{EMAIL}/7")

    assert str(redacted).startswith("<EMAIL_")
    assert str(redacted).endswith(">")


def test_structure_that_is_a_way_to_reach_somebody_goes(redactor: Redactor) -> None:
    """The keep-list is no loophole."""
    assert str(redactor.attribute(semconv.TENANT_ID, EMAIL)).startswith("<EMAIL_")


@pytest.mark.parametrize("field", ["said", "paid", "user_id", "id", "android"])
def test_a_sentence_is_no_identifier(redactor: Redactor, field: str) -> None:
    """Neither an ending nor a wrong use of an id field keeps what somebody wrote."""
    value = {field: "my ssn is 123-45-6789"}

    assert redactor.attribute("x", value) == {field: "my ssn is <SSN>"}


@pytest.mark.parametrize("number", [4111111111111111, -4111111111111111, 4111111111111111.0])
def test_a_number_that_is_a_card_number_goes(redactor: Redactor, number: float) -> None:
    """A card number need not be written as text."""
    assert redactor.attribute("x", {"n": number}) == {"n": "<CARD>"}


def test_bytes_that_are_no_text_are_dropped(redactor: Redactor) -> None:
    """Nobody can say what is in them."""
    redacted = redactor.attribute("x", b"\xff\xfe\x00ada")

    assert isinstance(redacted, bytes)
    assert redacted.startswith(b"<BLOB_")


def test_names_of_attributes_are_redacted_and_stay_apart(redactor: Redactor) -> None:
    """Two personal names may become the same token: both values are kept."""
    redacted = redactor.attributes({"4111111111111111": 1, "5555555555554444": 2, "k": 3})

    assert redacted == {"<CARD>": 1, "<CARD>_2": 2, "k": 3}


@pytest.mark.parametrize(
    "arguments",
    [("app.py", "--api-key", "abcdefgh"), ("app.py", "--password=abcdefgh")],
    ids=["apart", "together"],
)
def test_secrets_of_a_command_line_go(redactor: Redactor, arguments: tuple[str, ...]) -> None:
    """A resource carries the arguments its process was started with."""
    listed = redactor.attribute("process.command_args", arguments)
    joined = redactor.attribute("process.command_line", " ".join(arguments))

    assert "abcdefgh" not in repr(listed)
    assert "abcdefgh" not in str(joined)


def test_a_second_pass_changes_nothing(redactor: Redactor) -> None:
    """The gateway may redact what the agent's process has redacted."""
    attributes: dict[str, Value] = {
        canary.kind + str(number): canary.text for number, canary in enumerate(CANARIES)
    }
    attributes["phone"] = "+1 415 555 0100"
    attributes["json"] = json.dumps([{"email": EMAIL, "n": 4111111111111111}])

    once = redactor.attributes(attributes)
    report = Report()
    twice = redactor.attributes(once, report=report)

    assert twice == once
    assert report.total == 0


def _hidden(text: str) -> dict[str, Value]:
    """The text in every place a value has."""
    return {
        "text": text,
        "list": [text, 1, None],
        "map": {"a": {"b": [{"c": text}]}},
        "name": {text: 1},
        "bytes": text.encode(),
        "message": json.dumps([{"role": "user", "parts": [{"type": "text", "content": text}]}]),
        "twice": json.dumps({"outer": json.dumps({"inner": json.dumps(text)})}),
        "json name": json.dumps({"deep": json.dumps({text: None})}, indent=2),
        "cut": json.dumps([{"content": text}])[:-1],
    }


def _shape(value: Value) -> object:
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return _shape(cast("Value", json.loads(value)))
    return type(value)
