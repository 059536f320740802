r"""Text as a detector should see it, with the way back to the text as it was written.

A card number in full-width digits, an address with ``%40`` or ``\u0040`` for the at sign, a
zero-width space inside a phone number: detectors see the plain form, the original characters go.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import Final

# Every alternative starts with a character that plain English text does not have, so that the
# search over such a text is one pass of a character class. Curly quotes are left alone: common
# and harmless. Escapes are bounded, so the whole is linear.
_ODD: Final = re.compile(
    r"%[2-7][0-9A-Fa-f]"
    r"|\\+u[0-9A-Fa-f]{4}|\\+x[0-9A-Fa-f]{2}|\\+[nrt\"'/]"
    r"|&(?:\#[0-9]{1,5}|\#[xX][0-9A-Fa-f]{1,4}|nbsp|commat|period|plus|hyphen|colon|amp|quot);"
    r"|[\u00a0\u00ad\u034f\u061c\u1680\u180e\u2000-\u2015\u202a-\u202f\u2044\u205f-\u206f\u2212"
    r"\u3000\ufe00-\ufe0f\ufe52\ufe58\ufe63\ufe6b\ufeff\uff01-\uff5e"
    r"\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468\u0300-\u036f"
    r"\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59"
    r"\U0001d400-\U0001d7ff\U000e0000-\U000e007f]"
)
# What makes the search above worth its time in a text of ASCII characters only.
_ASCII_HINTS: Final = ("%", "\\", "&")

_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63")
_SPACE_ESCAPES: Final = frozenset("nrt")


_WORD: Final = re.compile(r"[^\W\d_]+")


class Plain:
    """A normalised text and where each part of it came from."""

    __slots__ = ("_words", "anchors", "lower", "origins", "text")

    def __init__(
        self, text: str, anchors: tuple[int, ...] = (), origins: tuple[int, ...] = ()
    ) -> None:
        self.text: Final = text
        self.lower: Final = lowered(text)
        """The text in lower case, character by character: both have the same offsets."""
        self.anchors: Final = anchors
        self.origins: Final = origins
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """The words of the text in lower case: a cheap answer to "can it hold such a thing"."""
        if self._words is None:
            self._words = frozenset(_WORD.findall(self.lower))
        return self._words

    def start_of(self, offset: int) -> int:
        """Where the character at ``offset`` began in the original."""
        if not self.anchors:
            return offset
        index = bisect_right(self.anchors, offset) - 1
        return self.origins[index] + offset - self.anchors[index]

    def end_of(self, offset: int) -> int:
        """Where the character before ``offset`` ended in the original."""
        if not self.anchors:
            return offset
        # An escape is one character here and many there: its end is the next anchor's origin.
        index = bisect_left(self.anchors, offset)
        if index < len(self.anchors) and self.anchors[index] == offset:
            return self.origins[index]
        return self.origins[index - 1] + offset - self.anchors[index - 1]


def plain(text: str) -> Plain:
    """The text as a detector should see it."""
    if text.isascii() and not any(hint in text for hint in _ASCII_HINTS):
        return Plain(text)
    return _rewritten(text) if _ODD.search(text) else Plain(text)


def _rewritten(text: str) -> Plain:
    parts: list[str] = []
    anchors: list[int] = [0]
    origins: list[int] = [0]
    length = position = 0
    for odd in _ODD.finditer(text):
        kept = text[position : odd.start()]
        replacement = _plain_form(odd.group())
        parts += (kept, replacement)
        length += len(kept)
        anchors.append(length)
        origins.append(odd.start())
        length += len(replacement)
        position = odd.end()
        anchors.append(length)
        origins.append(position)
    parts.append(text[position:])
    return Plain("".join(parts), tuple(anchors), tuple(origins))


def _plain_form(odd: str) -> str:
    if odd[0] == "%":
        return chr(int(odd[1:], 16))
    if odd[0] == "\\":
        return _unescaped(odd.lstrip("\\"))
    if odd[0] == "&":
        return _single(html.unescape(odd))
    return _single(odd)


def _unescaped(escape: str) -> str:
    if escape in _SPACE_ESCAPES:
        return " "
    if escape[0] in "ux" and len(escape) > 1:
        return _single(chr(int(escape[1:], 16)))
    return escape


def _single(character: str) -> str:
    """One character in its plain form; nothing when it cannot be seen."""
    if len(character) != 1:
        return " "
    if character in _DASHES:
        return "-"
    if unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def lowered(text: str) -> str:
    """The text in lower case, without a change of its length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters, such as the dotted capital I, become two: they stay as they are.
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
