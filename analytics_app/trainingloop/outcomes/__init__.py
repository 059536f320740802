"""Finds out what happened after a decision, by rules over later events and decisions."""

from __future__ import annotations

from trainingloop.outcomes.errors import OutcomeError, PredicateError, RulesError

__all__ = ["OutcomeError", "PredicateError", "RulesError"]
