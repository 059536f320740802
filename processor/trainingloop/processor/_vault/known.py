"""One value that is known of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trainingloop.processor._entities import TOKEN, Entity

NUMBERS: Final = frozenset(
    (Entity.PHONE, Entity.ACCOUNT, Entity.CARD, Entity.SSN, Entity.NATIONAL_ID, Entity.ID)
)
"""Kinds that are the same number with any separators."""

_LONGEST: Final = 200
_REMEMBERED: Final = NUMBERS | {Entity.PERSON, Entity.ADDRESS, Entity.EMAIL, Entity.IBAN}


@dataclass(frozen=True, slots=True)
class Known:
    """A value somebody stated, such as a customer record that says what it holds."""

    entity: Entity
    value: str
    is_whole: bool = False
    """Whether its parts mean nothing by themselves, as those of an id."""

    @property
    def is_worth_knowing(self) -> bool:
        """Whether it can be told from everything else a text may hold."""
        if self.entity not in _REMEMBERED or not 2 <= len(self.value) <= _LONGEST:
            return False
        if self.entity is Entity.EMAIL and "@" not in self.value:
            return False
        if self.entity not in {Entity.PERSON, Entity.EMAIL} and not _has_digit(self.value):
            # ``none`` or ``unknown`` under the name of an account.
            return False
        return TOKEN.search(self.value) is None


def _has_digit(value: str) -> bool:
    return any(map(str.isdigit, value))
