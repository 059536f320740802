"""A labelled text, and what people's keyboards do to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import MASK

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

_SPLIT: Final = re.compile(r"(\W+)")
_PUNCTUATION: Final = re.compile(r"[.,!?;:](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that is a name or is none."""

    text: str
    is_name: bool = False


Parts = tuple[Part, ...]


def lowered(parts: Parts) -> Parts:
    """All in small letters."""
    return _each(parts, str.lower)


def upper(parts: Parts) -> Parts:
    """All in capitals."""
    return _each(parts, lambda text: text.upper() if "ß" not in text else text)


def names_lowered(parts: Parts) -> Parts:
    """The names in small letters, the rest as it was."""
    return tuple(Part(part.text.lower(), True) if part.is_name else part for part in parts)


def unaccented(parts: Parts) -> Parts:
    """Without accents, as a keyboard without them writes."""
    return _each(parts, _unaccented)


def sentence_case(parts: Parts) -> Parts:
    """With a capital at the beginning."""
    if not parts:
        return parts
    first = parts[0]
    return (Part(first.text[:1].upper() + first.text[1:], first.is_name), *parts[1:])


def unpunctuated(parts: Parts) -> Parts:
    """Without the signs between and after the words."""
    return tuple(part if part.is_name else Part(_PUNCTUATION.sub("", part.text)) for part in parts)


def mistyped(parts: Parts, rng: random.Random) -> Parts:
    """With a wrong letter here and there, in names less often."""
    return tuple(
        Part(_mistyped(part.text, rng, 0.03 if part.is_name else 0.06), part.is_name)
        for part in parts
    )


def masked(parts: Parts, rng: random.Random) -> Parts:
    """With some of the names replaced already, as an earlier pass leaves them."""
    return tuple(
        Part(MASK * rng.randint(17, 18)) if part.is_name and rng.random() < 0.6 else part
        for part in parts
    )


def curly(parts: Parts) -> Parts:
    """With the apostrophe that telephones put."""
    return _each(parts, lambda text: text.replace("'", "\u2019"))


def escaped(parts: Parts) -> Parts:
    """With line breaks as JSON writes them."""
    return _each(parts, lambda text: text.replace("\n", "\\n"))


def with_other_words(
    parts: Parts, rng: random.Random, words: tuple[str, ...], share: float
) -> Parts:
    """With a few words that are not names replaced by any other such word."""
    return tuple(
        part if part.is_name else Part(_swapped(part.text, rng, words, share)) for part in parts
    )


def joined(groups: Iterable[Parts], separator: str) -> Parts:
    """Several texts as one."""
    found: list[Part] = []
    for group in groups:
        if found:
            found.append(Part(separator))
        found.extend(group)
    return tuple(found)


def _each(parts: Parts, change: Callable[[str], str]) -> Parts:
    return tuple(Part(change(part.text), part.is_name) for part in parts)


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def _mistyped(text: str, rng: random.Random, chance: float) -> str:
    words = _SPLIT.split(text)
    for index, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and rng.random() < chance:
            at = rng.randrange(1, len(word) - 1)
            words[index] = rng.choice((
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
            ))  # fmt: skip
    return "".join(words)


def _swapped(text: str, rng: random.Random, words: tuple[str, ...], share: float) -> str:
    split = _SPLIT.split(text)
    for index, word in enumerate(split):
        if len(word) > 4 and word.islower() and rng.random() < share:
            split[index] = rng.choice(words)
    return "".join(split)
