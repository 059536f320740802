"""Fills the lines people write with values: a text file a language, a section a style."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.redaction import contacts, money, papers, people, secret_formats
from benchmarks.redaction.examples import Kind, Piece, filler

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LANGUAGES = ("en", "es", "de", "fr", "it", "pt")
STRUCTURED = "structured"

_SLOT = re.compile(r"\{([A-Za-z_0-9]+)\}")
_KINDS = {
    "FIRST": Kind.PERSON,
    "TITLED": Kind.PERSON,
    "PASSWORD": Kind.SECRET,
    "PIN": Kind.SECRET,
    "PEM": Kind.SECRET,
    "CONNECTION": Kind.SECRET,
    "CITY": Kind.OTHER,
    "order": Kind.OTHER,
}
_DAYS = {
    "en": "Monday Tuesday Friday tomorrow Saturday",
    "es": "lunes martes viernes mañana sábado",
    "de": "Montag Dienstag Freitag morgen Samstag",
    "fr": "lundi mardi vendredi demain samedi",
    "it": "lunedì martedì venerdì domani sabato",
    "pt": "segunda terça sexta amanhã sábado",
}


@cache
def lines(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of each section of one file."""
    sections: dict[str, list[str]] = {}
    text = (Path(__file__).parent / "lines" / f"{name}.txt").read_text(encoding="utf-8")
    current: list[str] = []
    for line in text.splitlines():
        if re.fullmatch(r"\[[a-z]+\]", line):
            current = sections.setdefault(line[1:-1], [])
        elif line:
            current.append(line.replace("\\n", "\n"))
    return {section: tuple(found) for section, found in sections.items()}


@cache
def carriers(name: str, section: str, kind: Kind) -> tuple[str, ...]:
    """The lines of a section that hold a value of a kind."""
    return tuple(
        line
        for line in lines(name)[section]
        if any(_kind_of(slot) is kind for slot in _SLOT.findall(line))
    )


def _kind_of(slot: str) -> Kind | None:
    known = _KINDS.get(slot)
    return Kind(slot) if known is None and slot in Kind.__members__ else known


class Writer:
    """Writes in one language with one source of chance."""

    def __init__(self, language: str, dice: random.Random) -> None:
        self.language = language
        self.dice = dice

    def pieces(self, line: str) -> list[Piece]:
        """The line with every slot filled."""
        self._named = "_NAME}" in line or "_token=" in line or "_key=" in line
        self._pairs: dict[str, tuple[str, str]] = {}
        pieces: list[Piece] = []
        position = 0
        for slot in _SLOT.finditer(line):
            pieces.append(filler(line[position : slot.start()]))
            pieces += self._filled(slot[1])
            position = slot.end()
        pieces.append(filler(line[position:]))
        return [piece for piece in pieces if piece.text]

    def _filled(self, slot: str) -> list[Piece]:
        if slot == "TITLED":
            title = people.title(self.dice, self.language)
            last = people.last_name(self.dice, self.language)
            return [filler(f"{title} "), Piece(text=last, kind=Kind.PERSON)]
        if slot == "CONNECTION":
            before, password, after = secret_formats.connection(self.dice)
            value = Piece(text=password, kind=Kind.SECRET, is_verbatim=True)
            return [filler(before), value, filler(after)]
        text = self._value(slot)
        if slot == "SECRET":
            return secret_formats.as_pieces(text)
        kind = _kind_of(slot)
        return [Piece(text=text, kind=kind, is_verbatim=kind in (Kind.SECRET, Kind.CRYPTO))]

    def _value(self, slot: str) -> str:
        pair = {"NATIONAL_ID": "ID_NAME", "ACCOUNT": "ACCOUNT_NAME", "SECRET": "SECRET_NAME"}
        if slot in pair:
            return self._pair(slot)[1]
        for value_slot, name_slot in pair.items():
            if slot == name_slot:
                return self._pair(value_slot)[0]
        return _VALUES[slot](self.dice, self.language)

    def _pair(self, slot: str) -> tuple[str, str]:
        if slot not in self._pairs:
            self._pairs[slot] = self._drawn(slot)
        return self._pairs[slot]

    def _drawn(self, slot: str) -> tuple[str, str]:
        if slot == "NATIONAL_ID":
            return papers.paper(self.dice, self.language)
        if slot == "ACCOUNT":
            return money.account(self.dice, self.language)
        return secret_formats.secret(self.dice, is_named=self._named)


_VALUES: dict[str, Callable[[random.Random, str], str]] = {
    "PERSON": people.full_name,
    "FIRST": people.first_name,
    "ADDRESS": people.street,
    "CITY": people.town,
    "DOB": people.birthday,
    "EMAIL": contacts.mail_address,
    "PHONE": contacts.phone,
    "IBAN": money.iban,
    "PASSWORD": secret_formats.password,
    "IP": lambda dice, _: contacts.ip_address(dice),
    "MAC": lambda dice, _: contacts.mac_address(dice),
    "CARD": lambda dice, _: money.card(dice),
    "CRYPTO": lambda dice, _: money.wallet(dice),
    "SSN": lambda dice, _: papers.social_security(dice, is_named=True),
    "PEM": lambda dice, _: secret_formats.private_key(dice),
    "PIN": lambda dice, _: f"{dice.randint(0, 9999):04d}",
    "day": lambda dice, language: dice.choice(_DAYS[language].split()),
    "month": lambda dice, language: dice.choice(people.MONTHS[language]),
    "time": lambda dice, _: f"{dice.randint(8, 21)}:{dice.choice(('00', '15', '30', '45'))}",
    "date": lambda dice, _: dice.choice(("{:02d}/{:02d}/2026", "{:02d}.{:02d}.2026")).format(
        dice.randint(1, 28), dice.randint(1, 12)
    ),
    "price": lambda dice, _: f"{dice.randint(5, 400)}.{dice.randint(10, 99)} EUR",
    "count": lambda dice, _: str(dice.randint(2, 12)),
    "year2": lambda dice, _: str(dice.randint(26, 31)),
    "order": lambda dice, _: dice.choice(("#{}", "A-{}", "{}", "ORD-{}")).format(
        dice.randint(10_000, 999_999)
    ),
}
