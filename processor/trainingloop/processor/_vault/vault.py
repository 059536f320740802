"""The memory of one conversation: what has been said about its customer so far."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity
from trainingloop.processor._vault.knowledge import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.processor._vault.knowledge import Knowledge
    from trainingloop.processor._vault.known import Known

_MOST_OF_A_KIND: Final = 32
"""One list of hotels does not make a conversation forget who it is with."""
_MOST_NAMES: Final = 64
_MOST_GIVEN: Final = 64


class Vault:
    """Learns; what it knows at a moment is its `knowledge`. Threads may share it.

    Bounded, and only ever in memory.
    """

    def __init__(self) -> None:
        self.knowledge = NOTHING
        self.source: object = None
        """The customer's record that was learned; the application may give another one later."""
        self._lock = Lock()
        self._given = 0

    def learn(self, values: Iterable[Known], *, is_given: bool = False) -> None:
        """Remember values; what cannot be told from an everyday word is left out.

        Args:
            values: What somebody stated. Of each kind, those that came first are remembered.
            is_given: Whether they are from the customer's record, for which there is always room.
        """
        known = self.knowledge.values
        if all(value in known for value in values):
            return
        with self._lock:
            more = list(self._kept(values, is_given=is_given))
            if more:
                self.knowledge = self.knowledge.with_values(more)

    def _kept(self, values: Iterable[Known], *, is_given: bool) -> Iterable[Known]:
        known = self.knowledge.values
        count = Counter(each.entity for each in known)
        for value in dict.fromkeys(values):
            if value in known or not value.is_worth_knowing:
                continue
            kind = value.entity
            most = _MOST_NAMES if kind is Entity.PERSON else _MOST_OF_A_KIND
            if count[kind] < most:
                count[kind] += 1
                yield value
            elif is_given and self._given < _MOST_GIVEN:
                self._given += 1
                yield value


class Notes(Vault):
    """What is known at one moment, and what else is learned while a text is looked at.

    The knowledge stays what it was: what a text became with it can be remembered by its name.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__()
        self.knowledge = knowledge
        self.learned: dict[Known, None] = {}

    def learn(self, values: Iterable[Known], *, is_given: bool = False) -> None:
        """Take down values, for the vault of the conversation."""
        del is_given
        self.learned |= dict.fromkeys(values)
