"""What one escape or one unusual character stands for."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

_SPACE_ESCAPES: Final = frozenset("nrt")
_OCTAL: Final = {"100": "@", "056": "."}
_ENCODED_PERCENT: Final = re.compile(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
_ENCODED_AMPERSAND: Final = re.compile(r"&(?:amp;)+")
_FULL_STOPS: Final = frozenset("\u3002\uff61\u00b7\u2022\u2219\u2027\u30fb")
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_HYPHENS: Final = frozenset("\u2043\u2212\u02d7")
_LOOKALIKES: Final = dict(
    zip(
        "асеорхуѕіјһԁԛԝтнвкмαορνικτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВСЕНІКМОРТХУЅЈ",
        "aceopxysijhdqwthbkmaopviktuxwABEZHIKMNOPTYXABCEHIKMOPTXYSJ",
        strict=True,
    )
)
_MOST_REMEMBERED: Final = 8192


@lru_cache(maxsize=_MOST_REMEMBERED)
def plain_form(odd: str) -> str:
    """The character that an escape or an unusual character stands for.

    Itself when it stands for nothing else, and nothing when it cannot be seen.
    """
    first = odd[0]
    if first == "%":
        return _of_percents(odd)
    if first == "\\":
        return _of_backslash(odd)
    if first == "&":
        return _of_entity(odd)
    return _of_character(odd)


def _of_percents(odd: str) -> str:
    try:
        decoded = unquote(_ENCODED_PERCENT.sub("%", odd), errors="strict")
    except UnicodeDecodeError:
        return odd
    return _of_character(decoded) if len(decoded) == 1 else decoded


def _of_backslash(odd: str) -> str:
    escape = odd.lstrip("\\")
    if escape in _SPACE_ESCAPES:
        return " "
    if escape in _OCTAL:
        return _OCTAL[escape]
    if escape[0] in "uUx":
        return _of_code(int(escape[1:].strip("{}"), 16))
    return escape


def _of_entity(odd: str) -> str:
    entity = odd if odd == "&amp;" else _ENCODED_AMPERSAND.sub("&", odd)
    decoded = html.unescape(entity)
    if decoded == entity:
        return odd
    return _of_character(decoded) if len(decoded) == 1 else decoded or " "


def _of_code(code: int) -> str:
    return _of_character(chr(code)) if code <= 0x10FFFF else " "


def _of_character(character: str) -> str:
    """One character in its plain form; nothing when it cannot be seen."""
    if character.isascii() or _is_half(character):
        return " " if character.isspace() else character
    if character in _FULL_STOPS:
        return "."
    if character in _LOOKALIKES:
        return _LOOKALIKES[character]
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me", "Cc"} or character in _INVISIBLE:
        return ""
    if category == "Pd" or character in _HYPHENS:
        return "-"
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace():
        return " "
    return unicodedata.normalize("NFKC", character)


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
