"""What counts as found: every letter and digit of a value lies in some finding."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.redaction.examples import Example, Label

_Z95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One find of an engine."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Tally:
    """How many of how many."""

    hits: int = 0
    total: int = 0

    def add(self, *, is_hit: bool) -> None:
        """Count one more."""
        self.hits += is_hit
        self.total += 1

    @property
    def share(self) -> float | None:
        """Hits over total, or nothing without any."""
        return self.hits / self.total if self.total else None

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % score interval (Wilson 1927)."""
        if not self.total:
            return 0.0, 1.0
        n, p = self.total, self.hits / self.total
        centre = p + _Z95**2 / (2 * n)
        spread = _Z95 * math.sqrt(p * (1 - p) / n + _Z95**2 / (4 * n * n))
        scale = 1 + _Z95**2 / n
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def is_covered(text: str, label: Label, spans: Iterable[Span]) -> bool:
    """Whether no letter or digit of the value is left outside of all finds."""
    left = {place for place in range(label.start, label.end) if text[place].isalnum()}
    for span in spans:
        left.difference_update(range(span.start, span.end))
    return not left


def is_typed(label: Label, spans: Iterable[Span]) -> bool:
    """Whether a find of the right kind touches the value."""
    return any(span.kind == label.kind and overlaps(span, label) for span in spans)


def overlaps(span: Span, label: Label) -> bool:
    """Whether they share a character."""
    return span.start < label.end and label.start < span.end


def benign_eaten(example: Example, spans: Sequence[Span]) -> tuple[int, int]:
    """(letters and digits taken though unlabelled, unlabelled letters and digits)."""
    benign = {place for place, char in enumerate(example.text) if char.isalnum()}
    for label in example.labels:
        benign.difference_update(range(label.start, label.end))
    eaten: set[int] = set()
    for span in spans:
        eaten.update(benign.intersection(range(span.start, span.end)))
    return len(eaten), len(benign)
