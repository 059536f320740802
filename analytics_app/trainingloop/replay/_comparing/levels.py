"""How often answers agree, beside how often they would by chance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from trainingloop.replay._comparing.flips import paired_test
from trainingloop.replay._comparing.pairs import is_as_close, sample_of
from trainingloop.replay._judging.judgement import Agreement
from trainingloop.replay._judging.tools import Effect
from trainingloop.statistics import ALPHA, Estimate, weighted_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._comparing.flips import PairedTest
    from trainingloop.replay._comparing.pairs import Pair
    from trainingloop.replay._judging.judgement import Judgement
    from trainingloop.replay._judging.tools import ToolPatterns

MARGIN: Final = 0.10
"""How much less often answers may agree before "as often" would be too much to say."""
_MOST_DIFFERENCES: Final = 50
"""So many of a pair are listed; what comes after is not known."""


class Level(StrEnum):
    """In what two answers agree, what weighs most first."""

    WRITE_CALLS = "write_calls"
    """The same calls that change something, each as often, with the same arguments; or none."""
    SAME_CALLS = "same_calls"
    """As `Agreement.SAME_CALLS`, or further."""
    SAME_TOOLS = "same_tools"
    SAME_KIND = "same_kind"
    IDENTICAL = "identical"


class FloorVerdict(StrEnum):
    """What agreement says when chance is taken into account."""

    AS_OFTEN = "as often"
    LESS_OFTEN = "less often"
    MORE_OFTEN = "more often"
    TOO_FEW = "too few"
    NO_FLOOR = "no floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAgreement:
    """How often the candidate and the recorded version agree in one respect."""

    level: Level
    candidate: Estimate
    """Of the decisions that the candidate answered, weighted."""
    floor: Estimate | None
    """Of those that the second arm answered; None without one."""
    beside_floor: PairedTest | None
    """Decisions with both: gained where only the candidate agrees, lost where only the second
    arm does."""
    adjusted_p: float | None
    """After Holm, with everything else that is tested."""
    verdict: FloorVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """Decisions in which at least one answer asks for a call that changes something."""

    decisions: int
    agreeing: int
    only_recorded: int
    """Of these only the recorded answer changes something."""
    only_replayed: int
    disagreeing: tuple[str, ...]
    """The ids of the decisions that do not agree, sorted."""


def agrees(judgement: Judgement, level: Level, tools: ToolPatterns) -> bool:
    """Whether two answers agree in ``level``."""
    if level is Level.WRITE_CALLS:
        return _has_same_writes(judgement, tools)
    return is_as_close(judgement, Agreement(level.value))


def agreement_at(
    pairs: Sequence[Pair], floored: Sequence[Pair], level: Level, tools: ToolPatterns
) -> LevelAgreement:
    """Return how often both arms agree with what they are compared with; without a verdict.

    Args:
        pairs: those whose candidate answered.
        floored: those whose second arm answered.
        level: in what they agree.
        tools: which ones change something.
    """
    candidate = {
        id(pair): agrees(judgement, level, tools)
        for pair in pairs
        if (judgement := pair.compared) is not None
    }
    floor = {
        id(pair): agrees(judgement, level, tools)
        for pair in floored
        if (judgement := pair.floor_compared) is not None
    }
    both = [pair for pair in floored if id(pair) in candidate]
    return LevelAgreement(
        level=level,
        candidate=weighted_rate(sample_of(pairs, list(candidate.values()))),
        floor=weighted_rate(sample_of(floored, list(floor.values()))) if floored else None,
        beside_floor=paired_test(both, [candidate[id(pair)] - floor[id(pair)] for pair in both]),
        adjusted_p=None,
        verdict=FloorVerdict.NO_FLOOR,
    )


def floor_verdict(test: PairedTest | None, adjusted_p: float | None) -> FloorVerdict:
    """Say what the difference from the floor allows to say.

    A difference counts when the test, after Holm, finds it and the interval agrees. Its absence
    is said only where the interval holds 0 and leaves no room for more than `MARGIN`.
    """
    if test is None or adjusted_p is None:
        return FloorVerdict.NO_FLOOR
    low, high = test.difference.low, test.difference.high
    if low is None or high is None:
        return FloorVerdict.TOO_FEW
    if adjusted_p < ALPHA and high < 0 and test.gained < test.lost:
        return FloorVerdict.LESS_OFTEN
    if adjusted_p < ALPHA and low > 0 and test.gained > test.lost:
        return FloorVerdict.MORE_OFTEN
    return FloorVerdict.AS_OFTEN if -MARGIN < low <= 0 <= high else FloorVerdict.TOO_FEW


def writes_of(pairs: Sequence[Pair], tools: ToolPatterns) -> Writes:
    """Count the decisions that change something, or would."""
    agreeing = only_recorded = only_replayed = 0
    apart: list[str] = []
    for pair in pairs:
        if (judgement := pair.compared) is None:
            continue
        before = _writes(judgement.recorded_intent, tools)
        after = _writes(judgement.replayed_intent, tools)
        if not (before or after):
            continue
        only_recorded += not after
        only_replayed += not before
        if _has_same_writes(judgement, tools):
            agreeing += 1
        else:
            apart.append(pair.decision_id)
    return Writes(
        decisions=agreeing + len(apart),
        agreeing=agreeing,
        only_recorded=only_recorded,
        only_replayed=only_replayed,
        disagreeing=tuple(sorted(apart)),
    )


def _has_same_writes(judgement: Judgement, tools: ToolPatterns) -> bool:
    if len(judgement.arguments) < _MOST_DIFFERENCES:
        return not any(_is_write(one.tool, tools) for one in judgement.arguments)
    return not (
        _writes(judgement.recorded_intent, tools) or _writes(judgement.replayed_intent, tools)
    )


def _writes(intent: str, tools: ToolPatterns) -> bool:
    _, _, called = intent.partition(":")
    return any(_is_write(tool, tools) for tool in called.split(",") if tool)


def _is_write(tool: str, tools: ToolPatterns) -> bool:
    return tools.effect_of(tool) is Effect.WRITE
