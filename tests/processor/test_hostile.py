"""Text that is made to take long, or to have what follows it overlooked."""

from __future__ import annotations

import base64
import time
from typing import Final

import pytest

from trainingloop.processor import Redactor

_UNITS: Final = {
    "dots before at": "a.",
    "ats": "@",
    "a@": "a@",
    "a@a.": "a@a.",
    "a @ a.": "a @ a.b ",
    "mails": "a@b.cd ",
    "digits": "1",
    "digit pairs": "12 ",
    "digits and dashes": "4-",
    "fours": "4111 ",
    "fours and commas": "4111,",
    "cards": "4111 1111 1111 1111 ",
    "cards over lines": "4111\n1111\n",
    "l for one": "4l1l ",
    "plus": "+1 ",
    "plus and equals": "=1+22+33+44",
    "brackets": "(1",
    "dotted": "1.1.",
    "addresses": "1.2.3.4 ",
    "colons": "a:",
    "double colons": "1::",
    "hex": "ab12",
    "groups of hex": "4bf92f3577b34da6a3ce929d0e0e4736-0100-01 ",
    "hex words": "61626364656667686970 ",
    "base64 words": base64.b64encode(b"x mail a@b.example now").decode() + " ",
    "base64 lines": "QUJD" * 19 + "\n",
    "capitals": "DE12",
    "iban": "DE12 AB34 ",
    "streets": "1 a b c d e ",
    "street words": "1 street avenue road ",
    "calle": "calle a b c d ",
    "rue": "1 rue de la ",
    "straße": "Hauptstraße ",
    "born": "born ",
    "born on": "born 1.",
    "phone words": "phone call tel ",
    "phone numbers": "call 415 555 0100 ",
    "passwords": "password:",
    "password is": "password is ",
    "eyJ": "eyJ",
    "eyJ and dots": "eyJabcdefgh.",
    "sk-": "sk-",
    "armour": "-----BEGIN PRIVATE KEY-----",
    "urls": "://a:",
    "percent": "%40",
    "double percent": "%2540",
    "percents": "%25",
    "entities": "&#64;",
    "ampersands": "&amp;",
    "backslashes": "\\",
    "escapes": "\\u0040",
    "zero width": "1\u200b",
    "full width": "\uff11",
    "Cyrillic": "a\u0430",
    "combining": "a\u0301",
    "quotes": "'a':'",
    "equals": '=" ',
    "passport": "passport number is ",
    "tokens": "<PHONE_",
    "real tokens": "<PHONE_abcdefgh> ",
    "spelled signs": "a at b dot ",
    "arroba": "a arroba ",
    "dots in words": "dot ",
    "spelled digits": "four one five ",
    "digit words": "one ",
    "letters apart": "a @ ",
    "bold": "1**",
    "tags": "<b>1",
    "open tags": "<b a",
    "comments": "<!--",
    "line ends": "1\n",
    "broken numbers": "415-\n555 ",
    "json": "[{",
    "brackets in words": "(at",
    "uuid": "12345678-",
    "vector": "0.12345,",
    "spaces": " ",
    "mixed": "a1@b. +4(9) 'x': ",
}
KINDS: Final = tuple(_UNITS)
_SIZE: Final = 64 * 1024
_PLANTED: Final = (
    " \n; mail ada@example.com ",
    " \n; card 4111 1111 1111 1111 ",
    " \n; call +1 415 555 0100 ",
)


def hostile(kind: str, size: int) -> str:
    """So many characters of one kind, without an end that makes sense of them."""
    unit = _UNITS[kind]
    return (unit * (size // len(unit) + 1))[:size]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_hides_nothing(redactor: Redactor, kind: str) -> None:
    """What stands before, in the midst of, and behind it is found."""
    half = hostile(kind, _SIZE // 2)
    text = f"{_PLANTED[0]}{half}{_PLANTED[1]}{half}{_PLANTED[2]}"

    redacted = redactor.text(text)

    assert "ada@example" not in redacted
    assert "4111 1111 1111 1111 \n;" not in redacted
    assert "555 0100 " not in redacted.removesuffix(hostile(kind, 32))[-64:]
    assert redacted != "<REDACTION_FAILED>"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_takes_time_in_proportion(kind: str) -> None:
    """Four times the text takes no more than eight times as long."""
    short = min(_seconds(hostile(kind, _SIZE // 4)) for _ in range(3))

    long = min(_seconds(hostile(kind, _SIZE)) for _ in range(3))

    assert long <= 8 * short + _NOISE


_NOISE: Final = 0.1
"""Seconds that a busy machine adds to either."""


def _seconds(text: str) -> float:
    redactor = Redactor(key=b"a key that only tests use, 32+ bytes", engine="fast", cache_bytes=0)
    begin = time.process_time()
    redactor.text(text)
    return time.process_time() - begin
