"""Why questions of a run brought no whole answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainingloop.replay.answers import AnswerState
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from trainingloop.replay._reads import TenantReads


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What several questions to one arm came to, and why."""

    arm: Arm
    state: AnswerState
    reason: str
    """As it is stored; of a decision that is unfit, `trainingloop.replay.cases.explained` may say
    it to people."""
    answers: int
    """How many questions."""


def reasons_of(reads: TenantReads, run_id: str) -> list[Reason]:
    """Return the five most common reasons of each arm, the most common first.

    Args:
        reads: those of the run's tenant.
        run_id: the whole id; a run that does not exist has none.
    """
    return [
        Reason(
            arm=Arm(str(row["arm"])),
            state=AnswerState(str(row["state"])),
            reason=str(row["reason"]),
            answers=cast("int", row["answers"]),
        )
        for row in reads.table("replay_run_reasons", {"run": run_id}).records()
    ]
