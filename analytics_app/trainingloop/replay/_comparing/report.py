"""Everything that is said about pairs, worked out together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trainingloop.replay._comparing.amounts import Amount, AmountName, amounts_of
from trainingloop.replay._comparing.chains import Chains, chains_of
from trainingloop.replay._comparing.differences import (
    ArgumentCount,
    EntityCount,
    argument_counts,
    entity_counts,
)
from trainingloop.replay._comparing.levels import (
    Level,
    LevelAgreement,
    Writes,
    agreement_at,
    floor_verdict,
    writes_of,
)
from trainingloop.replay._comparing.matrices import Matrix, intent_matrix, kind_matrix
from trainingloop.replay._comparing.served import OtherModel, other_models
from trainingloop.replay._comparing.shifts import (
    FlagShift,
    Shift,
    escalations,
    safety,
    safety_by_flag,
)
from trainingloop.replay.answers import AnswerState
from trainingloop.replay.runs import Arm, Mode, RunState
from trainingloop.statistics import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.replay._comparing.pairs import Pair
    from trainingloop.replay._judging.tools import ToolPatterns
    from trainingloop.replay.judges import JudgeReport, PeopleReport


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """Decisions by what became of their question."""

    state: AnswerState
    candidate: int
    floor: int
    """Of the second arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """What a candidate does otherwise than was recorded, and how sure that is."""

    run_id: str = ""
    name: str = ""
    run_state: RunState | None = None
    mode: Mode = Mode.PREFIX
    floor: Arm | None
    """Which second arm tells how much is chance."""
    decisions: int
    """That were to be replayed: those of every state, and those that are missing."""
    missing: int
    """Of which nothing is stored yet."""
    states: tuple[StateCount, ...]
    compared: int
    """Decisions with an answer of the candidate and a judgement: the figures are of these."""
    conversations: int
    """They come from."""
    unjudged: int
    """Answers without a judgement, or that lost words to a failed redaction; they are in no figure
    of agreement or safety."""
    other_models: tuple[OtherModel, ...]
    """What came from another model than the one that was asked, by arm and model."""
    agreement: tuple[LevelAgreement, ...]
    writes: Writes
    is_of_conversations: bool = False
    """Whether whole conversations of two recorded versions are compared; then ``safety`` says
    nothing, as nobody knows what was known at which point."""
    safety: Shift
    flags: tuple[FlagShift, ...]
    escalations: Shift
    kinds: Matrix
    intents: Matrix
    arguments: tuple[ArgumentCount, ...]
    entities: tuple[EntityCount, ...]
    amounts: tuple[Amount, ...]
    chains: Chains | None
    """None where decisions were replayed one by one."""
    people: PeopleReport | None = None
    """Which answers people prefer; None where nobody voted."""
    judges: tuple[JudgeReport, ...] = ()
    """Which answers judge models prefer; they decide nothing."""

    def level(self, level: Level) -> LevelAgreement:
        """Return how often answers agree in ``level``."""
        return next(one for one in self.agreement if one.level is level)

    def amount(self, name: AmountName) -> Amount:
        """Return what answers take of ``name``."""
        return next(one for one in self.amounts if one.name == name)

    @property
    def is_baseline_other(self) -> bool:
        """Whether the recorded version was asked again, and another model answered."""
        return any(one.arm is Arm.BASELINE for one in self.other_models)

    @property
    def unfinished(self) -> int:
        """Decisions that nobody asked yet, or that were left out when the run ended early."""
        left_out = {AnswerState.CANCELLED, AnswerState.OVER_BUDGET}
        return self.missing + sum(one.candidate for one in self.states if one.state in left_out)


def compared_report(
    pairs: Sequence[Pair],
    *,
    floor: Arm | None,
    mode: Mode,
    tools: ToolPatterns,
    missing: int,
) -> RunComparison:
    """Work out every figure; those of agreement are of the chosen decisions alone.

    What follows in a chain is asked only where the candidate has agreed so far, so it would
    flatter. Safety counts in every step.
    """
    # In an order of their own: sums of floats differ in their last digits otherwise.
    pairs = sorted(pairs, key=lambda pair: (pair.decision_id, pair.step))
    first = [pair for pair in pairs if pair.step == 0]
    judged = [pair for pair in first if pair.compared is not None]
    floored = [pair for pair in first if pair.floor_compared is not None]
    is_baseline = floor is Arm.BASELINE
    report = RunComparison(
        mode=mode,
        floor=floor,
        decisions=len(first) + missing,
        missing=missing,
        states=_states(first),
        compared=len(judged),
        conversations=len({pair.thread_id for pair in judged}),
        unjudged=sum(pair.is_spoken and pair.judgement is None for pair in pairs),
        other_models=other_models(first, floor),
        agreement=tuple(agreement_at(judged, floored, level, tools) for level in Level),
        writes=writes_of(first, tools),
        safety=safety(pairs, is_baseline=is_baseline),
        flags=safety_by_flag(pairs, is_baseline=is_baseline),
        escalations=escalations(first, is_baseline=is_baseline),
        kinds=kind_matrix(first, is_baseline=is_baseline),
        intents=intent_matrix(first, is_baseline=is_baseline),
        arguments=argument_counts(first),
        entities=entity_counts(first),
        amounts=amounts_of(first),
        chains=chains_of(pairs) if mode is Mode.CHAIN else None,
    )
    return _adjusted(report)


def _adjusted(report: RunComparison) -> RunComparison:
    """Adjust all p-values that a verdict rests on together.

    Tests that so few changes could never make significant raise no false alarm, so they neither
    count nor change: Tarone, Biometrics 46 (1990) 515-522.
    """
    tests = [level.beside_floor for level in report.agreement]
    tests += [report.safety.deciding, report.escalations.deciding]
    counted = [test.cautious_p if test and test.can_tell else None for test in tests]
    *adjusted, kinds = holm([*counted, report.kinds.deciding_p])
    *levels, unsafe, escalated = (
        test.cautious_p if p is None and test else p
        for p, test in zip(adjusted, tests, strict=True)
    )
    return replace(
        report,
        agreement=tuple(
            replace(one, adjusted_p=p, verdict=floor_verdict(one.beside_floor, p))
            for one, p in zip(report.agreement, levels, strict=True)
        ),
        safety=replace(report.safety, adjusted_p=unsafe),
        escalations=replace(report.escalations, adjusted_p=escalated),
        kinds=replace(report.kinds, adjusted_p=kinds),
    )


def _states(pairs: Sequence[Pair]) -> tuple[StateCount, ...]:
    candidate = Counter(pair.state for pair in pairs)
    floor = Counter(pair.floor_state for pair in pairs if pair.floor_state is not None)
    return tuple(
        StateCount(state=state, candidate=candidate[state], floor=floor[state])
        for state in AnswerState
        if candidate[state] or floor[state]
    )
