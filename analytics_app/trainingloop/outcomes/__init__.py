"""Finds out what happened after a decision, by rules over later events and decisions."""

from __future__ import annotations

from trainingloop.outcomes._actions import outcome_actions
from trainingloop.outcomes._explain import explain
from trainingloop.outcomes._explanation import Evidence, Explanation, OutcomeExplanation
from trainingloop.outcomes._sweep import Progress, Sweep, sweep
from trainingloop.outcomes._worker import OutcomeWorker, WorkerState
from trainingloop.outcomes.errors import (
    OutcomeError,
    PredicateError,
    RulesError,
    UnknownDecisionError,
)

__all__ = [
    "Evidence",
    "Explanation",
    "OutcomeError",
    "OutcomeExplanation",
    "OutcomeWorker",
    "PredicateError",
    "Progress",
    "RulesError",
    "Sweep",
    "UnknownDecisionError",
    "WorkerState",
    "explain",
    "outcome_actions",
    "sweep",
]
