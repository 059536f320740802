"""One form for every way to write the same name."""

from __future__ import annotations

import re
from typing import Final

_TITLES_WORDS: Final = """
mr mrs ms miss mx dr doctor prof professor sir madam madame mme mlle monsieur mademoiselle
herr frau hr fr sr sra srta señor señora señorita senhor senhora don doña dom dona signor
signora signorina sig dott dottoressa dottor dhr mevr mevrouw meneer mister rev captain capt
"""
TITLES: Final = frozenset(_TITLES_WORDS.split())
"""Forms of address, without their full stop, in lower case."""

_GENITIVE: Final = re.compile(r"['\u2019`](?:s\b)?(?=\Z)")
_SPACES: Final = re.compile(r"\s+")
_EDGES: Final = " \t\r\n.,;:!?\"'\u2019`()[]{}<>*_-\u2013/|\\"


def canonical(name: str) -> str:
    """The name in lower case, first name first, without title, possessive and extra spaces."""
    folded = _SPACES.sub(" ", name).casefold().strip()
    folded = _GENITIVE.sub("", folded).strip(_EDGES)
    last, comma, first = folded.partition(",")
    if comma and "," not in first and first.strip():
        folded = f"{first.strip()} {last.strip()}"
    words = folded.split(" ")
    while len(words) > 1 and words[0].rstrip(".") in TITLES:
        del words[0]
    return " ".join(words)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of ``start:end`` between its first and its last letter or digit."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end
