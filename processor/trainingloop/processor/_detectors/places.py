"""Finds of street addresses in nine languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.processor._detectors.address_context import announced_addresses
from trainingloop.processor._detectors.streets_english import english_streets
from trainingloop.processor._detectors.streets_germanic import germanic_streets
from trainingloop.processor._detectors.streets_romance import romance_streets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain


def street_addresses(plain: Plain) -> Iterator[Match]:
    """Street addresses with a house number, what follows them, and post office boxes."""
    yield from english_streets(plain)
    yield from romance_streets(plain)
    yield from germanic_streets(plain)
    yield from announced_addresses(plain)
