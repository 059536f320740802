"""Names of invented people: from Faker's locales, from lists of our own, and made-up ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

from faker import Faker

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

ENGLISH: Final = ("en_US", "en_GB", "en_IN", "en_IE")
LOCALES: Final = (
    *ENGLISH, "de_DE", "fr_FR", "es_ES", "es_MX", "it_IT", "pt_BR", "pt_PT", "nl_NL", "pl_PL",
    "tr_TR", "sv_SE", "no_NO", "da_DK", "fi_FI", "cs_CZ", "hu_HU", "ro_RO", "id_ID",
    "fil_PH", "hr_HR", "sk_SK", "sl_SI", "et_EE", "lt_LT",
)  # fmt: skip
_DRAWS: Final = 1_500
_HELD_OUT_OF: Final = 12
"""One name in so many is kept for the evaluation."""

_LIST: Final = Path(__file__).parent / "lists" / "names.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """The names one person's first and last name are drawn from."""

    first: Sequence[str]
    last: Sequence[str]


class People:
    """Invented people, the same ones for the same seed."""

    def __init__(self, *, held_out: bool) -> None:
        self._cultures = {
            key: Culture(
                first=[name for name in culture.first if is_held_out(name) is held_out],
                last=[name for name in culture.last if is_held_out(name) is held_out],
            )
            for key, culture in _cultures().items()
        }
        # A culture with a short list may have nothing to keep back.
        self._cultures = {
            key: culture
            for key, culture in self._cultures.items()
            if culture.first and culture.last
        }
        everybody = list(self._cultures.values())
        self._first_chain = _Chain([name for one in everybody for name in one.first])
        self._last_chain = _Chain([name for one in everybody for name in one.last])
        self._keys = list(self._cultures)

    def first(self, rng: random.Random, key: str) -> str:
        """A first name of that culture, one in five made up."""
        if rng.random() < 0.2:
            return self._first_chain.word(rng)
        first = rng.choice(self._cultures[key].first)
        if rng.random() < 0.04 and " " not in first:
            return f"{first}{rng.choice(('-', ' '))}{rng.choice(self._cultures[key].first)}"
        return first

    def last(self, rng: random.Random, key: str) -> str:
        """A last name of that culture, one in four made up."""
        if rng.random() < 0.25:
            return self._last_chain.word(rng)
        last = rng.choice(self._cultures[key].last)
        if rng.random() < 0.06 and " " not in last and "-" not in last:
            return f"{last}-{rng.choice(self._cultures[key].last)}"
        return last

    def culture(self, rng: random.Random, language: str) -> str:
        """A culture, mostly one whose people write in that language."""
        near = [key for key in self._keys if key.startswith(language)]
        if language == "en":
            near += [key for key in self._keys if key in {"en_US", "short"}] * 2
        return rng.choice(near if rng.random() < 0.5 else self._keys)


class _Chain:
    """Words that look like those it was given, letter after letter."""

    def __init__(self, words: Sequence[str]) -> None:
        self._next: dict[str, list[str]] = defaultdict(list)
        for word in words:
            padded = f"^^{word.lower()}$"
            for index in range(len(padded) - 2):
                self._next[padded[index : index + 2]].append(padded[index + 2])

    def word(self, rng: random.Random) -> str:
        """A new word of three to twelve letters."""
        while True:
            word = "^^"
            while word[-1] != "$" and len(word) < 15:
                word += rng.choice(self._next[word[-2:]])
            word = word[2:].rstrip("$")
            if 3 <= len(word) <= 12 and word.isalpha():
                return word.capitalize()


def is_held_out(name: str) -> bool:
    """Whether a name is kept for the evaluation."""
    return crc32(name.lower().encode()) % _HELD_OUT_OF == 0


def _cultures() -> dict[str, Culture]:
    found: dict[str, Culture] = {}
    for locale in LOCALES:
        fake = Faker(locale)
        fake.seed_instance(crc32(locale.encode()))
        found[locale] = Culture(
            first=sorted({fake.first_name() for _ in range(_DRAWS)}),
            last=sorted({fake.last_name() for _ in range(_DRAWS)}),
        )
    lists = _own_lists()
    for key in sorted({key for key, _ in lists}):
        found[key] = Culture(first=lists[key, "first"], last=lists[key, "last"])
    return found


def _own_lists() -> dict[tuple[str, str], list[str]]:
    """The names of a culture by which of the two they are."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        head, _, names = line.partition(":")
        if names and not line.startswith("#"):
            key, _, which = head.partition(" ")
            found[key, which] = [_capital(name) for name in names.split()]
    return found


def _capital(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
