"""A decision with what people thought of it and what came of it, and the proof that may leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainingloop.chat import check_redaction
from trainingloop.exports._skips import Skip, SkippedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one reviewer thinks of a decision."""

    value: int
    """Above zero for a thumb up, below for one down."""
    reason: str
    correction: str
    is_redacted: bool
    """Whether its texts carry the proof of a complete redaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeState:
    """What one rule says of a decision."""

    rule: str
    version: str
    state: str
    ending: str
    is_attributed: bool
    matures_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A decision as it was recorded, with all that is known of it."""

    row: Mapping[str, object]
    """The columns of ``decisions``."""
    votes: tuple[Vote, ...] = ()
    """The live ones, oldest first."""
    outcomes: tuple[OutcomeState, ...] = ()
    tool_calls: tuple[Mapping[str, object], ...] = ()
    """What came of the calls it asked for; read for whole decisions only."""

    def text(self, column: str) -> str:
        """Return a column that holds text."""
        return str(self.row[column])

    @property
    def decision_id(self) -> str:
        """Its id."""
        return self.text("decision_id")

    @property
    def occurred_at(self) -> datetime:
        """When it began, UTC."""
        return cast("datetime", self.row["occurred_at"])

    @property
    def ups(self) -> int:
        """How many reviewers think well of it."""
        return sum(vote.value > 0 for vote in self.votes)

    @property
    def downs(self) -> int:
        """How many reviewers think ill of it."""
        return sum(vote.value < 0 for vote in self.votes)

    @property
    def correction(self) -> str:
        """The newest corrected answer, or ""."""
        return next((vote.correction for vote in reversed(self.votes) if vote.correction), "")


def check_proof(judged: Judged) -> None:
    """Let only decisions pass that were redacted as a whole, their corrections included.

    Raises:
        UnfitError: there is no such proof.
        SkippedError: there is none for a correction.
    """
    check_redaction(judged.row)
    if any(vote.correction and not vote.is_redacted for vote in judged.votes):
        raise SkippedError(Skip.CORRECTION_NOT_REDACTED)
