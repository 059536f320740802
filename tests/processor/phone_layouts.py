"""Derives from the library's metadata how the countries of the world write their phone numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberDesc, PhoneNumberFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

_GROUP: Final = re.compile(r"[0-9]+")
_TAIL: Final = "2345678901234567"
"""What follows the first three digits of a number that is tried."""
_LEAST_DIGITS: Final = 7
_MOST_DIGITS: Final = 13


def derived_layouts() -> str:
    """The table as it is checked in: the lengths of the groups, and a bit for each beginning."""
    beginnings: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for groups in _national_forms(region):
            if _LEAST_DIGITS <= len("".join(groups)) <= _MOST_DIGITS:
                beginnings[tuple(map(len, groups))].add(int("".join(groups)[:2]))
    return "\n".join(
        f"{' '.join(map(str, lengths))}:{sum(1 << first for first in found):x}"
        for lengths, found in sorted(beginnings.items())
    )


def _national_forms(region: str) -> Iterator[list[str]]:
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.country_code is None or metadata.general_desc is None:
        return
    kinds = (metadata.fixed_line, metadata.mobile, metadata.toll_free)
    numbers = {
        number
        for kind in kinds
        if kind is not None
        for number in _numbers(kind, metadata.general_desc)
    }
    for number in numbers:
        yield _GROUP.findall(_nationally(metadata.country_code, number))


def _numbers(kind: PhoneNumberDesc, general: PhoneNumberDesc) -> Iterator[str]:
    """One number of each beginning and length that is given out."""
    if not kind.national_number_pattern:
        return
    is_given_out = re.compile(kind.national_number_pattern).fullmatch
    for length in kind.possible_length or general.possible_length:
        tail = _TAIL[: max(0, length - 3)]
        numbers = (f"{beginning:03}{tail}" for beginning in range(1000))
        yield from (number for number in numbers if is_given_out(number))
    if kind.example_number:
        yield kind.example_number


def _nationally(country_code: int, number: str) -> str:
    zeros = len(number) - len(number.lstrip("0"))
    parsed = PhoneNumber(
        country_code=country_code,
        national_number=int(number),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
