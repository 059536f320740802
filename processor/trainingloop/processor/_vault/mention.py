"""The ways in which people mention a value: by its parts, its first line, without its marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity
from trainingloop.processor._vault.everyday_words import EVERYDAY_WORDS, NO_NAMES
from trainingloop.processor._vault.folding import folded, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._vault.known import Known

WORD: Final = re.compile(r"[^\W_]+")
STREET_WORDS: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "lane": "ln",
    "court": "ct", "place": "pl", "square": "sq", "terrace": "ter", "highway": "hwy",
    "parkway": "pkwy", "circle": "cir", "apartment": "apt", "suite": "ste", "north": "n",
    "south": "s", "east": "e", "west": "w", "straße": "str", "strasse": "str", "avenida": "av",
    "avda": "av", "calle": "c", "piazza": "p", "plaza": "pl", "numero": "n", "saint": "st",
}  # fmt: skip
"""One spelling of the words people abbreviate in addresses."""

_SHORTEST_ID: Final = 4
_SHORTEST_NUMBER: Final = 5
_SHORTEST_JOINED: Final = 7
# Where the part of an address ends that people say: "12 Mill Road #4", "12 Mill Road Apt 4".
_END_OF_LINE: Final = re.compile(
    r"[,\n]| #| (?:apt|apartment|unit|suite|ste|flat)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One way to mention a known value: these words in this order."""

    words: tuple[str, ...]
    known: Known
    needs_capital: bool = False


def mentions_of(known: Known) -> Iterator[Mention]:
    """Every way to mention a value; none where it cannot be told from everyday words."""
    words = _words(known.value)
    if known.is_whole:
        if not NO_NAMES.issuperset(words) and _is_telling("".join(words)):
            yield Mention(words, known)
    elif known.entity is Entity.PERSON:
        yield from _of_person(known, words)
    elif known.entity is Entity.ADDRESS:
        yield from _of_address(known, words)
    elif sum(map(len, words)) >= _SHORTEST_ID:
        yield Mention(words, known)


def _words(value: str) -> tuple[str, ...]:
    return tuple(WORD.findall(folded(value)))


def _is_telling(written: str) -> bool:
    """Whether an id is more than a year or a count of something."""
    return len(written) >= (_SHORTEST_NUMBER if written.isdigit() else _SHORTEST_ID)


def _of_person(known: Known, words: tuple[str, ...]) -> Iterator[Mention]:
    """The whole name, each of its parts, and ``obrien`` for ``O'Brien``."""
    if NO_NAMES.issuperset(words):
        return
    if len(words) > 1:
        yield Mention(words, known)
        if len("".join(words)) >= _SHORTEST_JOINED:
            yield Mention(("".join(words),), known)
    for part in known.value.split():
        inner = _words(part)
        if 1 < len(inner) < len(words):
            yield Mention(inner, known)
            yield from _by_one_name(known, "".join(inner))
    for word in words:
        for name in (word, *_parts_without_spaces(word)):
            yield from _by_one_name(known, name)


def _by_one_name(known: Known, name: str) -> Iterator[Mention]:
    if len(name) > 1 and not name.isdigit() and name not in NO_NAMES:
        is_short = len(name) < 3 and not is_unspaced(name[0])
        yield Mention((name,), known, needs_capital=is_short or name in EVERYDAY_WORDS)


def _parts_without_spaces(name: str) -> tuple[str, ...]:
    """The given name, or both names, of one that is written without a space between them."""
    if not all(map(is_unspaced, name)):
        return ()
    if len(name) == 3:
        return (name[1:],)
    return (name[:2], name[2:]) if len(name) == 4 else ()


def _of_address(known: Known, words: tuple[str, ...]) -> Iterator[Mention]:
    """The whole, its first line, and that without the kind of street at its end."""
    if len(words) < 2:
        return
    yield Mention(words, known)
    line = _words(_END_OF_LINE.split(known.value, 1)[0])
    if line != words and len(line) > 1 and any(map(str.isdigit, "".join(line))):
        yield Mention(line, known)
    street = line if len(line) > 1 else words
    if len(street) > 2 and street[0].isdigit() and street[-1] in STREET_WORDS:
        yield Mention(street[:-1], known)
