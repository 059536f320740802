"""What finds names, and what every way of finding them has in common."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.processor._entities import MASK, TOKEN, Entity, Match, disjoint
from trainingloop.processor._names.canonical import canonical, trimmed
from trainingloop.processor._names.gate import may_hold_name
from trainingloop.processor._names.pieces import Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BATCH: Final = 128
"""How many pieces a model gets at once."""
_UNMASKED: Final = re.compile(rf"[^{MASK}]+")


class NameFinder(Protocol):
    """Finds the names of persons in texts, the same ones every time."""

    def find(self, texts: Sequence[str]) -> list[list[Match]]:
        """For each text its finds in order, without overlaps, in offsets of that text.

        Raises what the model raises: whoever asked must not pass such a text on.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a model says about a piece of text."""

    start: int
    end: int
    score: float
    entity: Entity = Entity.PERSON


class Model(Protocol):
    """One way to find names, for pieces of at most ``PIECE`` characters."""

    def spans(self, texts: Sequence[str]) -> Iterable[Sequence[Span]]:
        """The finds in each of at most ``BATCH`` pieces."""
        ...


class ModelFinder:
    """A name finder around a model: gate, masks, pieces, batches, one thread at a time."""

    def __init__(self, model: Model, detector: str) -> None:
        self._model = model
        self._detector = detector
        self._lock = threading.Lock()

    def find(self, texts: Sequence[str]) -> list[list[Match]]:
        """See ``NameFinder.find``."""
        masked = [TOKEN.sub(_mask, text) if "<" in text else text for text in texts]
        found: list[list[Match]] = [[] for _ in texts]
        waiting = [
            piece
            for index, text in enumerate(masked)
            if may_hold_name(text)
            for piece in pieces(text, index)
        ]
        # Models are not written for several threads; most of them also use every core.
        with self._lock:
            for begin in range(0, len(waiting), BATCH):
                self._ask(waiting[begin : begin + BATCH], found)
        return [disjoint(matches) for matches in found]

    def _ask(self, batch: Sequence[Piece], found: list[list[Match]]) -> None:
        answers = self._model.spans([piece.text for piece in batch])
        for piece, spans in zip(batch, answers, strict=True):
            for span in spans:
                found[piece.text_index].extend(self._matches(piece, span))

    def _matches(self, piece: Piece, span: Span) -> Iterator[Match]:
        """A find without the tokens it ran across."""
        for part in _UNMASKED.finditer(piece.text, span.start, span.end):
            start, end = trimmed(piece.text, part.start(), part.end())
            if start < end:
                yield Match(
                    start=piece.offset + start,
                    end=piece.offset + end,
                    entity=span.entity,
                    value=_value(piece.text[start:end], span.entity),
                    score=span.score,
                    detector=self._detector,
                )


def _value(text: str, entity: Entity) -> str:
    if entity is Entity.PERSON:
        return canonical(text)
    return "".join(filter(str.isalnum, text)).casefold()


def _mask(token: re.Match[str]) -> str:
    return MASK * len(token.group())
