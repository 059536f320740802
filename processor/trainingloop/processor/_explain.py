"""What is replaced in a text and by whom, in offsets of the text as it was given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.processor._detectors import DETECTORS
from trainingloop.processor.policy import kind_of_match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trainingloop.processor._entities import Detector, Entity, Match
    from trainingloop.processor._normalise import Plain
    from trainingloop.processor._scan import Pass

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


class Look(Protocol):
    """Redacts a text before somebody's eyes."""

    def __call__(
        self,
        text: str,
        on_pass: Callable[[Pass], None],
        labelled: Callable[[Detector], Detector],
        /,
    ) -> str:
        """The redacted text; ``on_pass`` hears of each pass, ``labelled`` signs the finds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part of the text of a later pass: as it was, or a token in the place of a find."""

    text: str
    start: int
    end: int
    match: Match | None = None


def explained(text: str, look: Look, token: Callable[[Match], str]) -> list[Finding]:
    """Everything that redaction replaces in ``text``, through all its passes.

    Args:
        text: The text.
        look: Redacts it.
        token: What stands in the place of a find.
    """
    pieces = [_Piece(text=text, start=0, end=len(text))]

    def note(seen: Pass) -> None:
        nonlocal pieces
        pieces = list(_after(pieces, seen.matches, token))

    look(text, note, _labelled)
    return [_finding(piece, piece.match) for piece in pieces if piece.match is not None]


def _labelled(detector: Detector) -> Detector:
    """The detector, its finds labelled with the one of ours that finds the same by itself."""

    def labelled(plain: Plain) -> Iterable[Match]:
        own = {_key(match): name for name, each in DETECTORS.items() for match in each(plain)}
        for match in detector(plain):
            name = match.detector or own.get(_key(match), _OTHERS)
            yield replace(match, detector=name)

    return labelled


def _key(match: Match) -> tuple[int, int, Entity]:
    return match.start, match.end, match.entity


def _after(
    pieces: list[_Piece], matches: Sequence[Match], token: Callable[[Match], str]
) -> Iterator[_Piece]:
    """The pieces after a pass, with tokens in the place of its finds."""
    position = 0
    for match in matches:
        yield from _between(pieces, position, match.start)
        covered = list(_between(pieces, match.start, match.end))
        start, end = covered[0].start, covered[-1].end
        yield _Piece(text=token(match), start=start, end=end, match=match)
        position = match.end
    yield from _between(pieces, position, sum(len(piece.text) for piece in pieces))


def _between(pieces: list[_Piece], begin: int, end: int) -> Iterator[_Piece]:
    """The pieces between two places of the text they make up; a token is never cut."""
    position = 0
    for piece in pieces:
        stop = position + len(piece.text)
        first, last = max(begin, position), min(end, stop)
        if piece.match is not None:
            if first < last or (not piece.text and begin <= position <= end):
                yield piece
        elif first < last:
            part = piece.text[first - position : last - position]
            start = piece.start + first - position
            yield _Piece(text=part, start=start, end=start + len(part))
        position = stop


def _finding(piece: _Piece, match: Match) -> Finding:
    return Finding(
        type=kind_of_match(match),
        start=piece.start,
        end=piece.end,
        score=match.score,
        detector=match.detector or _BLOBS,
    )
