"""Finds of international bank account numbers."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors import checks
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

# One or two separators between any two characters: people group by four, by two or not at all.
_WRITTEN: Final = re.compile(
    r"(?<![0-9a-z])[a-z]{2}[ \-.]?[0-9]{2}(?:[ \-.]{0,2}+[0-9a-z]){11,30}+"
)
_AFTER_NAME: Final = re.compile(
    r"iban[ :=#.\-]{0,3}\Z|iban (?:is|no\.?|number|nr\.?|ist|es|est) \Z"
)
COUNTRIES: Final = frozenset(
    first + second
    for first in ascii_lowercase
    for second in ascii_lowercase
    if checks.iban_length((first + second).upper())
)
"""How an account number can begin."""
_SEPARATORS: Final = str.maketrans("", "", " -.")
_FEWEST_DIGITS: Final = 8
# In these countries the part after the check digits has digits only.
_NUMERIC: Final = frozenset(
    (
        "AE", "AT", "BA", "BE", "CZ", "DE", "DK", "EE", "ES", "FI", "FK", "FO", "GL", "HR",
        "HU", "IL", "IS", "LT", "LY", "ME", "MN", "MR", "NO", "PL", "PT", "RS", "SD", "SE", "SI",
        "SK", "SO", "ST", "TL", "TN", "VA", "XK",
    )
)  # fmt: skip


def iban_at(lower: str, start: int) -> Iterator[Match]:
    """The account number that begins at ``start``, with one of `COUNTRIES`."""
    country = lower[start : start + 2].upper()
    length = checks.iban_length(country)
    found = _WRITTEN.match(lower, start)
    begin = start
    if found is None and lower[start - 4 : start] == "iban":
        # Glued to its name; a slice hides the name from the look-behind.
        found, begin = _WRITTEN.match(lower[start : start + 100]), 0
    if found is None:
        return
    compact = found.group().translate(_SEPARATORS)[:length].upper()
    if len(compact) < length or not _is_plausible(compact, country):
        return
    if checks.is_iban(compact) or _AFTER_NAME.search(lower, max(0, start - 12), start):
        stop = start + _end_of_characters(found.group(), length) + (found.start() - begin)
        yield Match(start=start, end=stop, entity=Entity.IBAN, value=compact)


def _is_plausible(compact: str, country: str) -> bool:
    """Whether what follows the check digits can be an account in that country."""
    rest = compact[4:]
    return rest.isdigit() or (
        country not in _NUMERIC and sum(map(str.isdigit, rest)) >= _FEWEST_DIGITS
    )


def _end_of_characters(written: str, count: int) -> int:
    """Where the first ``count`` letters and digits end."""
    for index, character in enumerate(written):
        count -= character.isalnum()
        if count == 0:
            return index + 1
    return len(written)
