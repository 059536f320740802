"""Which of many patterns a text holds, in one pass over it, where google-re2 is installed."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Search: TypeAlias = Callable[[str], tuple[int, ...] | None]
    """The numbers of the patterns that a text holds; ``None`` when that cannot be told."""

NO_LETTER: Final = "(?:^|[^a-z])"
"""What stands before a word in lower case; a letter of another alphabet counts as none."""
_NOT_AHEAD: Final = re.compile(r"\(\?!(?:[^()]|\([^()]*\))*\)")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})")
_DFA_BYTES: Final = 32 * 1024 * 1024


class _PatternSet(Protocol):
    """What is used of google-re2's set of patterns; the names are its own."""

    def Add(self, pattern: str) -> object: ...  # noqa: N802

    def Compile(self) -> object: ...  # noqa: N802

    def Match(self, text: str) -> list[int] | None: ...  # noqa: N802


def loosened(pattern: str) -> str:
    """A pattern in the syntax of RE2, which has no look-around: it may match more, never less."""
    bare = _NOT_AHEAD.sub("", pattern).replace(r"\b", NO_LETTER)
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), bare)


def search_of(patterns: Iterable[str]) -> Search | None:
    """A search for patterns in the syntax of RE2; ``None`` without google-re2."""
    made = _new_set()
    if made is None:
        return None
    count = 0
    for pattern in patterns:
        made.Add(pattern)
        count += 1
    # What matches everywhere: where it does not, the search itself has failed.
    made.Add("")
    made.Compile()
    match = made.Match

    def search(text: str) -> tuple[int, ...] | None:
        try:
            found = match(text)
        except UnicodeEncodeError:
            return None
        if not found or count not in found:
            return None
        found.remove(count)
        return tuple(found)

    return search


def _new_set() -> _PatternSet | None:
    try:
        re2 = cast("Any", importlib.import_module("re2"))
    except ImportError:
        return None
    options = re2.Options()
    options.max_mem = _DFA_BYTES
    options.log_errors = False
    return cast("_PatternSet", re2.Set.SearchSet(options))
