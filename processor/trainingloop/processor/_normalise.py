r"""Text as a detector should see it, with the way back to the text as it was written.

A card number in full-width digits, an address with ``%40`` or ``\u0040`` for the at sign, a
zero-width space inside a phone number: detectors see the plain form, the original characters go.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from trainingloop.processor._characters import plain_form
from trainingloop.processor._entities import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

_ODD_CHARACTERS: Final = (
    r"\u0080-\u009f\u00a0\u00ad\u00b2\u00b3\u00b9\u0132-\u0133\u013f-\u0140\u017f"
    r"\u01c4-\u01cc\u01f1-\u01f3\u02b0-\u02b8\u0300-\u036f\u0483-\u0489\u058a\u05be\u061c"
    r"\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef"
    r"\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9"
    r"\u0f20-\u0f29\u1040-\u1049\u115f-\u1160\u1680\u17b4-\u17b5\u17e0-\u17e9\u180b-\u180f"
    r"\u1810-\u1819\u1d2c-\u1d6a\u2000-\u2017\u2024-\u202f\u2032-\u203a\u2043-\u2044\u204e"
    r"\u205f-\u2079\u2080-\u209c\u20d0-\u20ff\u2100-\u218b\u2212\u2215\u2217\u223c\u2460-\u24ff"
    r"\u2776-\u2793\u29f8\u2e3a-\u2e3b\u3000\u3002\u301c\u3030\u3164\u3200-\u33ff"
    r"\ufb00-\ufb06\ufb13-\ufb17\ufe00-\ufe19\ufe30-\ufe6b\ufeff\uff01-\uffee\ufff9-\ufffb"
    r"\U000104a0-\U000104a9\U0001d400-\U0001d7ff\U0001f100-\U0001f16f\U0001fbf0-\U0001fbf9"
    r"\U000e0000-\U000e01ef"
)
# Every alternative starts with a character that plain English text does not have, so that the
# search over such a text is one pass of a character class. Letters of the common alphabets and
# curly quotes are left alone. Escapes are bounded, or looked for at their beginning only: a run
# of backslashes is read once.
_ODD: Final = re.compile(
    # %40, %2540 and %252540; bytes of UTF-8 after one another
    r"(%(?:25){0,3}(?:[2-7][0-9A-Fa-f]|[C-Fc-f][0-9A-Fa-f](?:%(?:25){0,3}[89ABab][0-9A-Fa-f]){1,3}+)"
    r"|(?<!\\)\\++(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U000[0-9A-Fa-f]{5}|x[0-9A-Fa-f]{2}"
    r"|(?:100|056)(?![0-9])|[nrt\"'/])"
    r"|&(?:amp;){0,3}(?:\#[0-9]{1,7};?|\#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z]{2,8};)"
    # Cyrillic and Greek letters that look like Latin ones, beside Latin ones
    r"|[\u0410-\u0455\u0456\u0457\u0458\u04bb\u0501\u051b\u051d\u0391-\u03c9]"
    r"(?:(?<=[A-Za-z].)|(?=[A-Za-z]))"
    # dots between digits that are no full stops
    r"|[·•∙‧・](?<=[0-9].)(?=[0-9])"
    rf"|[{_ODD_CHARACTERS}])"
)
_ALONE: Final = re.compile(rf"[{_ODD_CHARACTERS}]")


# Escapes, and letters and marks that are read as others. What becomes a space or a sign between
# words, such as a dash or the escape of a line end, hides none.
_HIDING: Final = re.compile(
    r"%[2-7C-Fc-f][0-9A-Fa-f]|&[#A-Za-z]|\\[uUx01]"
    rf"|[{_ODD_CHARACTERS}\u0370-\u03ff\u0400-\u052f]"
)
_DASHES: Final = ("\u2014", "\u2013", "\u2011", "\u00a0", "\u2026")


class _Forms(dict[int, int]):
    """The form of each character that has one of the same length, made when first asked for."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        form = plain_form(character) if _ALONE.match(character) else character
        result = ord(form) if len(form) == 1 else code
        if len(self) < _MOST_FORMS:
            self[code] = result
        return result


_MOST_FORMS: Final = 65_536
_FORMS: Final = _Forms()
_WORD: Final = re.compile(r"[^\W\d_]+")
# Everything of ASCII that is no letter becomes a space. On bytes: ten times as fast as the search
# above, twice as fast as the same on a string.
_NO_LETTERS: Final = bytes(
    code if chr(code) in string.ascii_letters else ord(" ") for code in range(256)
)


