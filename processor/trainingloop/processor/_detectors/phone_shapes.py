"""How phone numbers look when no word names them, and what looks like one and is not."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from trainingloop.processor._detectors.phone_layouts import is_national_layout

_NORTH_AMERICAN: Final = re.compile(
    r"(?:1[ .\-]?)?(?:\([2-9][0-9]{2}\)[ \-]?|[2-9][0-9]{2}[ .\-/]{1,3})[0-9]{3}[ .\-]{1,3}[0-9]{4}"
    r"|\([2-9][0-9]{2}\) ?[0-9]{7}"
)
_AREA_IN_BRACKETS: Final = re.compile(r"\(0?[1-9][0-9]{0,4}\) ?[0-9]{2,8}(?:[ .\-][0-9]{2,5}){0,3}")
_TRUNK_ZERO: Final = re.compile(r"\(?0[1-9][0-9]{0,5}\)?(?:[ .\-/]{1,3}[0-9]{1,8}){1,5}")
_BARE_TRUNK_ZERO: Final = re.compile(r"0[1-9][0-9]{8,9}")
_SPANISH: Final = re.compile(r"[679][0-9]{2}([ .\-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}")
_INDIAN: Final = re.compile(r"[6-9][0-9]{4}[ \-][0-9]{5}")
# A phone number that may be a part of a run: all others must be the whole of it.
PART: Final = re.compile(
    rf"(?<![0-9.\-/])(?:{_NORTH_AMERICAN.pattern}|{_AREA_IN_BRACKETS.pattern}"
    rf"|{_TRUNK_ZERO.pattern}|00[1-9][0-9]{{0,14}}+(?:[ .\-()]{{1,3}}[0-9]{{1,9}}){{0,6}})"
    r"(?![0-9]|[.\-/][0-9])"
)

_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]+")
_FEW_DOTTED: Final = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9](?: [0-9]{3})+|.*000 000")
_DATE: Final = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[ ./\-](?:0?[1-9]|1[0-2])[ ./\-](?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2} ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12][0-9]|3[01])(?:[ \-][0-9]{2,6})?"
)
_YEARS: Final = re.compile(r"(?:1[5-9]|20)[0-9]{2}[ \-/]{1,3}(?:1[5-9]|20)[0-9]{2}")
_HOURS: Final = re.compile(
    r"(?:[01][0-9]|2[0-4])(\.?)[0-5][05] ?- ?(?:[01][0-9]|2[0-4])\1[0-5][05]"
)
_ZIP_CODE: Final = re.compile(r"[0-9]{5}-[0-9]{4}")
_GROUP: Final = re.compile(r"[0-9]+")
_OUTSIDE_DIGITS: Final = re.compile(r"[^0-9]+")
# One separator throughout, a hyphen among spaces; more kinds only with brackets or a trunk zero.
_REGULAR: Final = re.compile(r"[0-9]+(?:(?:[ \-][0-9]+)+|(?:\.[0-9]+)+)")

UNMISTAKABLE: Final = 0.9
"""How sure a shape is that no other number has."""
SHAPE: Final = 0.6
"""How sure a shape is that other numbers have as well."""
_LEAST_NATIONAL: Final = 7
_LEAST_WITH_ZERO: Final = 8
_MOST_NATIONAL: Final = 13


def is_north_american(written: str) -> bool:
    """Whether a number stands in the layout of the countries that share the code 1."""
    return _NORTH_AMERICAN.fullmatch(written) is not None


def is_unmistakable(written: str) -> bool:
    """Whether the shape is so particular that no word beside it can speak against it."""
    return bool(_NORTH_AMERICAN.fullmatch(written) or _SPANISH.fullmatch(written))


def may_be_phone(written: str) -> bool:
    """Whether a number that is called a phone can be one: a short decimal or a version cannot."""
    if not (_DECIMAL.fullmatch(written) or _FEW_DOTTED.fullmatch(written)):
        return True
    least = _LEAST_NATIONAL if written.count(".") == 1 else _LEAST_WITH_ZERO
    return len(written) - written.count(".") >= least and written[1] != "."


def has_phone_shape(written: str) -> bool:
    """Whether digits are grouped as a phone number is somewhere, and as nothing more likely."""
    groups = _OUTSIDE_DIGITS.split(written.strip("() "))
    count = sum(map(len, groups))
    if not _LEAST_NATIONAL <= count <= _MOST_NATIONAL:
        return False
    if len(groups) == 1:
        return _BARE_TRUNK_ZERO.fullmatch(written) is not None
    if _is_something_else(written, groups):
        return False
    if count >= _LEAST_WITH_ZERO and _has_area_code(written, count):
        return True
    if _INDIAN.fullmatch(written):
        return True
    is_regular = groups[0][0] == "0" or ")" in written or _REGULAR.fullmatch(written)
    return bool(is_regular) and is_national_layout(groups)


def _has_area_code(written: str, count: int) -> bool:
    if _AREA_IN_BRACKETS.fullmatch(written):
        return True
    return count > _LEAST_WITH_ZERO and _TRUNK_ZERO.fullmatch(written) is not None


def part_of(written: str) -> tuple[int, float]:
    """How much of something that begins like a phone number is one, 0 if none, and how surely."""
    if is_unmistakable(written):
        return len(written), UNMISTAKABLE
    groups: list[str] = []
    longest = digits = 0
    for group in _GROUP.finditer(written):
        groups.append(group.group())
        digits += len(groups[-1])
        if digits > _MOST_NATIONAL:
            break
        end = group.end()
        is_last = end == len(written)
        if (is_last or written[end] in " /") and is_national_layout(groups):
            longest = 0 if _is_something_else(written[:end], groups) else end
        elif is_last and not longest and has_phone_shape(written):
            longest = end
    return longest, SHAPE


def _is_something_else(written: str, groups: list[str]) -> bool:
    """A decimal, a date, years, hours, an amount, a postal code or a row of numbers."""
    if _DECIMAL.fullmatch(written) or _FEW_DOTTED.fullmatch(written):
        return True
    if _THOUSANDS.fullmatch(written) or _DATE.fullmatch(written) or _YEARS.fullmatch(written):
        return True
    if _HOURS.fullmatch(written) or _ZIP_CODE.fullmatch(written):
        return True
    return _is_sequence(groups) or (len(groups) == 2 and _is_range(groups))


def _is_range(groups: list[str]) -> bool:
    first, last = int(groups[0]), int(groups[1])
    return first < last and first % 50 == 0 and last % 50 == 0


def _is_sequence(groups: list[str]) -> bool:
    """Numbers that grow by one small step: 10 20 30 40."""
    if len(groups) < 3:
        return False
    numbers = [int(group) for group in groups]
    step = numbers[1] - numbers[0]
    return -10 <= step <= 10 and all(
        later - earlier == step for earlier, later in pairwise(numbers)
    )
