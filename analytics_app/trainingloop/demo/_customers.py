"""Invented customers with personal data of several kinds, from five countries.

Nobody is behind any of it: phone numbers come from the ranges the regulators keep for fiction,
mail addresses from the domains reserved for examples, cards from the test range 4000 00, and
IBANs have right check digits over accounts that are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.demo._dice import dice

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody who writes to the workshop."""

    id: str
    """Their number in the workshop's customer file."""
    country: str
    phone: str
    email: str
    address: str
    date_of_birth: str
    card: str
    iban: str

    def personal_values(self) -> tuple[str, ...]:
        """Give everything about this customer that must never be stored."""
        return (
            self.phone,
            self.email,
            self.address,
            self.date_of_birth,
            self.card,
            self.iban,
            self.id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Locale:
    country: str
    phones: tuple[str, ...]
    """Templates in which ``#`` is a digit."""
    streets: tuple[str, ...]
    address: str
    """A template over ``street``, ``number`` and ``town``."""
    towns: tuple[str, ...]
    birth: Callable[[int, int, int], str]
    iban: str


def _day_first(separator: str) -> Callable[[int, int, int], str]:
    return lambda year, month, day: f"{day:02d}{separator}{month:02d}{separator}{year}"


def _month_first(year: int, month: int, day: int) -> str:
    return f"{month:02d}/{day:02d}/{year}"


_LOCALES: Final = (
    _Locale(
        country="US",
        phones=("+1 415 555 01##", "(206) 555-01##", "303-555-01##"),
        streets=("Maple Avenue", "Cedar Street", "Juniper Road"),
        address="{number} {street}, {town}",
        towns=("Portland, OR 97205", "Denver, CO 80203"),
        birth=_month_first,
        iban="DE##99900000##########",
    ),
    _Locale(
        country="GB",
        phones=("+44 20 7946 0###", "020 7946 0###", "+44 117 496 0###"),
        streets=("Alder Lane", "Quarry Road", "Chapel Street"),
        address="{number} {street}, {town}",
        towns=("Bristol BS1 4ST", "Leeds LS2 7UE"),
        birth=_day_first("/"),
        iban="GB##TEST99############",
    ),
    _Locale(
        country="DE",
        phones=("+49 30 23125 ###", "030 23125###", "+49 171 39200##"),
        streets=("Lindenstraße", "Gartenweg", "Bahnhofstraße"),
        address="{street} {number}, {town}",
        towns=("10969 Berlin", "50667 Köln"),
        birth=_day_first("."),
        iban="DE##99900000##########",
    ),
    _Locale(
        country="FR",
        phones=("+33 1 99 00 ## ##", "01 99 00 ## ##", "04 65 71 ## ##"),
        streets=("rue des Tilleuls", "avenue des Marronniers", "rue du Moulin"),
        address="{number} {street}, {town}",
        towns=("69007 Lyon", "44000 Nantes"),
        birth=_day_first("/"),
        iban="FR##99999#####00000000##7##",
    ),
    _Locale(
        country="AU",
        phones=("+61 491 570 1##", "+61 2 5550 ####", "(02) 5550 ####"),
        streets=("Wattle Street", "Banksia Drive", "Harbour Road"),
        address="{number} {street}, {town}",
        towns=("Newtown NSW 2042", "Fremantle WA 6160"),
        birth=_day_first("/"),
        iban="NL##TEST04########",
    ),
)
_FIRST: Final = (
    "alma",
    "bruno",
    "carys",
    "dario",
    "elin",
    "farid",
    "greta",
    "hugo",
    "imani",
    "jonas",
)
_LAST: Final = ("ashdown", "brandt", "castel", "dorval", "ekström", "fenwick", "galland", "holm")
_DOMAINS: Final = ("example.com", "example.org", "example.net", "mail.example.com")


def customer(seed: int, index: int) -> Customer:
    """Give the customer number ``index`` of this seed."""
    chance = dice(seed, "customer", index)
    locale = chance.choice(_LOCALES)
    return Customer(
        id=f"crm-{seed % 1000:03d}{index:05d}",
        country=locale.country,
        phone=_digits(chance.choice(locale.phones), chance),
        email=_email(chance),
        address=_address(locale, chance),
        date_of_birth=locale.birth(
            chance.randint(1948, 2004), chance.randint(1, 12), chance.randint(1, 28)
        ),
        card=_card(chance),
        iban=_iban(locale.iban, chance),
    )


def _digits(template: str, chance: Random) -> str:
    return "".join(str(chance.randrange(10)) if sign == "#" else sign for sign in template)


def _email(chance: Random) -> str:
    first = chance.choice(_FIRST)
    last = chance.choice(_LAST).replace("ö", "o")
    local = chance.choice(
        (f"{first}.{last}", f"{first[0]}{last}", f"{last}{chance.randint(50, 99)}")
    )
    return f"{local}@{chance.choice(_DOMAINS)}"


def _address(locale: _Locale, chance: Random) -> str:
    return locale.address.format(
        number=chance.randint(2, 189),
        street=chance.choice(locale.streets),
        town=chance.choice(locale.towns),
    )


def _card(chance: Random) -> str:
    head = _digits("400000#########", chance)
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(head))
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10
    number = f"{head}{check}"
    separator = chance.choice((" ", "-", ""))
    return separator.join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(template: str, chance: Random) -> str:
    country, account = template[:2], _digits(template[4:], chance)
    rearranged = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    number = f"{country}{98 - int(rearranged) % 97:02d}{account}"
    is_grouped = chance.random() < 0.5
    return (
        " ".join(number[at : at + 4] for at in range(0, len(number), 4)) if is_grouped else number
    )
