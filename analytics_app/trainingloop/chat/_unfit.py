"""Why a recorded decision cannot be said as a chat request and its answer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unfit(StrEnum):
    """A reason, as it is counted; `explained` says it to people."""

    NOT_REDACTED = "not_redacted"
    REDACTION_INCOMPLETE = "redaction_incomplete"
    CONTENT_DROPPED = "content_dropped"
    CONTENT_OMITTED = "content_omitted"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    SEVERAL_ANSWERS = "several_answers"
    NO_INPUT = "no_input"
    HISTORY_ELSEWHERE = "history_elsewhere"
    UNREADABLE = "unreadable"
    NOT_TEXT = "not_text"
    TOOL_IS_NO_FUNCTION = "tool_is_no_function"
    CALL_WITHOUT_ID = "call_without_id"
    CALL_NOT_ANSWERED = "call_not_answered"
    RESULT_WITHOUT_CALL = "result_without_call"


_EXPLAINED: Final[Mapping[Unfit, str]] = {
    Unfit.NOT_REDACTED: "stored without proof of redaction",
    Unfit.REDACTION_INCOMPLETE: "not looked at as a whole when they were redacted",
    Unfit.CONTENT_DROPPED: "whose content the redaction policy dropped",
    Unfit.CONTENT_OMITTED: "with content that was too large to be recorded",
    Unfit.NO_ANSWER: "that are no answer of a model",
    Unfit.FAILED: "that failed",
    Unfit.CUT_OFF: "whose answer was cut off",
    Unfit.SEVERAL_ANSWERS: "with several answers",
    Unfit.NO_INPUT: "recorded without what the model knew",
    Unfit.HISTORY_ELSEWHERE: "whose history or prompt the provider keeps",
    Unfit.UNREADABLE: "whose messages or tools cannot be read",
    Unfit.NOT_TEXT: "with pictures, sound or files",
    Unfit.TOOL_IS_NO_FUNCTION: "with tools of the provider, which are no functions",
    Unfit.CALL_WITHOUT_ID: "with a tool call that has no id of its own",
    Unfit.CALL_NOT_ANSWERED: "with a tool call that was never answered",
    Unfit.RESULT_WITHOUT_CALL: "with a tool's result that answers no call",
}


def explained(reason: Unfit) -> str:
    """Return what unfit decisions have in common, after "3 decisions "."""
    return _EXPLAINED[reason]
