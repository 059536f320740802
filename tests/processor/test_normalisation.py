"""A value goes, however it is spelled, escaped, spaced, dressed up or cut off."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from processor.disguises import DISGUISES, HONEST, Disguise, wide

if TYPE_CHECKING:
    from trainingloop.processor import Redactor


@pytest.mark.parametrize("disguise", DISGUISES, ids=str)
def test_a_disguised_value_goes(redactor: Redactor, disguise: Disguise) -> None:
    """Every letter and digit of it lies in something that is replaced."""
    begin, end = disguise.value

    findings = redactor.explain(disguise.written)

    covered = {index for found in findings for index in range(found.start, found.end)}
    left = [index for index in range(begin, end) if disguise.written[index].isalnum()]
    assert [index for index in left if index not in covered] == []


@pytest.mark.parametrize("disguise", DISGUISES, ids=str)
def test_what_stands_around_a_disguised_value_stays(redactor: Redactor, disguise: Disguise) -> None:
    """The words before and after it are as they were."""
    begin, end = disguise.value

    redacted = redactor.text(disguise.written)

    first_word = disguise.written[:begin].split(" ")[0]
    last_word = disguise.written[end:].split(" ")[-1]
    assert redacted.startswith(first_word if begin > len(first_word) else "")
    assert redacted.endswith(last_word if end < len(disguise.written) else "")


@pytest.mark.parametrize("text", HONEST, ids=range(len(HONEST)))
def test_honest_text_stays(redactor: Redactor, text: str) -> None:
    """What only resembles a disguise is left alone."""
    assert redactor.text(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "ada%40example.com",
        "ada&#64;example.com",
        "ada [at] example [dot] com",
        "ada at example dot com",
        "ada @ example . com",
        "\u0430da@example.com",
        "ADA\u200b@EXAMPLE.COM",
        wide("ada@example.com"),
    ],
    ids=["percent", "entity", "brackets", "words", "spaces", "Cyrillic", "capitals", "full width"],
)
def test_a_disguise_has_the_token_of_the_value(redactor: Redactor, written: str) -> None:
    """The same address is the same customer, however it is written."""
    assert redactor.text(written) == redactor.text("ada@example.com")


def test_a_spelled_phone_has_the_token_of_the_phone(redactor: Redactor) -> None:
    """Somebody who dictates a number is who types it."""
    spelled = redactor.text("four one five five five five oh one double zero")

    assert spelled == redactor.text("+1 415 555 0100")


@pytest.mark.parametrize(
    "text",
    ["\ud83d", "\udc00\ud83d 1", "a\ud800@\udfffb.com", "%ED%A0%80 %FF", "\\ud83d\\u0040", "&#0;",
     "&#1114112;", "\\u{110000}", "\\U000fffff", "&#xD800;", "\x00\x01", "\u0345" * 99, "ǅ" * 9,
     "İ" * 300, "ﷺ" * 9],
    ids=range(15),
)  # fmt: skip
def test_no_character_is_an_obstacle(redactor: Redactor, text: str) -> None:
    """Half surrogates, escapes of nothing and letters that grow: what follows is still found."""
    redacted = redactor.text(f"{text} ada@example.com {text}")

    assert "ada@" not in redacted
    assert "REDACTION_FAILED" not in redacted


@pytest.mark.parametrize("wrap", ["", "\n", "\r\n", "\\n", "\\r\\n", "\n  "], ids=range(6))
@pytest.mark.parametrize("is_url_safe", [True, False], ids=["url-safe", "plain"])
def test_a_file_in_a_text_goes_as_a_whole(redactor: Redactor, wrap: str, is_url_safe: bool) -> None:
    """Base64 is replaced by its hash and length, in one line or in those of a mail."""
    encode = base64.urlsafe_b64encode if is_url_safe else base64.b64encode
    encoded = encode(bytes(range(256)) * 3).decode()
    lines = wrap.join(encoded[index : index + 76] for index in range(0, len(encoded), 76))

    redacted = redactor.text(f"the file: {lines} end")

    assert redacted.startswith("the file: <BLOB_")
    assert redacted.endswith(f"_{len(lines)}> end")


def test_a_data_url_goes_as_a_whole(redactor: Redactor) -> None:
    """So is a picture in a link."""
    encoded = base64.b64encode(bytes(range(256))).decode()

    redacted = redactor.text(f'src="data:image/png;base64,{encoded}" alt')

    assert redacted.startswith('src="<BLOB_')
    assert redacted.endswith('>" alt')


def test_an_embedding_stays(redactor: Redactor) -> None:
    """A long list of short numbers is looked past, and what stands beside it is not."""
    vector = ", ".join(f"{(-1) ** index}.{index * 7919 % 100000:05d}" for index in range(600))
    tokens = ",".join(str(index * 7919 % 100000) for index in range(600))
    text = f"[{vector}] and [{tokens}]"

    redacted = redactor.text(f"{text} of ada@example.com")

    assert redacted == f"{text} of {redactor.text('ada@example.com')}"
