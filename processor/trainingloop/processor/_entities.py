"""The kinds of personal data, one find of it, and the tokens that stand in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.processor._normalise import Plain

FAILED: Final = "<REDACTION_FAILED>"
"""What stands where a value could not be looked at."""
DROPPED: Final = "<DROPPED>"
"""What stands where the policy drops a value."""


class Entity(StrEnum):
    """A kind of personal data; its value is the first word of the token."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    IBAN = "IBAN"
    ACCOUNT = "ACCOUNT"
    SSN = "SSN"
    NATIONAL_ID = "NATIONAL_ID"
    IP = "IP"
    MAC = "MAC"
    ADDRESS = "ADDRESS"
    DOB = "DOB"
    PERSON = "PERSON"
    SECRET = "SECRET"  # noqa: S105  # the name of a kind, not a secret
    CRYPTO = "CRYPTO"
    ID = "ID"
    BLOB = "BLOB"


_SPECIFICITY: Final = {
    entity: rank
    for rank, entity in enumerate(
        (
            Entity.ID,
            Entity.PERSON,
            Entity.ADDRESS,
            Entity.ACCOUNT,
            Entity.PHONE,
            Entity.DOB,
            Entity.IP,
            Entity.MAC,
            Entity.NATIONAL_ID,
            Entity.SSN,
            Entity.IBAN,
            Entity.CARD,
            Entity.CRYPTO,
            Entity.EMAIL,
            Entity.SECRET,
            Entity.BLOB,
        )
    )
}

_KINDS: Final = "|".join(sorted((kind.value for kind in Entity), key=len, reverse=True))
# Strict on purpose: what looks like a token is not looked into, so it must be unable to carry more
# than capital letters and eight base32 characters (and, for a blob, a length).
TOKEN: Final = re.compile(
    rf"<(?:(?:{_KINDS})(?:_[a-z2-7]{{8}})?|[A-Z][A-Z_]{{1,29}}_[a-z2-7]{{8}}"
    r"|BLOB_[a-z2-7]{8}_[0-9]{1,9}|REDACTION_FAILED|DROPPED)>"
)
"""Tokens of all kinds, those that only a policy knows included."""


MASK: Final = "\ufffc"
"""What a detector sees in place of an earlier token; no context reaches across it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Personal data found at ``start:end`` of a text."""

    start: int
    end: int
    entity: Entity
    value: str
    """The canonical form, equal for every spelling of the same value."""
    score: float = 1.0
    """How sure the detector is, from 0 to 1; 1 where a check digit or an exact shape settles it."""
    detector: str = ""
    """Who found it; set only where somebody asks for an explanation."""


class Detector(Protocol):
    """Finds one family of personal data in a text, in time linear in its length."""

    def __call__(self, plain: Plain, /) -> Iterable[Match]:
        """Every find; they may overlap."""
        ...


def disjoint(matches: list[Match]) -> list[Match]:
    """The matches in order, overlapping ones merged into their union.

    The union, not the better half, is replaced: no character any detector objected to survives.
    The longest match names it, except that a secret stays one whatever it looks like; of equally
    long ones, the most specific kind.
    """
    merged: list[Match] = []
    for match in sorted(matches, key=lambda item: item.start):
        if merged and match.start < merged[-1].end:
            merged[-1] = _union(merged[-1], match)
        else:
            merged.append(match)
    return merged


def _union(left: Match, right: Match) -> Match:
    better = max(left, right, key=_weight)
    end = max(left.end, right.end)
    return replace(better, start=left.start, end=end)


def _weight(match: Match) -> tuple[bool, int, int]:
    is_secret = match.entity is Entity.SECRET
    return is_secret, match.end - match.start, _SPECIFICITY[match.entity]
