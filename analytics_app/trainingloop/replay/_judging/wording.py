"""The words of an answer, as lists of words can be looked for in them."""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._judging.lexicon import languages_of, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CHARACTERS: Final = 10_000
"""What is read of a text; none that is spoken to a customer is as long."""
_QUOTES: Final = str.maketrans("\u2019\u2018\u02bc\u00b4", "''''", "`*,")
"""All apostrophes are one, and marks of emphasis and commas are none."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'»”)_]*\s+|\s*\n\s*|;\s")
_SPACE: Final = re.compile(r"[^\S\n]+")


class Wording:
    """A text in lower case and in sentences."""

    def __init__(self, text: str) -> None:
        self.text = text[:LONGEST_CHARACTERS]
        """As it is written."""

    @cached_property
    def plain(self) -> str:
        """In lower case, without marks of emphasis, commas and runs of space."""
        return _SPACE.sub(" ", self.text.translate(_QUOTES).lower()).strip()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it may be in."""
        return languages_of(self.plain)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences and lines, each with its mark at the end."""
        return tuple(filter(None, _SENTENCE_END.split(self.plain)))

    def has(self, section: str) -> bool:
        """Whether anything that a list of words has is in it."""
        return pattern(section, self.languages).search(self.plain) is not None

    def saying(self, section: str) -> Iterator[str]:
        """The sentences in which a list of words is met."""
        listed = pattern(section, self.languages)
        return (sentence for sentence in self.sentences if listed.search(sentence))


@lru_cache(maxsize=512)
def wording_of(text: str) -> Wording:
    """The wording of a text; of one that is JSON, that of the texts in it."""
    return Wording(_spoken(text))


def _spoken(text: str) -> str:
    start = text.lstrip()[:1]
    if start not in ("{", "[") or len(text) > LONGEST_CHARACTERS:
        return text
    try:
        return "\n".join(_texts(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in cast("dict[str, object]", value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _texts(item)
    elif value is not None:
        yield value if isinstance(value, str) else json.dumps(value)
