"""How much care a candidate gets: plenty in any honest text, none in one made to waste time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.processor._entities import MASK, Match

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._entities import Entity
    from trainingloop.processor._normalise import Plain

_MOST_JUDGED: Final = 256
_AROUND: Final = 96


class Judge(Protocol):
    """Says what, if anything, a candidate is."""

    def __call__(self, plain: Plain, found: re.Match[str], /) -> Iterable[Match]:
        """The finds in it."""
        ...


class WordJudge(Protocol):
    """Says what, if anything, stands beside a word."""

    def __call__(self, plain: Plain, start: int, end: int, /) -> Iterable[Match]:
        """The finds beside the word at ``start:end``."""
        ...


def beside(
    plain: Plain, words: frozenset[str], judge: WordJudge, otherwise: Entity
) -> Iterator[Match]:
    """What a judge finds beside each of the words, with the same bound as `judged`.

    Which of them a text holds is known already, so each is looked for by itself: many times
    faster than a pattern for all.
    """
    if words.isdisjoint(plain.words):
        return
    left = _MOST_JUDGED
    for word in sorted(words & plain.words):
        covered = 0
        for start in whole_words(plain.lower, word):
            left -= 1
            if left >= 0:
                yield from judge(plain, start, start + len(word))
            elif start >= covered:
                match = _around(plain.lower, start, start + len(word), otherwise)
                covered = match.end
                yield match


def whole_words(lower: str, word: str) -> Iterator[int]:
    """Where a word stands as a whole."""
    start = lower.find(word)
    while start >= 0:
        end = start + len(word)
        if not lower[start - 1 : start].isalpha() and not lower[end : end + 1].isalpha():
            yield start
        start = lower.find(word, end)


def starts_of(lower: str, needles: Iterable[str]) -> list[int]:
    """Where any of the needles begins, in order; after some more than are judged, not all."""
    starts: set[int] = set()
    for needle in needles:
        start = lower.find(needle)
        while start >= 0 and len(starts) <= _MOST_JUDGED:
            starts.add(start)
            start = lower.find(needle, start + 1)
    return sorted(starts)


def judged_at(
    plain: Plain, starts: list[int], pattern: re.Pattern[str], judge: Judge, otherwise: Entity
) -> Iterator[Match]:
    """The same as `judged`, where all places are known at which a candidate can begin.

    To try a pattern at a few places costs much less than to search a text for it.
    """
    if len(starts) > _MOST_JUDGED:
        yield from judged(plain, pattern, judge, otherwise)
        return
    position = 0
    for start in starts:
        if start >= position and (found := pattern.match(plain.lower, start)):
            yield from judge(plain, found)
            position = found.end()


def judged(
    plain: Plain, pattern: re.Pattern[str], judge: Judge, otherwise: Entity
) -> Iterator[Match]:
    """What a judge makes of each candidate.

    After the first 256 candidates of a text, far more than any prose has, the others go unjudged,
    and what follows them goes too: time stays bounded and nothing leaks.
    """
    lower = plain.lower
    position = 0
    for _ in range(_MOST_JUDGED):
        found = pattern.search(lower, position)
        if found is None:
            return
        yield from judge(plain, found)
        position = found.end()
    while found := pattern.search(lower, position):
        match = _around(lower, found.start(), found.end(), otherwise)
        position = match.end
        yield match


def _around(lower: str, start: int, end: int, entity: Entity) -> Match:
    """An unjudged candidate and what follows it, up to an earlier token."""
    stop = min(end + _AROUND, len(lower))
    mask = lower.find(MASK, end, stop)
    stop = mask if mask >= 0 else stop
    return Match(start=start, end=stop, entity=entity, value=lower[start:stop], score=0.5)
