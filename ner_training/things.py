"""What stands where a name could and is none: places, titles, brands, dates, ids.

A kind is a file of ``lists/``, one form a line; a form may name other kinds in braces.
"""

from __future__ import annotations

import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from phonenumbers.geodata import GEOCODE_DATA

if TYPE_CHECKING:
    import random

    from ner_training.people import People

LISTS: Final = Path(__file__).parent / "lists"
_FARTHER: Final = 0.4
"""How often a place is any place with a telephone."""
_TOWN: Final = re.compile(r"[^\W\d_]+(?:[ '.-][^\W\d_]+)*")
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")


@cache
def towns() -> tuple[str, ...]:
    """The places of the world in the tables of the telephone library."""
    named = (by_language.get("en", "") for by_language in GEOCODE_DATA.values())
    firsts = {re.split(r"[,/(]| - ", name)[0].strip() for name in named}
    return tuple(sorted(name for name in firsts if 3 <= len(name) <= 25 and _TOWN.fullmatch(name)))


class Things:
    """Makes one thing of a kind, some of them with what is elsewhere the name of a person."""

    def __init__(self, people: People, rng: random.Random) -> None:
        self._people = people
        self._rng = rng
        self._forms = {
            path.stem: path.read_text(encoding="utf-8").splitlines()
            for path in sorted(LISTS.glob("*.txt"))
        }

    def make(self, kind: str) -> str:
        """One thing of that kind."""
        if kind == "city" and self._rng.random() < _FARTHER:
            return self._rng.choice(towns())
        if kind in self._forms:
            return _SLOT.sub(lambda slot: self.make(slot[1]), self._rng.choice(self._forms[kind]))
        return self._name(kind) if kind in _NAMES else self._sign(kind)

    def _name(self, kind: str) -> str:
        culture = self._people.culture(self._rng, "en")
        draw = self._people.first if kind.startswith("first") else self._people.last
        name = draw(self._rng, culture)
        return "".join(filter(str.isalnum, name)).lower() if kind.endswith("word") else name

    def _sign(self, kind: str) -> str:
        rng = self._rng
        if kind == "code":
            return "".join(rng.choices(string.ascii_uppercase + "0123456789", k=6))
        if kind == "comma":
            return rng.choice((",", ""))
        low, high, form = _NUMBERS[kind]
        return f"{rng.randint(low, high):{form}}"


_NAMES: Final = frozenset({"first", "last", "firstword", "lastword"})
_NUMBERS: Final = {
    "num": (1, 12, ""),
    "day": (1, 28, ""),
    "two": (10, 59, ""),
    "year": (1930, 2026, ""),
    "amount": (1, 2_000, ""),
    "house": (1, 9_999, ""),
    "digits": (0, 999_999, "06"),
}
