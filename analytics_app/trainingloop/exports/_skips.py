"""Why a decision is not exported."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from trainingloop.chat import Unfit
from trainingloop.chat import explained as unfit_explained
from trainingloop.exports.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Skip(StrEnum):
    """A reason that only exports have, as it is counted; `explained` says it to people."""

    CORRECTION_NOT_REDACTED = "correction_not_redacted"
    FOUND_AGAIN = "found_again"
    REVIEWERS_DIFFER = "reviewers_differ"
    SAME_ANSWER = "same_answer"


Reason: TypeAlias = Skip | Unfit

_EXPLAINED: Final[Mapping[str, str]] = {
    Skip.CORRECTION_NOT_REDACTED: "with a correction that has no proof of redaction",
    Skip.FOUND_AGAIN: "in which the last look found personal data or what the policy drops",
    Skip.REVIEWERS_DIFFER: "on which reviewers differ",
    Skip.SAME_ANSWER: "whose better answer is the same",
    **{reason: unfit_explained(reason) for reason in Unfit},
}


def explained(reason: str) -> str:
    """Return what decisions that were left out have in common, after "3 decisions "."""
    return _EXPLAINED[reason]


class SkippedError(ExportError):
    """One decision must not be part of an export; the reason says why, never the content."""

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
        self.skipped: Counter[Reason] = Counter()
        """What was left out, by reason."""
