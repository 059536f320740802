"""How alike two texts read: to sort by, never to decide by."""

from __future__ import annotations

from collections import Counter
from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainingloop.replay._judging.wording import Wording


def similarity(one: Wording, other: Wording) -> float:
    """The share of words and of pairs of neighbouring words that two texts have in common.

    The coefficient of Sørensen and Dice (1948) over both as multisets: it takes time in proportion
    to the texts and is the same from both sides, which neither holds of ``difflib``.
    """
    if one.plain == other.plain:
        return 1.0
    first, second = _grams(one), _grams(other)
    return round(2 * (first & second).total() / (first.total() + second.total()), 4)


def _grams(wording: Wording) -> Counter[str | tuple[str, str]]:
    words = wording.plain.split()
    return Counter(chain(words, pairwise(words)))
