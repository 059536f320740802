"""What holds of redaction for any input, not only for those somebody thought of."""

from __future__ import annotations

import json
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.processor import Redactor, Report, Value

REDACTOR = Redactor(key=b"a key that only tests use, 32+ bytes", engine="fast")

_PIECES = st.sampled_from(
    [
        "call ", "phone", " my number is ", "+1 415 555 0100", "4155550100", "555-0100", " ", "\n",
        "ada@example.com", "@", ".", ":", "=", "4111 1111 1111 1111", "4111111111111111", "-",
        "DE89370400440532013000", "123-45-6789", "dob ", "1990-04-05", "born on", "password", "is ",
        "hunter2", "203.0.113.7", "2001:db8::1", "12 Main Street", "calle Mayor 12", "<EMAIL_",
        "<PHONE_7f3k2q2d>", "<CARD>", ">", "<", "sk-abcdefghij0123456789", "order 12345678",
        '"', "'", "{", "}", "[", "]", ",", "\\", "\\u0040", "%40", "\u200b", "\u00a0",
        "é", "\uff11",
        "first_name", ": ", '": "', "Bearer abcdef0123456789", "token", "--api-key ", "(", ")",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=80))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=400)
@given(text=TEXTS)
def test_a_second_pass_changes_nothing(text: str) -> None:
    """Agent and gateway both redact; the tokens of the first are left alone by the second."""
    once = REDACTOR.text(text)
    report = Report()

    twice = REDACTOR.text(once, report=report)

    assert twice == once
    assert report.total == 0


@settings(deadline=None, max_examples=300)
@given(value=JSON_VALUES)
def test_a_second_pass_over_a_value_changes_nothing(value: Value) -> None:
    """The same for values of any shape."""
    once = REDACTOR.attribute("trainingloop.event.text", value)

    assert REDACTOR.attribute("trainingloop.event.text", once) == once


@settings(deadline=None, max_examples=300)
@given(value=JSON_VALUES, is_twice=st.booleans())
def test_json_stays_valid_and_keeps_its_structure(value: Value, is_twice: bool) -> None:
    """Lists keep their lengths, maps their sizes, and leaves their order."""
    document = json.dumps({"value": value})
    if is_twice:
        document = json.dumps({"inner": document})

    redacted = REDACTOR.attribute("gen_ai.input.messages", document)

    assert _structure(_parsed(str(redacted))) == _structure(_parsed(document))


@settings(deadline=None, max_examples=300)
@given(
    planted=st.sampled_from(
        [
            "4111 1111 1111 1111",
            "ada.lovelace@example.com",
            "+14155550100",
            "123-45-6789",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        ]
    ),
    before=st.text(max_size=40).map(lambda text: text + " "),
    after=st.text(max_size=40).map(lambda text: " " + text),
)
def test_no_surroundings_save_what_is_planted(planted: str, before: str, after: str) -> None:
    """Whatever stands around it, apart by a space, personal data goes."""
    redacted = REDACTOR.text(before + planted + after)

    assert planted not in redacted


@settings(deadline=None, max_examples=200)
@given(
    name=st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True),
    domain=st.from_regex(r"[a-z][a-z0-9]{1,9}", fullmatch=True),
    is_upper=st.booleans(),
    at=st.sampled_from(["@", "%40", "\\u0040", "&#64;", "\u200b@", "\uff20", " (at) "]),
)
def test_an_address_is_found_in_any_spelling(
    name: str, domain: str, is_upper: bool, at: str
) -> None:
    """Case and escapes make no difference, not even to the token."""
    address = f"{name}@{domain}.com"
    written = f"{name}{at}{domain}.com"

    redacted = REDACTOR.text(f"x {written.upper() if is_upper and at == '@' else written} y")

    assert redacted == f"x {REDACTOR.text(address)} y"


@settings(deadline=None, max_examples=200)
@given(
    groups=st.tuples(*[st.integers(0, 9999).map("{:04d}".format)] * 3),
    separator=st.sampled_from(["", " ", "-", "\u00a0", "\u2011", "  ", " \u200b"]),
)
def test_a_card_number_is_found_with_any_separator(
    groups: tuple[str, str, str], separator: str
) -> None:
    """Spaces, hyphens and invisible characters between the groups hide nothing."""
    parts = [f"4{groups[0][1:]}", groups[1], groups[2]]
    last = next(
        f"{number:04d}" for number in range(10) if _luhn("".join(parts) + f"{number:04d}") == 0
    )

    redacted = REDACTOR.text(f"x {separator.join((*parts, last))} y")

    assert redacted == "x <CARD> y"


@settings(deadline=None, max_examples=200)
@given(text=TEXTS, tenant=st.text(max_size=10))
def test_the_cache_changes_nothing(text: str, tenant: str) -> None:
    """A remembered text is redacted as it was at first."""
    fresh = Redactor(key=b"a key that only tests use, 32+ bytes", engine="fast", cache_bytes=0)
    first, second = Report(), Report()

    expected = fresh.text(text, tenant=tenant, report=first)

    REDACTOR.text(text, tenant=tenant)
    assert REDACTOR.text(text, tenant=tenant, report=second) == expected
    assert second.counts == first.counts


def _luhn(digits: str) -> int:
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10


def _parsed(text: str) -> Value:
    value = cast("Value", json.loads(text))
    if isinstance(value, dict) and isinstance(value.get("inner"), str):
        return {"inner": _parsed(str(value["inner"]))}
    return value


def _structure(value: Value) -> object:
    if isinstance(value, dict):
        return [_structure(part) for part in value.values()]
    if isinstance(value, list):
        return [_structure(part) for part in value]
    return "leaf"
