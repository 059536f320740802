"""A text as the built-in model reads it: tokens, and for each the rows of its embeddings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zlib import crc32

from trainingloop.processor._entities import MASK

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD_ROWS: Final = 16_384
GRAM_ROWS: Final = 16_384
GRAMS: Final = 10
"""How many letter groups of a token are looked at."""
STYLES: Final = 3
SHAPES: Final = 64
FEATURES: Final = 2 + GRAMS
"""The columns of a token's row: two of the word, then its letter groups."""

# A run of letters, digits and underscores, so that an identifier stays whole; a run of the same
# sign; a line break, because a name often stands alone on its line.
_TOKEN: Final = re.compile(rf"{MASK}++|[^\W\d_]++(?![\d_])|\w++|[\r\n]++|([^\w\s])\1*+")
_LONGEST_WORD: Final = 24
_LENGTHS: Final = (1, 2, 3, 5, 8)


def tokens(text: str) -> list[re.Match[str]]:
    """The tokens of a text, with where they stand."""
    return list(_TOKEN.finditer(text))


def style(words: Sequence[str]) -> int:
    """How a text is written: 0 with capitals in it, 1 without any, 2 in capitals only.

    The capital of a first word says nothing: telephones put it there.
    """
    rest = [word for word in words[1:] if word.isalpha()]
    if not any(word[0].isupper() for word in rest):
        return 1
    if len(rest) > 2 and all(word.isupper() for word in rest):
        return 2
    return 0


@lru_cache(maxsize=65_536)
def rows(token: str) -> tuple[int, ...]:
    """Which rows of the word table and of the letter-group table belong to a token.

    Row 0 is empty in both. The word has two rows, so that two words rarely share both.
    """
    norm = normalised(token)
    data = norm.encode()
    word = (1 + crc32(data) % (WORD_ROWS - 1), 1 + crc32(data, 0x9E3779B9) % (WORD_ROWS - 1))
    return word + _gram_rows(norm)


@lru_cache(maxsize=65_536)
def shape(token: str) -> int:
    """What kind of token it is, apart from its letters: capitals, digits, sign, length."""
    return _kind(token) * (len(_LENGTHS) + 1) + sum(len(token) > length for length in _LENGTHS)


def normalised(token: str) -> str:
    """The token in lower case without accents; a mask, a line break or a number as its kind."""
    first = token[0]
    if first == MASK:
        return MASK
    if first in "\r\n":
        return "\n"
    if token.isdigit():
        return "0" * min(len(token), 5)
    lower = token[:_LONGEST_WORD].lower()
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower)
    return "".join(char for char in apart if not unicodedata.combining(char)) or lower


def _gram_rows(norm: str) -> tuple[int, ...]:
    if not norm.isalpha():
        return (0,) * GRAMS
    padded = f"^{norm}$"
    grams = [padded[index : index + 3] for index in range(len(padded) - 2)]
    if len(grams) > GRAMS:
        grams = grams[: GRAMS // 2] + grams[-GRAMS // 2 :]
    found = tuple(1 + crc32(gram.encode()) % (GRAM_ROWS - 1) for gram in grams)
    return found + (0,) * (GRAMS - len(found))


def _kind(token: str) -> int:
    if not token[0].isalnum():
        return 0 if token[0] == MASK else 1 if token[0] in "\r\n" else 2
    if token.isalpha():
        if token.islower():
            return 3
        if token.isupper():
            return 4 if len(token) > 1 else 5
        return 6 if token[0].isupper() and token[1:].islower() else 7
    return 8 if token.isdigit() else 9
