"""What is replaced in a text and by whom, in offsets of the text as it was given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors import DETECTORS
from trainingloop.processor._entities import Entity, Match, disjoint
from trainingloop.processor._scan import PASSES, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._normalise import Plain

_BLOBS: Final = "blobs"
_OTHERS: Final = "presidio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One piece of personal data in a text."""

    type: str
    """Its kind, the first word of its token."""
    start: int
    """Where it begins, in characters of the text."""
    end: int
    """Where it ends: ``text[start:end]`` is what is replaced."""
    score: float
    """How sure the detector is, from 0 to 1."""
    detector: str
    """Which one found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part of the text of a later pass: as it was, or a token in the place of something."""

    text: str
    start: int
    end: int
    is_token: bool = False


def explained(text: str, detector: Detector, token: Callable[[Match], str]) -> list[Finding]:
    """Everything that redaction replaces in ``text``, through all its passes."""
    pieces = [_Piece(text=text, start=0, end=len(text))]
    found: list[Match] = []
    for _ in range(PASSES):
        current = "".join(piece.text for piece in pieces)
        matches = [_in_original(match, pieces) for match in find(current, _named(detector))]
        if not matches:
            break
        found = disjoint([*found, *matches])
        pieces = list(_pieces(text, found, token))
    return [_finding(match) for match in found]


def _named(detector: Detector) -> Detector:
    """The detector, its finds labelled with the one of ours that finds the same by itself."""

    def labelled(plain: Plain) -> Iterable[Match]:
        own = {_key(match): name for name, each in DETECTORS.items() for match in each(plain)}
        for match in detector(plain):
            name = match.detector or own.get(_key(match), _OTHERS)
            yield replace(match, detector=name)

    return labelled


def _key(match: Match) -> tuple[int, int, Entity]:
    return match.start, match.end, match.entity


def _pieces(text: str, found: list[Match], token: Callable[[Match], str]) -> Iterator[_Piece]:
    position = 0
    for match in found:
        yield _Piece(text=text[position : match.start], start=position, end=match.start)
        yield _Piece(text=token(match), start=match.start, end=match.end, is_token=True)
        position = match.end
    yield _Piece(text=text[position:], start=position, end=len(text))


def _in_original(match: Match, pieces: list[_Piece]) -> Match:
    start, end = _offset(match.start, pieces, is_end=False), _offset(match.end, pieces, is_end=True)
    return replace(match, start=start, end=end)


def _offset(offset: int, pieces: list[_Piece], *, is_end: bool) -> int:
    """Where a place in the text of a later pass is in the original: tokens are never cut."""
    position = 0
    for piece in pieces:
        length = len(piece.text)
        if position <= offset - is_end < position + length:
            if piece.is_token:
                return piece.end if is_end else piece.start
            return piece.start + offset - position
        position += length
    return pieces[-1].end


def _finding(match: Match) -> Finding:
    return Finding(
        type=match.entity.value,
        start=match.start,
        end=match.end,
        score=match.score,
        detector=match.detector or _BLOBS,
    )
