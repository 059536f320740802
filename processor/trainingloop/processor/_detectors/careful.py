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
        end = min(found.end() + _AROUND, len(lower))
        mask = lower.find(MASK, found.end(), end)
        position = mask if mask > 0 else end
        value = lower[found.start() : position]
        yield Match(start=found.start(), end=position, entity=otherwise, value=value, score=0.5)
