"""What an assistant knew when it answered: the messages before, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.fingerprint import compact_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.transcripts.conversation import Call, Message

MAX_HISTORY_CHARACTERS: Final = 1024 * 1024
"""Of all messages of one history together; the oldest are left out where there are more."""


class History:
    """Grows message by message; each one is encoded once."""

    def __init__(self) -> None:
        self._system: list[str] = []
        self._others: list[str] = []
        self._system_characters = 0

    def add(self, message: Message) -> None:
        """Append ``message`` without its reasoning, which no later call is given."""
        parts = [part for part in message.parts if part.get("type") != "reasoning"]
        # The role comes first, as every client writes it: by that the redaction tells one message
        # of a history from the next, and looks at each only once.
        encoded = compact_json(
            {"role": message.role, "parts": [*parts, *map(_call, message.calls)]}
        )
        if message.role == "system":
            self._system.append(encoded)
            self._system_characters += len(encoded)
        else:
            self._others.append(encoded)

    def encoded(self) -> str:
        """Return the JSON array of the messages so far; system prompts are always among them."""
        room = MAX_HISTORY_CHARACTERS - self._system_characters
        kept: list[str] = []
        for encoded in reversed(self._others):
            room -= len(encoded)
            if room < 0:
                break
            kept.append(encoded)
        omitted = len(self._others) - len(kept)
        gap = [_gap(omitted)] if omitted else []
        return f"[{','.join([*self._system, *gap, *reversed(kept)])}]"


def output_of(message: Message) -> str:
    """Return the JSON array of the one message an assistant answered with."""
    answer = {
        "role": message.role,
        "parts": [*message.parts, *map(_call, message.calls)],
        "finish_reason": message.finish_reason,
    }
    return compact_json([answer])


def _call(call: Call) -> Mapping[str, object]:
    return {"type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments}


def _gap(messages: int) -> str:
    part = {"type": "compaction", "omitted_messages": messages}
    return compact_json({"role": "system", "parts": [part]})
