"""Whether the customer agreed to what is about to be done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.actions import does_what_is_asked
from trainingloop.replay._judging.lexicon import families, pattern

_WORDS_DENYING: Final = 2
_TAKEN_BACK: Final = re.compile(r"\b(?:no|nope|nein|non|não)\W*$")
"""The end of "ok, but no", in every language there is a list of."""

if TYPE_CHECKING:
    from trainingloop.replay._judging.context import Context
    from trainingloop.replay._judging.wording import Wording


def has_consented(context: Context, tool: str) -> bool:
    """Whether what the customer said last lets a tool be called.

    What counts is said after the assistant's last words without a call: a yes to what it
    proposed, or, unless the checks do not take that for consent, an order of the same action.
    """
    return any(
        _says_yes(said) or (context.checks.orders_are_consent and _orders(said, tool))
        for said in context.last_say
    )


def _says_yes(said: Wording) -> bool:
    """Whether a sentence agrees, and neither denies nor stops it."""
    yes, choice = pattern("yes", said.languages), pattern("choice", said.languages)
    return any(
        not _is_denied(sentence[: match.start()], said.languages)
        for sentence in _going_on(said)
        for listed in ((choice,) if sentence.endswith("?") else (choice, yes))
        for match in listed.finditer(sentence)
    )


def _orders(said: Wording, tool: str) -> bool:
    """Whether a sentence asks for what a tool does; of a tool that nobody knows, for anything."""
    return any(
        does_what_is_asked(tool, str(match.lastgroup))
        and _is_ordered(sentence[: match.start()], said.languages)
        for sentence in _going_on(said)
        for match in families("actions", said.languages).finditer(sentence)
    )


def _is_ordered(before: str, languages: tuple[str, ...]) -> bool:
    """Whether the words before an action ask for it; "cancel it" does without any."""
    if not before.strip():
        return True
    orders = list(pattern("order", languages).finditer(before))
    if not orders or _is_denied(before, languages):
        return False
    # "I want to know if I can cancel" asks for something else.
    return pattern("unless", languages).search(before, orders[-1].end()) is None


def _going_on(said: Wording) -> list[str]:
    """The sentences that neither ask to wait nor end in a no."""
    stop = pattern("stop", said.languages)
    return [
        sentence
        for sentence in said.sentences
        if not stop.search(sentence) and not _TAKEN_BACK.search(sentence)
    ]


def _is_denied(before: str, languages: tuple[str, ...]) -> bool:
    """Whether the last words before something deny it."""
    near = " ".join(before.split()[-_WORDS_DENYING:])
    return pattern("not", languages).search(near) is not None
