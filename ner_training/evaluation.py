"""How well a model finds names it has not seen in sentences it has not seen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ner_training import writing
from ner_training.generator import Generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ner_training.writing import Parts
    from trainingloop.processor._names import NameFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a finder achieves on marked texts."""

    names: int
    recall: float
    """The share of names of which every letter is covered."""
    false_per_1000_texts: float
    """Finds that touch no name, in a thousand texts."""
    ms_per_kb: float
    """Process time per thousand characters."""


def held_out(count: int, seed: int) -> list[Parts]:
    """Texts of names and templates that training has not seen."""
    return list(Generator(seed, held_out=True).texts(count))


def scores(finder: NameFinder, texts: Sequence[Parts]) -> Scores:
    """The finder's scores on marked texts."""
    plain = ["".join(part.text for part in parts) for parts in texts]
    began = time.process_time()
    found = finder.find(plain)
    spent = time.process_time() - began
    names = covered = false = 0
    for parts, matches in zip(texts, found, strict=True):
        position, spans = 0, []
        for part in parts:
            end = position + len(part.text)
            if part.is_name and any(char.isalpha() for char in part.text):
                spans.append((position, end, part.text))
            position = end
        taken = {index for match in matches for index in range(match.start, match.end)}
        names += len(spans)
        covered += sum(
            all(start + at in taken for at, char in enumerate(text) if char.isalnum())
            for start, _, text in spans
        )
        false += sum(
            not any(match.start < end and start < match.end for start, end, _ in spans)
            for match in matches
        )
    return Scores(
        names=names,
        recall=covered / max(1, names),
        false_per_1000_texts=1000 * false / max(1, len(texts)),
        ms_per_kb=1e6 * spent / max(1, sum(map(len, plain))),
    )


def lower(texts: Sequence[Parts]) -> list[Parts]:
    """The same texts in small letters."""
    return [writing.lowered(parts) for parts in texts]
