"""Personal data for every place it can hide in; each has its own, so that a find says where."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One invented person, who is only known at one place."""

    place: str
    number: int

    @property
    def email(self) -> str:
        """An address of the domain for examples."""
        return f"canary{self.number:03}@example.com"

    @property
    def phone(self) -> str:
        """A number of the range for fiction, with its country."""
        return f"+1 415 555 0{self.number:03}"

    @property
    def card(self) -> str:
        """A card number with a correct check digit."""
        digits = f"411111111{self.number:03}000"
        return next(f"{digits}{check}" for check in range(10) if _is_luhn(f"{digits}{check}"))

    @property
    def iban(self) -> str:
        """An account number with correct check digits."""
        account = f"37040044053201{self.number:04}"
        check = 98 - int(f"{account}131400") % 97
        return f"DE{check:02}{account}"

    @property
    def ssn(self) -> str:
        """A social security number."""
        return f"123-45-6{self.number:03}"

    @property
    def address(self) -> str:
        """A street with its number."""
        return f"{self.number} Canary Street"

    @property
    def ip(self) -> str:
        """An address of the networks for documentation."""
        network = ("203.0.113", "198.51.100", "192.0.2")[self.number // 250]
        return f"{network}.{self.number % 250 + 1}"

    @property
    def born(self) -> str:
        """A date."""
        return f"19{self.number // 12 % 60 + 30}-{self.number % 12 + 1:02}-05"

    @property
    def secret(self) -> str:
        """A key."""
        return f"sk-proj-canary{self.number:03}abcdefghijkl"

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        return (
            f"mail {self.email}, call {self.phone}, card {self.card}, IBAN {self.iban}, "
            f"social {self.ssn}, from {self.ip}, born on {self.born}, key {self.secret}, "
            f"lives at {self.address}"
        )

    def found_in(self, text: str) -> list[str]:
        """Return the kinds of what is found in ``text``."""
        needles = {
            "email": self.email.partition("@")[0] + "@",
            "phone": self.phone.removeprefix("+1 "),
            "phone digits": re.sub(r"\D", "", self.phone),
            "card": self.card,
            "iban": self.iban[4:],
            "ssn": self.ssn,
            "address": f" {self.address}",
            "ip": f" {self.ip},",
            "birth": self.born,
            "secret": self.secret.removeprefix("sk-proj-"),
        }
        return [kind for kind, needle in needles.items() if needle in text]


def readings(text: str) -> Iterator[str]:
    """Yield a text and what it says to those who decode what is encoded in it."""
    yield text
    if "%" in text:
        yield unquote(text)
    if "\\" in text:
        yield re.sub(r"\\+u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    for found in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            yield base64.b64decode(found, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue


def twice(value: object) -> str:
    """Return ``value`` as JSON within JSON."""
    return json.dumps(json.dumps(value))


def _is_luhn(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        total += sum(divmod(int(digit) * (1 + position % 2), 10))
    return total % 10 == 0
