"""Why a decision is not exported."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from trainingloop.exports.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Skip(StrEnum):
    """A reason, as it is counted; `explained` says it to people."""

    NOT_REDACTED = "not_redacted"
    REDACTION_INCOMPLETE = "redaction_incomplete"
    CORRECTION_NOT_REDACTED = "correction_not_redacted"
    FOUND_AGAIN = "found_again"
    CONTENT_DROPPED = "content_dropped"
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
    REVIEWERS_DIFFER = "reviewers_differ"
    SAME_ANSWER = "same_answer"


_EXPLAINED: Final[Mapping[Skip, str]] = {
    Skip.NOT_REDACTED: "stored without proof of redaction",
    Skip.REDACTION_INCOMPLETE: "not looked at as a whole when they were redacted",
    Skip.CORRECTION_NOT_REDACTED: "with a correction that has no proof of redaction",
    Skip.FOUND_AGAIN: "in which the last look found personal data or what the policy drops",
    Skip.CONTENT_DROPPED: "whose content the redaction policy dropped",
    Skip.NO_ANSWER: "that are no answer of a model",
    Skip.FAILED: "that failed",
    Skip.CUT_OFF: "whose answer was cut off",
    Skip.SEVERAL_ANSWERS: "with several answers",
    Skip.NO_INPUT: "recorded without what the model knew",
    Skip.HISTORY_ELSEWHERE: "whose history or prompt the provider keeps",
    Skip.UNREADABLE: "whose messages or tools cannot be read",
    Skip.NOT_TEXT: "with pictures, sound or files",
    Skip.TOOL_IS_NO_FUNCTION: "with tools of the provider, which are no functions",
    Skip.CALL_WITHOUT_ID: "with a tool call that has no id of its own",
    Skip.CALL_NOT_ANSWERED: "with a tool call that was never answered",
    Skip.RESULT_WITHOUT_CALL: "with a tool's result that answers no call",
    Skip.REVIEWERS_DIFFER: "on which reviewers differ",
    Skip.SAME_ANSWER: "whose better answer is the same",
}


def explained(skip: Skip) -> str:
    """Return what decisions that were left out have in common, after "3 decisions "."""
    return _EXPLAINED[skip]


class UnfitError(ExportError):
    """One decision cannot be part of an export; the reason says why, never the content."""

    def __init__(self, reason: Skip) -> None:
        super().__init__(f"left out: decisions {explained(reason)}")
        self.reason = reason


class Tally:
    """Counts an export while it runs."""

    def __init__(self) -> None:
        self.read = 0
        """Decisions looked at; of opposite votes, pairs."""
        self.written = 0
        """Lines or rows written."""
        self.skipped: Counter[Skip] = Counter()
        """What was left out, by reason."""
