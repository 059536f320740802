"""What a comparison says, in words: no more digits than are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.replay._comparing.levels import MARGIN, FloorVerdict, Level
from trainingloop.replay.answers import SPOKEN
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.replay._comparing.chains import Chains
    from trainingloop.replay._comparing.levels import LevelAgreement
    from trainingloop.replay._comparing.report import RunComparison
    from trainingloop.replay._comparing.served import OtherModel
    from trainingloop.replay.judges import JudgeReport, PeopleReport
    from trainingloop.statistics import Estimate

NOTHING: Final = "\N{EN DASH}"
"""What stands where nothing is known."""
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_MINUS: Final = "\N{MINUS SIGN}"
_POINTS: Final = f"{100 * MARGIN:.0f} points"
_MOST_MODELS: Final = 3
_LONGEST_NAME: Final = 80
_NO_NAME: Final = re.compile(r"[^\w.:/@+-]|//|@(?!\d)")
"""What is in no name of a model: an endpoint may say what it likes, and programs read reports."""
_ARMS: Final[Mapping[Arm, str]] = {
    Arm.CANDIDATE: "the candidate",
    Arm.BASELINE: "the recorded version asked again",
    Arm.REPEAT: "the candidate asked again",
}
LEVELS: Final[Mapping[Level, str]] = {
    Level.WRITE_CALLS: "Calls that change something",
    Level.SAME_CALLS: "Same calls and arguments, or the same facts named",
    Level.SAME_TOOLS: "Same tools",
    Level.SAME_KIND: "Same kind of answer",
    Level.IDENTICAL: "Identical",
}
_THEIRS: Final[Mapping[FloorVerdict, str]] = {
    FloorVerdict.AS_OFTEN: "agrees as often as the recorded version agrees with itself",
    FloorVerdict.LESS_OFTEN: "differs more than chance",
    FloorVerdict.MORE_OFTEN: "agrees more often than the recorded version agrees with itself",
    FloorVerdict.TOO_FEW: "too few to say",
    FloorVerdict.NO_FLOOR: "no second arm tells how much is chance",
}
_ITS_OWN: Final[Mapping[FloorVerdict, str]] = {
    **_THEIRS,
    FloorVerdict.AS_OFTEN: "agrees with the recorded version as often as with itself",
    FloorVerdict.MORE_OFTEN: "agrees with the recorded version more often than with itself",
}


def verdict_words(level: LevelAgreement, floor: Arm | None) -> str:
    """Say what a level's verdict means, by whose answers chance was measured."""
    words = (_ITS_OWN if floor is Arm.REPEAT else _THEIRS)[level.verdict]
    return f"{words}, within {_POINTS}" if level.verdict is FloorVerdict.AS_OFTEN else words


def share_words(estimate: Estimate | None) -> str:
    """Write a share with its interval, such as ``94 % (90 to 97)``."""
    if estimate is None or estimate.value is None:
        return NOTHING
    if estimate.low is None or estimate.high is None:
        return f"{100 * estimate.value:.0f} %"
    return f"{100 * estimate.value:.0f} % ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"


def points_words(estimate: Estimate | None) -> str:
    """Write a difference of shares in points, with its sign and interval."""
    if estimate is None or estimate.value is None:
        return NOTHING
    if estimate.low is None or estimate.high is None:
        return _signed(100 * estimate.value)
    interval = f"{_signed(100 * estimate.low)} to {_signed(100 * estimate.high)}"
    return f"{_signed(100 * estimate.value)} ({interval})"


def ratio_words(estimate: Estimate) -> str:
    """Write a ratio with its interval, such as 1.20 (1.10 to 1.31), with a times sign."""
    if estimate.value is None:
        return NOTHING
    if estimate.low is None or estimate.high is None:
        return f"{_TIMES}{estimate.value:.2f}"
    return f"{_TIMES}{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def p_words(p_value: float | None) -> str:
    """Write how surprising something is."""
    if p_value is None:
        return NOTHING
    return "< .001" if p_value < 0.001 else f"{min(p_value, 1.0):.3f}".replace("0.", ".", 1)


def sentences(comparison: RunComparison) -> tuple[str, ...]:
    """Say what weighs most, in whole sentences: what was compared, safety, writes, escalations.

    Before these, which answers came from another model than the one that was asked; then how far
    chains were followed, what people prefer, and what judge models say.
    """
    return (
        _counted(comparison),
        *_other_models(comparison),
        _safe(comparison),
        _written(comparison),
        _escalated(comparison),
        *((_chained(comparison.chains),) if comparison.chains else ()),
        *((people_words(comparison.people),) if comparison.people else ()),
        *(judge_words(report) for report in comparison.judges),
    )


def people_words(report: PeopleReport) -> str:
    """Say which answers people prefer."""
    return f"People voted on {_counted_as(report.pairs, 'pair')}: {_choices(report)}."


