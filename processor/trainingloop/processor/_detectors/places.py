"""Finds of street addresses in nine languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.address_context import CONTEXT_WORDS, announced_addresses
from trainingloop.processor._detectors.street_look import StreetLook
from trainingloop.processor._detectors.streets_english import ENGLISH_HINTS, english_streets
from trainingloop.processor._detectors.streets_germanic import GERMANIC_HINTS, germanic_streets
from trainingloop.processor._detectors.streets_romance import ROMANCE_HINTS, romance_streets

if TYPE_CHECKING:
    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain


STREET_WORDS: Final = ENGLISH_HINTS | ROMANCE_HINTS | GERMANIC_HINTS | CONTEXT_WORDS
"""Without one of these words a street can be known by the end of its name only."""


def street_addresses(plain: Plain) -> list[Match]:
    """Street addresses with a house number, what follows them, and post office boxes."""
    look = StreetLook(plain, STREET_WORDS & plain.words)
    found = list(germanic_streets(look))
    if look.hints:
        found += english_streets(look)
        found += romance_streets(look)
        found += announced_addresses(look, found)
    return found
