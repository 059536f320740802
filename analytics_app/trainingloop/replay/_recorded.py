"""Recorded answers, in the shape that replayed ones have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from trainingloop.chat import answer_message_of
from trainingloop.replay.answers import Answer, ToolCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.chat import JsonObject, Request

_SECOND_NS: Final = 1_000_000_000


def answer_of(row: Mapping[str, object], request: Request) -> Answer:
    """Return what was answered; a part, too, when it says that it is one.

    Raises:
        UnfitError: it is no answer, or several.
    """
    message = answer_message_of(row, request, may_be_cut_off=True)
    return Answer(
        text=_text(message.get("content", "")),
        tool_calls=calls_of(message),
        finish_reason=str(row["finish_reasons"]).partition(",")[0],
    )


def calls_of(message: Mapping[str, object]) -> tuple[ToolCall, ...]:
    """Return the calls that a message of the chat API asks for."""
    calls = cast("list[JsonObject]", message.get("tool_calls", []))
    functions = [cast("dict[str, str]", call["function"]) for call in calls]
    return tuple(
        ToolCall(name=function["name"], arguments=function["arguments"], call_id=str(call["id"]))
        for call, function in zip(calls, functions, strict=True)
    )


def exact_time(moment_ns: int) -> str:
    """Return a time with its nanoseconds, as a read takes it."""
    seconds, nanoseconds = divmod(moment_ns, _SECOND_NS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{nanoseconds:09d}"


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(part["text"]) for part in cast("list[JsonObject]", content))
