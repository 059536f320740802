"""Long texts in pieces a model can take, with an overlap so that no name is cut in two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE: Final = 2_000
_OVERLAP: Final = 200
_BORDER: Final = 100
"""How far back from a piece's end a word border is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text."""

    text_index: int
    """Which of the texts it belongs to."""
    offset: int
    """Where in that text it begins."""
    text: str


def pieces(text: str, text_index: int) -> Iterator[Piece]:
    """The text in parts of at most ``PIECE`` characters that overlap, cut between words."""
    begin = 0
    while len(text) - begin > PIECE:
        end = _word_border(text, begin + PIECE)
        yield Piece(text_index=text_index, offset=begin, text=text[begin:end])
        begin = _word_border(text, end - _OVERLAP)
    yield Piece(text_index=text_index, offset=begin, text=text[begin:])


def _word_border(text: str, at: int) -> int:
    """The end of the last space in the characters before ``at``; ``at`` itself if none is near."""
    for index in range(at, at - _BORDER, -1):
        if text[index - 1].isspace():
            return index
    return at
