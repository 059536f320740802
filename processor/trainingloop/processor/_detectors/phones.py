"""Phone numbers: whether they are valid, and one spelling for all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import phonenumbers

from trainingloop.processor._detectors.checks import digits_of
from trainingloop.processor._detectors.phone_shapes import is_north_american

if TYPE_CHECKING:
    from trainingloop.processor._detectors.look import Look

_BARE_NORTH_AMERICAN: Final = re.compile(r"1?[2-9][0-8][0-9][2-9][0-9]{6}")
_TIMESTAMP_LENGTHS: Final = frozenset({10, 13, 16, 19})
_LEAST_INTERNATIONAL: Final = 7
_MOST_DIGITS: Final = 15


def canonical_phone(written: str, look: Look | None = None) -> str:
    """The number in E.164 when its country can be told, else its digits."""
    digits = digits_of(written)
    if written.lstrip(" (").startswith("+"):
        return _international(written, digits, look)
    if digits.startswith("00"):
        return _international(written, digits[2:], look)
    if is_north_american(written.strip()) or _BARE_NORTH_AMERICAN.fullmatch(digits):
        return "+" + digits if len(digits) == 11 else "+1" + digits
    if len(digits) > 10 and is_international(digits, look):
        return _international(written, digits, look)
    return digits


def _international(written: str, digits: str, look: Look | None) -> str:
    if look is None or look.may_ask():
        return _read(digits).e164
    # The trunk zero in brackets is all that the library would most often take away.
    return "+" + (digits_of(written.replace("(0)", "")) if "(0)" in written else digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What the library makes of international digits."""

    e164: str
    """Without a trunk zero in brackets, which the library drops."""
    is_valid: bool


@lru_cache(maxsize=4096)
def _read(digits: str) -> _Reading:
    """One reading answers both questions: half of its time goes into taking the number apart."""
    try:
        number = phonenumbers.parse("+" + digits, None)
    except phonenumbers.NumberParseException:
        return _Reading(e164="+" + digits, is_valid=False)
    return _Reading(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        is_valid=phonenumbers.is_valid_number(number),
    )


def is_international(digits: str, look: Look | None = None) -> bool:
    """Whether digits without a plus are a valid number of some country, country code first."""
    if len(digits) in _TIMESTAMP_LENGTHS and digits.startswith("1"):
        return False
    if not _LEAST_INTERNATIONAL <= len(digits) <= _MOST_DIGITS:
        return False
    return (look is not None and not look.may_ask()) or _read(digits).is_valid


def is_bare_phone(text: str) -> bool:
    """Whether a text that is nothing but digits is a phone number rather than an id or a time."""
    if not (text.isascii() and text.isdigit() and 10 <= len(text) <= _MOST_DIGITS):
        return False
    return bool(_BARE_NORTH_AMERICAN.fullmatch(text)) or (
        len(text) >= 11 and is_international(text)
    )
