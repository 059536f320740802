"""What the moderation of the endpoint says of texts, each of which it is shown once."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay.answers import AnswerState

if TYPE_CHECKING:
    from trainingloop.replay.answers import Answer, Answered

_MOST_KEPT: Final = 1000
_MOST_CATEGORIES: Final = 50


class Moderation:
    """Remembers what was said of texts; used by one thread.

    Args:
        is_on: whether the endpoint is asked at all.
    """

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on
        self.failure: AnswerState | None = None
        """Why the endpoint is asked no more."""
        self._categories: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def missing(self, texts: tuple[str, str]) -> list[str]:
        """Return which of the texts it still has to be shown."""
        if not self.is_on:
            return []
        return [text for text in dict.fromkeys(texts) if text and text not in self._categories]

    def learn(self, text: str, answered: Answered) -> None:
        """Keep what was said of a text; an endpoint that says nothing is asked no more."""
        if answered.state is not AnswerState.OK:
            self.is_on, self.failure = False, answered.state
            return
        self._categories[text] = _categories(answered.answer.text)
        while len(self._categories) > _MOST_KEPT:
            self._categories.popitem(last=False)

    def of(self, texts: tuple[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what was said of both."""
        recorded, replayed = texts
        return self._categories.get(recorded, ()), self._categories.get(replayed, ())


def words_of(answer: Answer) -> str:
    """Return what an answer says to the customer."""
    return answer.text or answer.refusal


def _categories(text: str) -> tuple[str, ...]:
    said = cast("list[object]", json.loads(text)) if text else []
    return tuple(str(one)[:200] for one in said[:_MOST_CATEGORIES])
