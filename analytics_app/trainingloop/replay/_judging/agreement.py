"""How far two answers agree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.judgement import Agreement, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._judging.judgement import EntityDifference
    from trainingloop.replay._judging.side import Side

_SAY_IT_ALL: Final = frozenset({Kind.ESCALATE, Kind.REFUSE, Kind.EMPTY, Kind.ERROR})
"""Of these the kind is all that is done: another wording does the same."""


def agreement_of(
    recorded: Side, replayed: Side, entities: Sequence[EntityDifference], *, names_facts: bool
) -> Agreement:
    """The furthest level on which two answers agree.

    Args:
        recorded: One of them.
        replayed: The other.
        entities: What only one of their texts names.
        names_facts: Whether their texts name anything at all that can be compared.
    """
    are_same_calls = _calls(recorded) == _calls(replayed)
    if are_same_calls and _text(recorded) == _text(replayed):
        return Agreement.IDENTICAL
    if recorded.calls and replayed.calls:
        if are_same_calls:
            return Agreement.SAME_CALLS
        if {call.name for call in recorded.calls} == {call.name for call in replayed.calls}:
            return Agreement.SAME_TOOLS
    if recorded.kind is not replayed.kind:
        return Agreement.DIFFERENT
    if recorded.calls or replayed.calls:
        return Agreement.SAME_KIND
    says_the_same = not entities and (names_facts or recorded.kind in _SAY_IT_ALL)
    return Agreement.SAME_CALLS if says_the_same else Agreement.SAME_KIND


def _calls(side: Side) -> Counter[tuple[str, str]]:
    return Counter((call.name, call.key) for call in side.calls)


def _text(side: Side) -> list[str]:
    return f"{side.answer.text}\n{side.answer.refusal}".split()
