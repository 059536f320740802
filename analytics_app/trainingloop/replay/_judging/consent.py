"""Whether the customer agreed to what is about to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.replay._judging.actions import actions_in, actions_of_tool
from trainingloop.replay._judging.lexicon import pattern

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
    """Whether a sentence agrees without taking it back."""
    no = pattern("no", said.languages)
    return any(not no.search(sentence) for sentence in said.saying("yes"))


def _orders(said: Wording, tool: str) -> bool:
    wanted = actions_of_tool(tool)
    for sentence in said.saying("order"):
        asked = set(actions_in(sentence, said.languages))
        if asked & wanted if wanted else asked:
            return True
    return False