class Plain:
    """A normalised text and where each part of it came from.

    The parts are kept ones, of the same length here and there, and rewritten ones in turn:
    ``anchors`` and ``origins`` say where each begins here and there. Both are empty where nothing
    was rewritten.
    """

    __slots__ = ("_longest", "_words", "anchors", "lower", "origins", "text")

    def __init__(
        self,
        text: str,
        anchors: tuple[int, ...] = (),
        origins: tuple[int, ...] = (),
        longest: int = -1,
    ) -> None:
        self.text: Final = text
        self.lower: Final = lowered(text)
        """The text in lower case, character by character: both have the same offsets."""
        self.anchors: Final = anchors
        self.origins: Final = origins
        self._words: frozenset[str] | None = None
        self._longest = longest

    @property
    def longest(self) -> int:
        """How long the longest word is, a word being what stands between spaces."""
        if self._longest < 0:
            self._longest = longest_word(self.text)
        return self._longest

    @property
    def words(self) -> frozenset[str]:
        """The words of the text in lower case: a cheap answer to "can it hold such a thing"."""
        if self._words is None:
            self._words = frozenset(words_of(self.lower))
        return self._words

    def start_of(self, offset: int) -> int:
        """Where the character at ``offset`` began in the original."""
        if not self.anchors:
            return offset
        index = bisect_right(self.anchors, offset) - 1
        if index % 2:
            return self.origins[index]
        return self.origins[index] + offset - self.anchors[index]

    def end_of(self, offset: int) -> int:
        """Where the character before ``offset`` ended in the original."""
        if not self.anchors:
            return offset
        index = bisect_left(self.anchors, offset)
        if index < len(self.anchors) and (self.anchors[index] == offset or not index % 2):
            # It ends here, or within a rewritten part, of which all goes.
            return self.origins[index]
        return self.origins[index - 1] + offset - self.anchors[index - 1]

    def is_rewritten(self, start: int, end: int) -> bool:
        """Whether something was rewritten between the characters of a part."""
        index = bisect_right(self.anchors, start)
        return index < len(self.anchors) and self.anchors[index] < end


def plain(text: str, longest: int = -1) -> Plain:
    """The text as a detector should see it.

    Args:
        text: The text.
        longest: How long its longest word is, where that is known.
    """
    if not ("%" in text or "\\" in text or "&" in text) and _is_ascii(text):
        return Plain(text, longest=longest)
    return _rewritten(text)


def hides_words(text: str) -> bool:
    """Whether a word of a text may show in its plain form only."""
    if not text.isascii():
        for dash in _DASHES:
            text = text.replace(dash, " ")
    return _HIDING.search(text) is not None


def _is_ascii(text: str) -> bool:
    """Whether a text, tokens in it aside, is of plain characters only."""
    return text.isascii() or (MASK in text and text.replace(MASK, " ").isascii())


def _rewritten(text: str) -> Plain:
    # Most unusual characters become one other character, which moves nothing.
    pieces = _ODD.split(text if text.isascii() else text.translate(_FORMS))
    forms = pieces.copy()
    forms[1::2] = map(plain_form, pieces[1::2])
    return _joined(pieces, forms)


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> Plain:
    """The text with each part of ``edits``, start, end and replacement, in the place of its own.

    Args:
        text: The text.
        edits: In order, without overlaps.
    """
    pieces: list[str] = []
    forms: list[str] = []
    position = 0
    for start, end, replacement in edits:
        kept = text[position:start]
        pieces += (kept, text[start:end])
        forms += (kept, replacement)
        position = end
    pieces.append(text[position:])
    forms.append(text[position:])
    return _joined(pieces, forms)


def _joined(pieces: list[str], forms: list[str]) -> Plain:
    """A text of pieces that were kept and rewritten in turn."""
    if len(pieces) == 1:
        return Plain(pieces[0])
    anchors = (0, *accumulate(map(len, forms[:-1])))
    origins = (0, *accumulate(map(len, pieces[:-1])))
    return Plain("".join(forms), anchors, origins)


def longest_word(text: str) -> int:
    """How long the longest part of a text between spaces is; what was masked is no part."""
    return max(map(len, text.replace(MASK, " ").split()), default=0)


def words_of(text: str) -> list[str]:
    """The runs of letters in a text."""
    text = text.replace(MASK, " ")
    if text.isascii():
        return text.encode().translate(_NO_LETTERS).decode().split()
    return _WORD.findall(text)


def lowered(text: str) -> str:
    """The text in lower case, without a change of its length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters, such as the dotted capital I, become two: they stay as they are.
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
