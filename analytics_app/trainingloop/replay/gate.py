"""Conditions under which a replay fails a build."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.replay._comparing.levels import FloorVerdict, Level
from trainingloop.replay.answers import SPOKEN, AnswerState
from trainingloop.replay.errors import GateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trainingloop.replay._comparing.report import RunComparison

_CONDITION: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*")
_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_NOT_ASKED: Final = frozenset({AnswerState.UNFIT, AnswerState.OVER_BUDGET, AnswerState.CANCELLED})
_FEWEST_PRICED: Final = 0.5
"""Share of the compared decisions whose cost must be known of both answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must not be so: a build fails when it is true."""

    metric: str
    operator: str
    value: float

    def __str__(self) -> str:
        return f"{self.metric}{self.operator}{self.value:g}"

    def is_met_by(self, value: float) -> bool:
        """Whether a measured value makes it true."""
        return _OPERATORS[self.operator](value, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A condition that is true, or that nobody can tell."""

    condition: Condition | None
    """None where it is the comparison itself that is incomplete."""
    value: float | None
    """What was measured; None where it cannot be."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    value: float | None
    reason: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metric:
    measure: Callable[[RunComparison], _Measured]
    is_share: bool = False
    """Whether it lies between 0 and 1."""


def parse_condition(text: str) -> Condition:
    """Return the condition that a text such as ``newly_unsafe>0`` says.

    Raises:
        GateError: it says none, or is about something that is not measured.
    """
    parts = _CONDITION.fullmatch(text)
    if parts is None:
        raise GateError(
            f"{text!r} is no condition: use a name, one of > >= < <= and a number, such as"
            " newly_unsafe>0"
        )
    metric, value = parts[1], float(parts[3])
    if metric not in METRICS:
        raise GateError(f"{metric!r} is not measured: use one of {', '.join(METRICS)}")
    if _MEASURES[metric].is_share and not 0 <= value <= 1:
        raise GateError(f"{metric} is a share: {parts[3]} must lie between 0 and 1, such as 0.05")
    return Condition(metric=metric, operator=parts[2], value=value)


def check_gate(comparison: RunComparison, conditions: Sequence[Condition]) -> list[Failure]:
    """Return what fails, nothing where all is well.

    What cannot be measured fails, and so does a run that is not finished or not judged as a
    whole: a gate that nobody can tell is not passed.
    """
    found = [_failure(comparison, condition) for condition in conditions]
    return [*_incomplete(comparison), *(failure for failure in found if failure is not None)]


def measured(comparison: RunComparison, metric: str) -> float | None:
    """Return what a condition on ``metric``, one of `METRICS`, is checked against."""
    return _MEASURES[metric].measure(comparison).value


def _failure(comparison: RunComparison, condition: Condition) -> Failure | None:
    found = _MEASURES[condition.metric].measure(comparison)
    if found.value is None:
        return Failure(condition=condition, value=None, reason=f"cannot be told: {found.reason}")
    if condition.is_met_by(found.value):
        reason = f"{condition.metric} is {found.value:.4g}"
        return Failure(condition=condition, value=found.value, reason=reason)
    return None


def _incomplete(comparison: RunComparison) -> list[Failure]:
    reasons: list[str] = []
    if comparison.unfinished:
        reasons.append(
            f"{comparison.unfinished} of {comparison.decisions} decisions were not asked: resume"
            " the run"
        )
    if comparison.unjudged:
        reasons.append(
            f"{comparison.unjudged} answers have no judgement, or lost words to a failed redaction:"
            " judge the run again, or see what the redaction could not look at"
        )
    return [Failure(condition=None, value=None, reason=reason) for reason in reasons]


def _compared(comparison: RunComparison, value: float | None) -> _Measured:
    if not comparison.compared:
        return _Measured(value=None, reason="no decision could be compared")
    return _Measured(value=value)


def _safety(comparison: RunComparison, value: float) -> _Measured:
    if comparison.is_of_conversations:
        return _Measured(value=None, reason="whole conversations are not judged for safety")
    return _compared(comparison, value)


def _level(level: Level) -> _Metric:
    return _Metric(
        measure=lambda one: _compared(one, one.level(level).candidate.value), is_share=True
    )


def _below_floor(comparison: RunComparison) -> _Measured:
    verdicts = [one.verdict for one in comparison.agreement]
    if FloorVerdict.NO_FLOOR in verdicts:
        return _Measured(value=None, reason="no second arm tells how much is chance")
    if comparison.is_baseline_other:
        reason = (
            "another model answered for the recorded version: use an endpoint that has it, or the"
            " floor repeat"
        )
        return _Measured(value=None, reason=reason)
    return _Measured(value=verdicts.count(FloorVerdict.LESS_OFTEN))


def _errors(comparison: RunComparison) -> _Measured:
    asked = [one for one in comparison.states if one.state not in _NOT_ASKED]
    total = sum(one.candidate for one in asked)
    if not total:
        return _Measured(value=None, reason="no decision was asked")
    failed = sum(one.candidate for one in asked if one.state not in SPOKEN)
    return _Measured(value=failed / total)


def _unfit(comparison: RunComparison) -> _Measured:
    if not comparison.decisions:
        return _Measured(value=None, reason="there are no decisions")
    unfit = sum(one.candidate for one in comparison.states if one.state is AnswerState.UNFIT)
    return _Measured(value=unfit / comparison.decisions)


def _cost_ratio(comparison: RunComparison) -> _Measured:
    cost = comparison.amount("cost_usd")
    if cost.ratio.value is None or cost.decisions < _FEWEST_PRICED * comparison.compared:
        reason = (
            f"the cost of both answers is known of {cost.decisions} of {comparison.compared}"
            " decisions: add prices"
        )
        return _Measured(value=None, reason=reason)
    return _Measured(value=cost.ratio.value)


_MEASURES: Final[Mapping[str, _Metric]] = {
    "newly_unsafe": _Metric(measure=lambda one: _safety(one, len(one.safety.gained))),
    "newly_safe": _Metric(measure=lambda one: _safety(one, len(one.safety.lost))),
    "escalations_gained": _Metric(measure=lambda one: _compared(one, len(one.escalations.gained))),
    "escalations_lost": _Metric(measure=lambda one: _compared(one, len(one.escalations.lost))),
    **{level.value: _level(level) for level in Level},
    "below_floor": _Metric(measure=_below_floor),
    "errors": _Metric(measure=_errors, is_share=True),
    "unfit": _Metric(measure=_unfit, is_share=True),
    "compared": _Metric(measure=lambda one: _Measured(value=one.compared)),
    "cost_ratio": _Metric(measure=_cost_ratio),
}
METRICS: Final = tuple(_MEASURES)
"""What conditions can be about: decisions that are newly unsafe or safe, that escalate only now or
no longer; shares of decisions that agree; in how many respects they agree less often than by
chance; shares of questions without an answer and of decisions that cannot be asked; decisions
compared; and what answers cost, as a multiple of what they did."""
