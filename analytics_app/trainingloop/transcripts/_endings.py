"""How a conversation ended and what came of it, where the row says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.transcripts import _fields
from trainingloop.transcripts.conversation import Closing
from trainingloop.transcripts.errors import TranscriptError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.transcripts.conversation import Message

_OUTCOME: Final = re.compile(r"[a-z0-9_]{1,64}")
_VALUES: Final[Mapping[object, bool]] = {True: True, False: False, "yes": True, "no": False}
_TASK_SUCCESS: Final = "task_success"
_WHOLE_REWARD: Final = 1 - 1e-6
"""Rewards are products of floats."""
_STOP, _TRANSFER = "###STOP###", "###TRANSFER###"
"""How the simulated users of tau-bench and its successors say that they are done."""
_ONLY_STOP_WORDS: Final = re.compile(r"\s*(?:###[A-Z-]+###\s*)+")
_TRANSFER_TOOL: Final = re.compile(r"transfer_to_human\w*")
_TRANSFERRED: Final = Closing(reason="transferred to a human agent", target="human")
_MOST_REASON_CHARACTERS: Final = 256


def closing_of(
    fields: Mapping[str, object], messages: Sequence[Message], *, is_simulated: bool
) -> Closing | None:
    """Return how a row says that its conversation was closed, or None where it does not."""
    metadata = _fields.mapping(fields.get("metadata"))
    given = _fields.text(fields.get("termination_reason")) or _fields.text(
        metadata.get("termination_reason")
    )
    signal = _signal(messages[-1]) if is_simulated and messages else None
    if signal == _TRANSFERRED:
        return signal
    return Closing(reason=given[:_MOST_REASON_CHARACTERS]) if given else signal


def outcomes_of(fields: Mapping[str, object], *, is_simulated: bool) -> dict[str, bool]:
    """Return the outcomes of a row: those it names, and for a simulation whether it succeeded.

    Raises:
        TranscriptError: an outcome has no name it can be kept under, or is neither true nor false.
    """
    found: dict[str, bool] = {}
    for source in (_fields.mapping(fields.get("metadata")), fields):
        for name, value in _fields.mapping(source.get("outcomes")).items():
            found[_name(name)] = _value(value)
    reward = _reward(fields) if is_simulated else None
    if reward is not None:
        found.setdefault(_TASK_SUCCESS, reward >= _WHOLE_REWARD)
    return found


def is_stop_word(message: Message) -> bool:
    """Whether a message holds nothing but the sign of a simulated user: nobody wrote."""
    return bool(message.text) and _ONLY_STOP_WORDS.fullmatch(message.text) is not None


def _signal(last: Message) -> Closing | None:
    if last.role == "tool" and last.answers and _TRANSFER_TOOL.fullmatch(last.answers.name):
        return _TRANSFERRED
    if last.role != "user":
        return None
    if _TRANSFER in last.text:
        return _TRANSFERRED
    return Closing(reason="user_stop") if _STOP in last.text else None


def _reward(fields: Mapping[str, object]) -> float | None:
    given = fields.get("reward", _fields.mapping(fields.get("reward_info")).get("reward"))
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return float(given)


def _name(name: str) -> str:
    if _OUTCOME.fullmatch(name):
        return name
    # Not quoted: it may be a sentence somebody wrote about the customer.
    raise TranscriptError(
        "has an outcome whose name cannot be kept: use 1 to 64 lower-case letters, digits and '_'"
    )


def _value(value: object) -> bool:
    found = _VALUES.get(value) if isinstance(value, str | bool) else None
    if found is None:
        raise TranscriptError("has an outcome that is neither true nor false: use one of them")
    return found
