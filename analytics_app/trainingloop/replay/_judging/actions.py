"""Which action a tool or a phrase is about."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.lexicon import families
from trainingloop.replay._judging.tools import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_OTHER_MEANS: Final = {
    "add": {"book", "change"},
    "book": {"change"},
    "change": {"add", "book", "cancel", "remove"},
    "pay": {"book", "change", "refund", "send"},
    "refund": {"cancel", "change", "pay", "send"},
    "remove": {"cancel", "change"},
    "send": {"pay", "refund"},
}
"""What else brings an action about: a cancellation refunds, a change adds."""
_ANY: Final = "anything"
"""What is said to be completed, without a word for what it is."""
_CHANGES: Final = frozenset({"add", "remove"})


@lru_cache(maxsize=4096)
def actions_of_tool(tool: str) -> frozenset[str]:
    """The actions that a tool's name speaks of; none where it names none that is known."""
    return frozenset(actions_in(words_of(tool).replace("_", " "), ("en",)))


def actions_in(text: str, languages: tuple[str, ...]) -> Iterator[str]:
    """The actions that a text in lower case speaks of, whatever it says about them."""
    return (str(match.lastgroup) for match in families("actions", languages).finditer(text))


def does_what_is_asked(tool: str, action: str) -> bool:
    """Whether a tool does just what is asked for; one of unknown action may.

    Other means are none here: who asks for a refund has not asked for a cancellation.
    """
    actions = actions_of_tool(tool)
    return not actions or action in actions or (action in _CHANGES and "change" in actions)


def can_have_done(tool: str, action: str) -> bool:
    """Whether calling a tool may have been an action; a tool of unknown action may."""
    actions = actions_of_tool(tool)
    if action == _ANY:
        return True
    return not actions or action in actions or bool(actions & _BY_OTHER_MEANS.get(action, set()))
