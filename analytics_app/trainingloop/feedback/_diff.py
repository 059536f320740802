"""What a reviewer changed in an answer, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DiffKind = Literal["same", "removed", "added"]

_WORD: Final = re.compile(r"\s*\S+|\s+\Z")
_MOST_EXACT_WORDS: Final = 2000
"""Above this, difflib leaves frequent words out when it looks for matches: it is quadratic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffPart:
    """Some words in a row that were kept, removed or added."""

    kind: DiffKind
    text: str
    """The words with the spaces before them."""


def word_diff(recorded: str, corrected: str) -> tuple[DiffPart, ...]:
    """Return how ``corrected`` comes out of ``recorded``, by `difflib.SequenceMatcher` on words.

    The kept and removed parts give ``recorded`` again, the kept and added ones ``corrected``.
    """
    before, after = _WORD.findall(recorded), _WORD.findall(corrected)
    is_long = max(len(before), len(after)) > _MOST_EXACT_WORDS
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    return tuple(_parts(matcher, before, after))


def _parts(
    matcher: SequenceMatcher[str], before: Sequence[str], after: Sequence[str]
) -> Iterator[DiffPart]:
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield DiffPart(kind="same", text="".join(before[first:last]))
            continue
        if last > first:
            yield DiffPart(kind="removed", text="".join(before[first:last]))
        if end > start:
            yield DiffPart(kind="added", text="".join(after[start:end]))
