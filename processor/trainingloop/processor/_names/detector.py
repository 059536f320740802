"""A name finder as a detector, which remembers what it was shown all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor._names.gate import may_hold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.processor._entities import Match
    from trainingloop.processor._names.finder import NameFinder
    from trainingloop.processor._normalise import Plain

_MOST_REMEMBERED: Final = 4096


class NameDetector:
    """Names in texts, one by one or looked at together before; threads may share it."""

    def __init__(self, finder: NameFinder) -> None:
        self._finder = finder
        self._found: Mapping[str, Sequence[Match]] = {}

    def __call__(self, plain: Plain, /) -> Iterable[Match]:
        """Every name in the text.

        Raises:
            Exception: What the model raises; nothing is known about the text then.
        """
        if not may_hold_name(plain.text):
            return ()
        found = self._found.get(plain.text)
        return self._finder.find([plain.text])[0] if found is None else found

    def look(self, texts: Iterable[str]) -> None:
        """Find the names in many texts at once, which takes a fraction of the time."""
        unseen = [text for text in dict.fromkeys(texts) if may_hold_name(text)]
        # A new table, not a changed one: another thread may be reading the old one.
        fresh = dict(zip(unseen, self._finder.find(unseen), strict=True))
        is_room = len(self._found) + len(fresh) <= _MOST_REMEMBERED
        self._found = {**self._found, **fresh} if is_room else fresh
