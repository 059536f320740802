"""One recognizer of the user's own, and how it looks for what it knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.phones import canonical_phone
from trainingloop.processor._entities import MASK, Entity, Match
from trainingloop.processor._policy.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import regex

    from trainingloop.processor._normalise import Plain

TIMEOUT_SECONDS: Final = 0.5
"""How long one pattern may look at one window of a text; past it the value fails closed.

The pattern is the user's: nothing promises that it takes linear time."""

_CONTEXT_BONUS: Final = 0.35
_LEAST_WITH_CONTEXT: Final = 0.4
_WORDS_BEFORE: Final = 8
_CHARACTERS_BEFORE: Final = 160
_WORD: Final = re.compile(r"\w+")
_UNMASKED: Final = re.compile(rf"[^{MASK}]+")
# Kinds of which letters and digits alone are the value, however they are grouped.
_COMPACT: Final = frozenset(
    {Entity.CARD, Entity.ACCOUNT, Entity.SSN, Entity.NATIONAL_ID, Entity.ID, Entity.MAC}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomMatch(Match):
    """A find of a recognizer of the user's own."""

    kind: str
    """Its kind, which need not be one of `Entity`: then ``entity`` is ``ID``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression and how sure a find of it is."""

    regex: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognizer:
    """A detector made of patterns."""

    name: str
    kind: str
    patterns: tuple[Pattern, ...]
    flags: int
    context: tuple[str, ...] = ()
    """Words in lower case that make a find after them more certain."""
    least_score: float = 0.0
    """Finds that are less certain do not count."""

    def __call__(self, plain: Plain, /) -> Iterator[Match]:
        """Every find; they may overlap.

        Raises:
            TimeoutError: A pattern took too long; nothing is known about the text then.
        """
        for pattern in self.patterns:
            if not pattern.score:
                continue
            compiled = _compiled(pattern.regex, self.flags)
            for found in compiled.finditer(plain.text, timeout=TIMEOUT_SECONDS):
                yield from self._matches(plain, found.start(), found.end(), pattern.score)

    def _matches(self, plain: Plain, start: int, end: int, score: float) -> Iterator[Match]:
        if self.context and self._has_context(plain, start, end):
            score = min(1.0, max(score + _CONTEXT_BONUS, _LEAST_WITH_CONTEXT))
        if score < self.least_score:
            return
        # An earlier token stays as it is, also in the middle of a find.
        for part in _UNMASKED.finditer(plain.text, start, end):
            value = canonical(self.kind, part.group())
            if value or part.end() - part.start() == end - start:
                yield CustomMatch(
                    start=part.start(),
                    end=part.end(),
                    entity=Entity(self.kind) if self.kind in KINDS else Entity.ID,
                    kind=self.kind,
                    value=value or part.group(),
                    score=score,
                    detector=self.name,
                )

    def _has_context(self, plain: Plain, start: int, end: int) -> bool:
        before = plain.lower[max(0, start - _CHARACTERS_BEFORE) : start].rpartition(MASK)[2]
        words = " ".join(_WORD.findall(before)[-_WORDS_BEFORE:])
        # A context word may be glued to what it announces, as in "order4711".
        near = f"{words} {plain.lower[start:end]}"
        return any(word in near for word in self.context)


@lru_cache(maxsize=4096)
def _compiled(pattern: str, flags: int) -> regex.Pattern[str]:
    # Only who has patterns of their own pays for the import.
    import regex

    return regex.compile(pattern, flags)


def canonical(kind: str, written: str) -> str:
    """One spelling, that of our own detectors where they know the kind."""
    if kind == Entity.PHONE:
        return canonical_phone(written)
    compact = "".join(filter(str.isalnum, written))
    if kind == Entity.IBAN:
        return compact.upper()
    if kind in _COMPACT or kind not in KINDS:
        return compact.casefold()
    return " ".join(written.casefold().split())
