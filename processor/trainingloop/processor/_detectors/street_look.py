"""One look for streets at one text, and what all kinds of streets share of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trainingloop.processor._normalise import Plain

# Every number that a street may follow: a letter or another number stands behind it. The first
# element is a plain class, so that the search skips all else at C speed.
_FRONT: Final = re.compile(
    r"[0-9](?<![\w.$€£+\-][0-9])(?<![0-9][:.,/][0-9])"
    r"(?=[0-9]{0,5}(?:[/\-][0-9]{1,5})?[a-z]{0,7},?[ \n][^\W_])"
)


class StreetLook:
    """A text, and which of the words it holds that streets are known by."""

    __slots__ = ("_fronts", "hints", "plain")

    def __init__(self, plain: Plain, hints: frozenset[str]) -> None:
        self.plain: Final = plain
        self.hints: Final = hints
        self._fronts: list[int] | None = None

    @property
    def fronts(self) -> list[int]:
        """Where the house numbers begin that can stand before the name of a street."""
        if self._fronts is None:
            self._fronts = [found.start() for found in _FRONT.finditer(self.plain.lower)]
        return self._fronts
