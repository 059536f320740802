"""What a replay did otherwise than was recorded, beside what chance alone does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.prices import load_prices
from trainingloop.replay._comparing.amounts import AMOUNTS, Amount
from trainingloop.replay._comparing.chains import Chains, Divergence
from trainingloop.replay._comparing.conversations import Conversation, paired
from trainingloop.replay._comparing.differences import ArgumentCount, EntityCount
from trainingloop.replay._comparing.flips import Flip, PairedTest
from trainingloop.replay._comparing.levels import (
    MARGIN,
    FloorVerdict,
    Level,
    LevelAgreement,
    Writes,
)
from trainingloop.replay._comparing.matrices import Cell, Matrix
from trainingloop.replay._comparing.pairs import Pair, Took
from trainingloop.replay._comparing.reading import PARTS, pairs_of_run
from trainingloop.replay._comparing.report import RunComparison, StateCount, compared_report
from trainingloop.replay._comparing.served import Models, OtherModel
from trainingloop.replay._comparing.shifts import FlagShift, Shift
from trainingloop.replay._run_checks import checks_of
from trainingloop.replay.checks import DEFAULT_CHECKS
from trainingloop.replay.judges import JudgeReport, PeopleReport, judge_reports, people_report
from trainingloop.replay.preferences import preferences_of
from trainingloop.replay.runs import Mode, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.prices import Prices
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.checks import Checks
    from trainingloop.replay.preferences import Preference
    from trainingloop.replay.runs import Arm

__all__ = [
    "AMOUNTS",
    "MARGIN",
    "PARTS",
    "Amount",
    "ArgumentCount",
    "Cell",
    "Chains",
    "Conversation",
    "Divergence",
    "EntityCount",
    "FlagShift",
    "Flip",
    "FloorVerdict",
    "JudgeReport",
    "Level",
    "LevelAgreement",
    "Matrix",
    "Models",
    "OtherModel",
    "Pair",
    "PairedTest",
    "PeopleReport",
    "RunComparison",
    "Shift",
    "StateCount",
    "Took",
    "Writes",
    "compare_pairs",
    "compare_recorded",
    "compare_run",
]

_EVERYTHING: Final[Mapping[str, str]] = {}


def compare_pairs(
    pairs: Sequence[Pair],
    *,
    floor: Arm | None = None,
    mode: Mode = Mode.PREFIX,
    checks: Checks = DEFAULT_CHECKS,
    missing: int = 0,
) -> RunComparison:
    """Compare recorded answers with those of a replay.

    Args:
        pairs: one for each decision, and in chains for each step; any order.
        floor: which second arm the pairs hold, if any.
        mode: whether decisions stand alone or are the steps of chains.
        checks: which tools change something.
        missing: decisions that were to be replayed and are not among the pairs.
    """
    return compared_report(pairs, floor=floor, mode=mode, tools=checks.tools, missing=missing)


def compare_recorded(
    recorded: Iterable[Conversation],
    other: Iterable[Conversation],
    *,
    checks: Checks = DEFAULT_CHECKS,
) -> RunComparison:
    """Compare two versions that were both recorded on the same tasks, as if one were the replay.

    All that a version said and called in a conversation counts as one answer. There is no second
    arm, and nothing is said about safety: what was known at which point is not part of it.

    Args:
        recorded: one conversation of each task.
        other: those of the other version; tasks that only one has are counted as missing.
        checks: which tools change something, and which hand over to a human.

    Raises:
        ReplayError: a version has two conversations of one task.
    """
    both = paired(recorded, other, checks)
    compared = compare_pairs(both.pairs, checks=checks, missing=both.alone)
    return replace(compared, is_of_conversations=True)


def compare_run(
    reads: TenantReads,
    run_id: str,
    *,
    only: Mapping[str, str] = _EVERYTHING,
    prices: Prices | None = None,
) -> RunComparison:
    """Compare what the candidate of a run answered with what was recorded.

    Args:
        reads: those of its tenant.
        run_id: the run, as `trainingloop.replay.runs.run_of` takes it.
        only: confines it to decisions of which a part (`PARTS`) has a value; what nobody has
            asked yet cannot be told apart by then and is not counted as missing.
        prices: what recorded answers cost where nobody said so; without them the list there is.

    Raises:
        RunError: there is no such run, or ``only`` names no part.
    """
    status = status_of(reads, run_id)
    run = status.run
    pairs = pairs_of_run(reads, run, only, prices or load_prices())
    stored = sum(pair.step == 0 for pair in pairs)
    compared = compare_pairs(
        pairs,
        floor=run.options.floor,
        mode=run.options.mode,
        checks=checks_of(run),
        missing=0 if only else max(0, status.decisions - stored),
    )
    preferences = _preferences(reads, run.run_id, pairs)
    return replace(
        compared,
        run_id=run.run_id,
        name=run.name,
        run_state=run.state,
        people=people_report(preferences),
        judges=tuple(judge_reports(preferences)),
    )


def _preferences(reads: TenantReads, run_id: str, pairs: Sequence[Pair]) -> list[Preference]:
    """Return what is preferred among the pairs that are compared."""
    held = {(pair.decision_id, pair.step) for pair in pairs}
    return [one for one in preferences_of(reads, run_id) if (one.decision_id, one.step) in held]
