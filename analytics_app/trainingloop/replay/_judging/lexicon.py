"""What answers are told by in each language, read from the lists in ``words``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES: Final = ("en", "es", "de", "fr", "it", "pt")
_FEW_WORDS: Final = 30
_SLOT: Final = re.compile(r"\{([a-z]+)\}")
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists of one language."""

    language: str
    sections: Mapping[str, tuple[str, ...]]

    def pattern(self, section: str) -> str:
        """The lines of a section as one regular expression, without its word ends."""
        lines = self.sections.get(section, ())
        return "|".join(_SLOT.sub(self._filled, line) for line in lines)

    def families(self, section: str) -> Iterator[tuple[str, str]]:
        """The names and expressions of a section of ``name: expression`` lines."""
        for line in self.sections.get(section, ()):
            name, _, expression = line.partition(": ")
            yield name, expression

    def _filled(self, slot: re.Match[str]) -> str:
        lines = self.sections[slot.group(1)]
        return "(?:" + "|".join(line.partition(": ")[2] or line for line in lines) + ")"


@cache
def lexicon(language: str) -> Lexicon:
    """The lists of a language; there must be some."""
    file = files("trainingloop.replay").joinpath("_judging", "words", f"{language}.txt")
    return Lexicon(language, _sections(file.read_text(encoding="utf-8")))


def languages_of(text: str) -> tuple[str, ...]:
    """The languages that a text in lower case may be in, told by its commonest words."""
    words = frozenset(_WORD.findall(text, 0, 2_000))
    counts = {language: len(words & common) for language, common in _common().items()}
    most = max(counts.values())
    if not most:
        # Two words may be in any language; a long text without one of them is in none of ours.
        return LANGUAGES if len(words) < _FEW_WORDS else LANGUAGES[:1]
    return tuple(language for language, count in counts.items() if count * 2 > most)


@lru_cache(maxsize=1024)
def pattern(section: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    """An expression that finds what a section lists, as whole words."""
    listed = [lexicon(language).pattern(section) for language in languages]
    return re.compile(rf"(?<!\w)(?:{'|'.join(filter(None, listed)) or '(?!)'})(?!\w)")


@lru_cache(maxsize=256)
def families(section: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    """An expression with a group for each family that a section lists."""
    found: dict[str, list[str]] = {}
    for language in languages:
        for name, expression in lexicon(language).families(section):
            found.setdefault(name, []).append(expression)
    groups = (f"(?P<{name}>{'|'.join(listed)})" for name, listed in found.items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups) or '(?!)'})(?!\w)")


@lru_cache(maxsize=256)
def negated(languages: tuple[str, ...]) -> re.Pattern[str]:
    """An expression for an action that is said not to be so, with a group for its family."""
    words = "|".join(filter(None, (lexicon(one).pattern("not") for one in languages)))
    actions = families("actions", languages).pattern
    return re.compile(rf"(?<!\w)(?:{words or '(?!)'})(?: [\w'-]+){{0,3}}? {actions}")


@lru_cache(maxsize=256)
def number_words(languages: tuple[str, ...]) -> dict[str, str]:
    """The digits of each word for a number from two on."""
    return {
        word: str(number)
        for language in languages
        for number, words in enumerate(lexicon(language).sections["numbers"], 2)
        for word in words.split("|")
    }


@cache
def _common() -> dict[str, frozenset[str]]:
    return {language: frozenset(lexicon(language).sections["common"]) for language in LANGUAGES}


def _sections(text: str) -> dict[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            entries = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            entries.extend(filter(None, map(str.strip, re.split(r",(?= |$)", line))))
    return {name: tuple(listed) for name, listed in sections.items()}
