"""The detectors that need no model: each finds one family of personal data, in linear time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.accounts import accounts
from trainingloop.processor._detectors.addresses import crypto_addresses, emails, network_addresses
from trainingloop.processor._detectors.births import births
from trainingloop.processor._detectors.fields import named_fields
from trainingloop.processor._detectors.hidden import hidden_numbers
from trainingloop.processor._detectors.identities import lettered_ids, national_ids
from trainingloop.processor._detectors.numbers import numbers
from trainingloop.processor._detectors.places import street_addresses
from trainingloop.processor._detectors.references import references
from trainingloop.processor._detectors.secrets import private_keys, secrets
from trainingloop.processor._detectors.spelled import spelled_addresses
from trainingloop.processor._gate import (
    is_clean as is_clean_without_re2,
)
from trainingloop.processor._gate import is_read_as_written, python_gate, re2_gate
from trainingloop.processor._names import introductions
from trainingloop.processor._normalise import Plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trainingloop.processor._entities import Detector, Match

__all__ = [
    "DETECTORS",
    "detect",
    "emails",
    "first_look",
    "is_clean_without_re2",
    "numbers",
    "private_keys",
    "references",
]

DETECTORS: Final[Mapping[str, Detector]] = {
    "emails": emails,
    "spelled_addresses": spelled_addresses,
    "hidden_numbers": hidden_numbers,
    "secrets": secrets,
    "fields": named_fields,
    "numbers": numbers,
    "lettered_ids": lettered_ids,
    "national_ids": national_ids,
    "accounts": accounts,
    "network": network_addresses,
    "streets": street_addresses,
    "births": births,
    "crypto": crypto_addresses,
    "introductions": introductions,
}
"""All of them, by the name that explanations use."""

_RE2_GATE: Final = re2_gate(tuple(DETECTORS))
_GATE: Final = _RE2_GATE or python_gate(tuple(DETECTORS))
_FALSE_ALARMS: Final = frozenset({"streets", "introductions"})
"""Called for many a text without a find: "thanks", "my", "a table for 2 at the Plaza"."""


def detect(plain: Plain) -> Iterable[Match]:
    """Every find of every detector; run are those that can find anything."""
    for name in _GATE(plain):
        yield from DETECTORS[name](plain)


def first_look(text: str) -> list[Match] | None:
    """Every find in a text of which that can be told at next to no cost; ``None`` for others."""
    if _RE2_GATE is None:
        return [] if is_clean_without_re2(text) else None
    if not is_read_as_written(text):
        return None
    form = Plain(text)
    called = _RE2_GATE(form)
    if not called:
        return []
    if not _FALSE_ALARMS.issuperset(called):
        return None
    return [match for name in called for match in DETECTORS[name](form)]