def judge_words(report: JudgeReport) -> str:
    """Say which answers a judge model prefers, and how far it can be trusted."""
    text = (
        f"{report.judge} judged {_counted_as(report.pairs, 'pair')} in both orders:"
        f" {_choices(report)}"
    )
    if report.consistency is not None:
        text += f"; it said the same both times of {report.consistency:.0%}"
    if report.first_slot is not None:
        text += f", and {report.first_slot:.0%} of its choices were what it read first"
    return f"{text}. {_with_people(report)}."


def _choices(report: JudgeReport | PeopleReport) -> str:
    text = (
        f"{report.replayed} for the replayed answer, {report.recorded} for the recorded one, "
        f"{_counted_as(report.ties, 'tie')}"
    )
    return text if report.p_value is None else f"{text} (sign test: p {p_words(report.p_value)})"


def _with_people(report: JudgeReport) -> str:
    if not report.people:
        return "Nobody voted on these pairs, so that its agreement with people is unknown"
    kappa = "" if report.kappa is None else f", Cohen's kappa {report.kappa:.2f}"
    pairs = _counted_as(report.people, "pair")
    return f"It says the same as people on {report.same_as_people} of {pairs}{kappa}"


def _counted(comparison: RunComparison) -> str:
    unanswered = [
        f"{one.candidate} {one.state.value.replace('_', ' ')}"
        for one in comparison.states
        if one.state not in SPOKEN and one.candidate
    ]
    if comparison.missing:
        unanswered.append(f"{comparison.missing} not asked yet")
    if comparison.unjudged:
        unanswered.append(f"{comparison.unjudged} not judged")
    left_out = f"; left out: {', '.join(unanswered)}" if unanswered else ""
    return (
        f"{comparison.compared} of {_counted_as(comparison.decisions, 'decision')} compared, from "
        f"{_counted_as(comparison.conversations, 'conversation')}{left_out}."
    )


def _other_models(comparison: RunComparison) -> Iterator[str]:
    for arm, whose in _ARMS.items():
        if found := [one for one in comparison.other_models if one.arm is arm]:
            yield _from_others(found, whose) + (
                ": it is not the recorded version, so nothing here is told from its chance."
                if arm is Arm.BASELINE
                else "."
            )


def _from_others(found: Sequence[OtherModel], whose: str) -> str:
    parts = [
        f"{one.answers} came from {_name(one.served)} instead of {_name(one.expected)}"
        for one in found[:_MOST_MODELS]
    ]
    if more := sum(one.answers for one in found[_MOST_MODELS:]):
        parts.append(f"{more} from others")
    answers = _counted_as(found[0].of, "answer")
    return f"Of {answers} of {whose}, as the endpoint says, {', '.join(parts)}"


def _name(model: str) -> str:
    return _NO_NAME.sub("?", model)[:_LONGEST_NAME]


def _safe(comparison: RunComparison) -> str:
    if comparison.is_of_conversations:
        return "Nothing is said about safety: what was known at which point is not part of it."
    shift = comparison.safety
    text = (
        f"{_counted_as(len(shift.gained), 'answer')} newly unsafe and {len(shift.lost)} newly safe"
    )
    if shift.floor_gained is not None:
        text += (
            f"; {_whose(comparison)} {shift.floor_gained} newly unsafe and"
            f" {shift.floor_lost} newly safe"
        )
    return f"{text}."


def _written(comparison: RunComparison) -> str:
    level, writes = comparison.level(Level.WRITE_CALLS), comparison.writes
    text = f"Calls that change something agree in {share_words(level.candidate)} of decisions"
    if level.floor is not None:
        text += f", {_whose(comparison)} in {share_words(level.floor)}"
    text += f": {verdict_words(level, comparison.floor)}"
    if writes.decisions:
        text += (
            f". Of {_counted_as(writes.decisions, 'decision')} with such calls,"
            f" {writes.agreeing} agree"
        )
    return f"{text}."


def _escalated(comparison: RunComparison) -> str:
    shift = comparison.escalations
    text = (
        f"{_counted_as(shift.replayed, 'answer')} hand over to a human, {shift.recorded} did: "
        f"{len(shift.gained)} gained and {len(shift.lost)} lost"
    )
    if shift.floor_gained is not None:
        text += f"; {_whose(comparison)} {shift.floor_gained} gained and {shift.floor_lost} lost"
    return f"{text}."


def _chained(chains: Chains) -> str:
    parts = [
        f"{chains.followed} of {_counted_as(chains.chains, 'chain')} made every recorded call",
        *(f"{one.chains} diverged at step {one.step}" for one in chains.diverged),
        *([f"{chains.without_calls} had no call to follow"] if chains.without_calls else []),
        *([f"{chains.broken} broke off"] if chains.broken else []),
    ]
    return f"{'; '.join(parts)}."


def _whose(comparison: RunComparison) -> str:
    return (
        "between two answers of the candidate"
        if comparison.floor is Arm.REPEAT
        else "the recorded version asked again"
    )


def _counted_as(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _signed(points: float) -> str:
    text = f"{points:+.0f}"
    return "0" if text in {"+0", "-0"} else text.replace("-", _MINUS)
