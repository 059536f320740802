"""One look for numbers at one text, and what it may still cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.phone_words import speaks_of_phones
from trainingloop.processor._entities import MASK

if TYPE_CHECKING:
    from trainingloop.processor._normalise import Plain

_CALLS: Final = 64
_CANDIDATES: Final = 2000
_CARDS: Final = 1000
_CONTEXT: Final = 48


class Look:
    """A text, and what is left to spend on it.

    Once that is gone, whatever has a plausible shape is taken as found without a closer look:
    hostile text loses more than it should, and nothing personal in it stays.
    """

    __slots__ = ("_calls", "_candidates", "_cards", "_speaks_of_phones", "lower", "plain", "text")

    def __init__(self, plain: Plain) -> None:
        self.plain: Final = plain
        self.text: Final = plain.text
        self.lower: Final = plain.lower
        self._calls = _CALLS
        self._candidates = _CANDIDATES
        self._cards = _CARDS
        self._speaks_of_phones: bool | None = None

    @property
    def speaks_of_phones(self) -> bool:
        """Whether a word for a phone stands anywhere in the text."""
        if self._speaks_of_phones is None:
            self._speaks_of_phones = speaks_of_phones(self.plain)
        return self._speaks_of_phones

    def before(self, start: int) -> str:
        """The words before a place, in lower case, back to the nearest earlier token."""
        words = self.lower[max(0, start - _CONTEXT) : start]
        return words.rpartition(MASK)[2] if MASK in words else words

    def after(self, end: int) -> str:
        """The words after a place, in lower case."""
        words = self.lower[end : end + _CONTEXT]
        return words.partition(MASK)[0] if MASK in words else words

    def may_ask(self) -> bool:
        """Whether the library of phone numbers may be asked once more; it takes 10 to 50 µs."""
        self._calls -= 1
        return self._calls >= 0

    def may_go_on(self) -> bool:
        """Whether one more phone number may be looked at closely, which takes some µs."""
        self._candidates -= 1
        return self._candidates >= 0

    def may_try_card(self) -> bool:
        """Whether one more row of groups may be tried as a card number."""
        self._cards -= 1
        return self._cards >= 0
