"""Text without case and accents, character by character, so that offsets stay."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from trainingloop.processor._normalise import lowered

# Letters that Unicode does not take apart into a base and a mark.
_OWN_LETTERS: Final = {"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "ħ": "h", "ŧ": "t", "ð": "d"}
# Scripts that put no space between words, or write endings onto a name: Thai to Khmer, kana,
# Chinese characters, Korean.
_UNSPACED: Final = (
    range(0x0E00, 0x1100), range(0x1780, 0x1800), range(0x3040, 0x3100), range(0x3400, 0xA000),
    range(0xAC00, 0xD7B0), range(0xF900, 0xFB00), range(0x20000, 0x32000),
)  # fmt: skip


def _table() -> dict[int, str]:
    table = {ord(letter): base for letter, base in _OWN_LETTERS.items()}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_BASE_LETTERS: Final = {chr(code): base for code, base in _table().items()} | {"\u2019": "'"}
# A search for the few letters that have another base is faster than a table for every character.
_WITH_BASE: Final = re.compile(f"[{''.join(_BASE_LETTERS)}]")


def _base(letter: re.Match[str]) -> str:
    return _BASE_LETTERS[letter.group()]


def folded(text: str) -> str:
    """The text in lower case and without accents; as long as it was."""
    lower = lowered(text)
    return lower if lower.isascii() else _WITH_BASE.sub(_base, lower)


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script in which a name may stand right beside other words."""
    code = ord(character)
    return code > 0xE00 and any(code in script for script in _UNSPACED)
