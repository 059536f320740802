"""From the messages of a chat completion to what an assistant knew and did."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.fingerprint import canonical_json
from trainingloop.transcripts import _answer, _fields, _moments
from trainingloop.transcripts._parts import parts_of, text_of
from trainingloop.transcripts.conversation import Call, Message, Role
from trainingloop.transcripts.errors import TranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ROLES: Final[Mapping[str, Role]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}
_BY_USER: Final = "user"


def read_messages(raw: Sequence[object]) -> list[Message]:
    """Return the messages of one conversation that its assistant could see, in their order.

    Tools that the user called are left out, with their results: no assistant decided them and
    none was told.

    Raises:
        TranscriptError: one of them is no message.
    """
    reader = _Reader()
    found: list[Message] = []
    for position, message in enumerate(_flat(raw)):
        if (read := reader.read(position, message)) is not None:
            found.append(read)
    return found


def _flat(raw: Sequence[object]) -> Iterator[Mapping[str, object]]:
    """Yield the messages, also those that stand inside another as ``tool_messages``."""
    for number, message in enumerate(raw, start=1):
        if not _fields.is_object(message):
            raise TranscriptError(f"message {number} is no object: give one with role and content")
        fields = _fields.mapping(message)
        inner = list(_fields.mappings(fields.get("tool_messages")))
        yield from inner or [fields]


class _Reader:
    """Remembers which calls were asked for, to give each one id and each result its call."""

    def __init__(self) -> None:
        self._times_asked: defaultdict[str, int] = defaultdict(int)
        self._ids: set[str] = set()
        self._waiting: defaultdict[str, deque[Call]] = defaultdict(deque)
        self._by_user: set[str] = set()

    def read(self, position: int, raw: Mapping[str, object]) -> Message | None:
        role = _role(position, raw)
        if role == "assistant":
            return self._assistant(position, raw)
        if role == "tool":
            return self._tool(position, raw)
        parts = parts_of(raw)
        if role == "user":
            called = [_call_fields(position, call) for call in _raw_calls(position, raw)]
            self._by_user.update(call_id for call_id, _, _ in called if call_id)
            if called and not parts:
                return None
        return Message(
            position=position,
            role=role,
            parts=parts,
            identity=canonical_json(raw),
            at_ns=_moments.of_fields(raw),
        )

    def _assistant(self, position: int, raw: Mapping[str, object]) -> Message:
        calls = tuple(
            self._asked(position, number, call)
            for number, call in enumerate(_raw_calls(position, raw), start=1)
        )
        return Message(
            position=position,
            role="assistant",
            parts=parts_of(raw),
            identity=canonical_json(raw),
            calls=calls,
            model=_answer.model(raw),
            response_id=_answer.response_id(raw),
            finish_reason=_answer.finish_reason(raw, has_calls=bool(calls)),
            usage=_answer.usage(raw),
            cost_usd=_fields.cost(raw.get("cost")),
            at_ns=_moments.of_fields(raw),
            duration_ns=_answer.duration_ns(raw),
        )

    def _tool(self, position: int, raw: Mapping[str, object]) -> Message | None:
        call_id = _fields.first_text(raw, "tool_call_id", "id")
        if raw.get("requestor") == _BY_USER or call_id in self._by_user:
            return None
        answers = self._answered(call_id, _fields.text(raw.get("name")))
        response: dict[str, object] = {
            "type": "tool_call_response",
            "id": answers.id if answers else call_id,
            "response": text_of(raw.get("content")),
        }
        return Message(
            position=position,
            role="tool",
            parts=(response,),
            identity=canonical_json(raw),
            answers=answers,
            is_error=raw.get("error") is True or raw.get("is_error") is True,
            at_ns=_moments.of_fields(raw),
        )

    def _asked(self, position: int, number: int, raw: Mapping[str, object]) -> Call:
        """Return the call under an id of its own.

        Recorded sets are known that use one id for several calls of a conversation, and calls
        are counted by their ids.
        """
        given, name, arguments = _call_fields(position, raw)
        given = given or f"call_{position}_{number}"
        call_id = given
        while call_id in self._ids:
            self._times_asked[given] += 1
            call_id = f"{given}#{self._times_asked[given] + 1}"
        self._ids.add(call_id)
        call = Call(id=call_id, name=name, arguments=arguments)
        self._waiting[given].append(call)
        return call

    def _answered(self, call_id: str, name: str) -> Call | None:
        """Return the oldest call that waits for this result: by id, else by the tool's name."""
        if call_id:
            waiting = self._waiting.get(call_id)
            return waiting.popleft() if waiting else None
        for waiting in self._waiting.values():
            if waiting and waiting[0].name == name:
                return waiting.popleft()
        return None


def _role(position: int, raw: Mapping[str, object]) -> Role:
    role = _ROLES.get(_fields.text(raw.get("role")))
    if role is None:
        allowed = ", ".join(sorted(_ROLES))
        raise TranscriptError(f"message {position + 1} has no known role: use one of {allowed}")
    return role


def _raw_calls(position: int, raw: Mapping[str, object]) -> list[Mapping[str, object]]:
    calls = raw.get("tool_calls")
    if calls is not None and not _fields.is_list(calls):
        raise TranscriptError(f"message {position + 1} has tool_calls that are no array")
    found: list[Mapping[str, object]] = list(_fields.mappings(calls))
    # How the chat API wrote its one call before there were tools.
    legacy = _fields.mapping(raw.get("function_call"))
    return found or ([legacy] if legacy else [])


def _call_fields(position: int, raw: Mapping[str, object]) -> tuple[str, str, object]:
    """Return id, name and arguments of a call, in OpenAI's nesting or flat."""
    function = _fields.mapping(raw.get("function")) or _fields.mapping(raw.get("custom")) or raw
    name = _fields.text(function.get("name"))
    if not name:
        raise TranscriptError(f"message {position + 1} calls a tool without saying which")
    arguments = function.get("arguments", function.get("input"))
    return _fields.text(raw.get("id")), name, _arguments(arguments)


def _arguments(raw: object) -> object:
    if not isinstance(raw, str):
        return {} if raw is None else raw
    try:
        parsed: object = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        return raw
    return parsed if _fields.is_object(parsed) else raw
