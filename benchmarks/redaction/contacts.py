"""E-mail addresses, telephone numbers and addresses of machines."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from benchmarks.redaction import people
from benchmarks.redaction.examples import words

if TYPE_CHECKING:
    import random

_REGIONS = {
    "en": ("US", "US", "GB", "AU", "CA", "IE", "IN", "NZ", "ZA", "SG"),
    "es": ("ES", "ES", "MX", "AR", "CO", "CL", "PE"),
    "de": ("DE", "DE", "AT", "CH"),
    "fr": ("FR", "FR", "BE", "CA", "CH", "LU", "SN"),
    "it": ("IT", "IT", "CH"),
    "pt": ("PT", "BR", "BR", "AO", "MZ"),
}
_MAIL_HOSTS = words(
    "example.com example.org example.net mail.example.com example.co.uk example.de "
    "example.fr example.es example.it example.com.br example.pt shop-example.io "
    "sub.domain.example.com example-hotel.travel my.example.dev example.museum "
    "post.example.app xn--exmple-cua.com"
)
_HANDLES = "sunny bikerider moonlight info kontakt contact office team admin no.reply bookings"


def mail_address(dice: random.Random, language: str) -> str:
    """An e-mail address as people choose them."""
    first = _plain(people.first_name(dice, language))
    last = _plain(people.last_name(dice, language))
    number = dice.randint(1, 2010)
    local = dice.choice(
        (
            f"{first}.{last}",
            f"{first}_{last}{number % 100}",
            f"{first[0]}{last}",
            f"{first}{number}",
            f"{first}.{last}+{dice.choice(('shop', 'travel', 'x1'))}",
            f"{first}-{last}",
            f"{dice.choice(_HANDLES.split())}",
            f"{last}.{first}.{number % 100}",
            f"{first}",
            f"x.{last}.{first[0]}",
        )
    )
    host = dice.choice(_MAIL_HOSTS)
    if dice.random() < 0.15:
        local, host = local.title(), host.capitalize()
    return f"{local}@{host}"


def _plain(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", ascii_name.lower()) or "ada"


def phone(dice: random.Random, language: str) -> str:
    """A valid number of a region of the language, grouped as people write it."""
    number = _valid(dice, dice.choice(_REGIONS[language]))
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return dice.choice(
        (
            international,
            international,
            e164,
            national,
            national,
            national,
            re.sub(r"[^0-9]", "", national),
            re.sub(r"[ -]+", dice.choice((".", "-")), re.sub(r"[()]", "", national)),
            "00" + international[1:],
            "00" + e164[1:],
            international.replace("-", " "),
            re.sub(r"^\+(\d+) ", r"+\1 (0) ", international)
            if language == "de"
            else international.replace(" ", "-"),
            re.sub(r"^(0\d+)[ -]", r"\1/", national) if language == "de" else national,
            f"({international.split(' ', 1)[0]}) {international.split(' ', 1)[1]}",
        )
    )


def _valid(dice: random.Random, region: str) -> PhoneNumber:
    """The region's example number with other last digits."""
    kind = dice.choice((PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE))
    example = phonenumbers.example_number_for_type(region, kind)
    if example is None or example.national_number is None:
        raise ValueError(region)
    for _ in range(30):
        tail = dice.randrange(10_000)
        changed = PhoneNumber(
            country_code=example.country_code,
            national_number=example.national_number // 10_000 * 10_000 + tail,
            italian_leading_zero=example.italian_leading_zero,
            number_of_leading_zeros=example.number_of_leading_zeros,
        )
        if phonenumbers.is_valid_number_for_region(changed, region):
            return changed
    return example


@cache
def region_examples() -> tuple[tuple[str, str], ...]:
    """(format, number) of every region's example numbers: mobile and fixed, in three formats."""
    found: dict[tuple[str, str], None] = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            for name in ("INTERNATIONAL", "NATIONAL", "E164"):
                form = getattr(PhoneNumberFormat, name)
                found[region + name, phonenumbers.format_number(example, form)] = None
    return tuple((key.lstrip()[2:], number) for key, number in found)


def ip_address(dice: random.Random) -> str:
    """An IPv4 or IPv6 address, in the notations tools print."""
    if dice.random() < 0.65:
        first = dice.choice((10, 172, 192, 203, 198, 84, 91, 145, 8, 62, 217))
        second = {172: 20, 192: 168}.get(first, dice.randint(0, 255))
        return f"{first}.{second}.{dice.randint(0, 255)}.{dice.randint(1, 254)}"
    prefix = dice.choice((0x20010DB8, 0x20010DB8, 0xFE800000, 0x2A020908, 0xFD000000))
    holes = dice.choice((0, 32, 64))
    tail = dice.getrandbits(96 - holes)
    address = ipaddress.IPv6Address(prefix << 96 | tail)
    return dice.choice(
        (
            address.compressed,
            address.compressed,
            address.exploded,
            address.compressed.upper(),
            f"::ffff:203.0.113.{dice.randint(1, 254)}",
        )
    )


def mac_address(dice: random.Random) -> str:
    """A hardware address in one of its four notations."""
    digits = f"{dice.getrandbits(48):012x}"
    pairs = [digits[index : index + 2] for index in range(0, 12, 2)]
    return dice.choice(
        (
            ":".join(pairs),
            ":".join(pairs).upper(),
            "-".join(pairs).upper(),
            "-".join(pairs),
            ".".join((digits[:4], digits[4:8], digits[8:])),
        )
    )
