"""Personal data in disguise: other digits, invisible characters, escapes, words for signs."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote

_MAIL = "ada.lopez@example.com"
_CARD = "4111111111111111"
_ZERO_WIDTH = "\u200b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obfuscation:
    """A disguised value in a text."""

    name: str
    text: str
    value: str
    """The disguised value as it stands in the text."""


def _hidden(name: str, before: str, value: str, after: str = "") -> Obfuscation:
    return Obfuscation(name=name, text=f"{before}{value}{after}", value=value)


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def _arabic(digits: str) -> str:
    return "".join(chr(0x660 + int(digit)) for digit in digits)


OBFUSCATIONS: tuple[Obfuscation, ...] = (
    _hidden("full-width digits, card", "card ", _wide(_CARD)),
    _hidden("card cut off", "card ", "4111 1111 1111 11"),
    _hidden("full-width e-mail", "mail ", _wide("ada@example.com")),
    _hidden("arabic-indic digits, card", "card ", _arabic(_CARD)),
    _hidden(
        "zero-width space in e-mail", "mail ", f"ada{_ZERO_WIDTH}.lopez@exam{_ZERO_WIDTH}ple.com"
    ),
    _hidden("zero-width joiner in card", "card ", "4111\u200d1111\u200d1111\u200d1111"),
    _hidden("soft hyphen in phone", "call ", "+1 415\u00ad 555 01\u00ad32"),
    _hidden("word joiner in IBAN", "iban ", "DE89\u20603704\u20600044\u20600532\u2060013000"),
    _hidden("percent-encoded at", "https://example.com/u?mail=", quote(_MAIL, safe=""), "&x=1"),
    _hidden("percent-encoded phone", "https://example.com/u?phone=", "%2B14155550132", "&x=1"),
    _hidden("twice percent-encoded at", "https://example.com/u?next=", "ada.lopez%2540example.com"),
    _hidden("JSON escape of at", '{"to": "', "ada.lopez\\u0040example.com", '"}'),
    _hidden(
        "JSON escapes of digits", '{"card": "', "".join(f"\\u00{ord(c):02x}" for c in _CARD), '"}'
    ),
    _hidden("HTML entity of at", "mail <b>", "ada.lopez&#64;example.com", "</b>"),
    _hidden("hex HTML entity of at", "mail <b>", "ada.lopez&#x40;example.com", "</b>"),
    _hidden("named HTML entity", "mail <b>", "ada.lopez&commat;example.com", "</b>"),
    _hidden("HTML entities throughout", "mail ", _entities("ada@example.com")),
    _hidden("(at) and (dot)", "write to ", "ada.lopez (at) example (dot) com"),
    _hidden("[at] and [dot]", "write to ", "ada.lopez[at]example[dot]com"),
    _hidden("at and dot as words", "write to ", "ada at example dot com", " please"),
    _hidden("arroba punto", "escríbeme a ", "ada arroba example punto com"),
    _hidden("spaces round at", "mail: ", "ada.lopez @ example.com"),
    _hidden("no-break spaces in card", "card ", "4111\u00a01111\u00a01111\u00a01111"),
    _hidden("narrow spaces in phone", "call ", "+33\u202f6\u202f12\u202f34\u202f56\u202f78"),
    _hidden("non-breaking hyphens in SSN", "ssn ", "536\u201122\u20118726"),
    _hidden("en dashes in phone", "call ", "415\u2013555\u20130132"),
    _hidden(
        "digits spelled out", "my number is ", "four one five five five five zero one three two"
    ),
    _hidden("WhatsApp JID", "from ", "14155550132@s.whatsapp.net"),
    _hidden("wa.me link", "https://wa.me/", "14155550132"),
    _hidden("tel link", '<a href="tel:', "+1-415-555-0132", '">call</a>'),
    _hidden("glued to its key", "email=", _MAIL, ";phone"),
    _hidden("card glued to words", "card", _CARD, "exp0929"),
    _hidden(
        "JSON in JSON in JSON",
        '{"a": "{\\"b\\": \\"{\\\\\\"mail\\\\\\": \\\\\\"',
        _MAIL,
        '\\\\\\"}\\"}"}',
    ),
    _hidden("base64", "payload: ", base64.b64encode(json.dumps({"mail": _MAIL}).encode()).decode()),
    _hidden("digits with dots and spaces", "card ", "4111 . 1111 . 1111 . 1111"),
)
"""Exactly 35; a value is caught when none of its letters and digits are left."""
