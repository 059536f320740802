"""Which checks the answers of a run are judged with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.replay.checks import DEFAULT_CHECKS, checks_from

if TYPE_CHECKING:
    from trainingloop.replay.checks import Checks
    from trainingloop.replay.runs import Run


def checks_of(run: Run) -> Checks:
    """Return them: those the run was created with, else the default ones.

    Raises:
        ChecksError: they cannot be used.
    """
    return DEFAULT_CHECKS if run.checks is None else checks_from(run.checks)
