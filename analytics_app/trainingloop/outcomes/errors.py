"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError


class OutcomeError(TrainingLoopError):
    """Outcomes could not be worked out as asked."""


class RulesError(OutcomeError, ConfigurationError):
    """A file of rules cannot be used: the message holds every reason with its line."""


class PredicateError(OutcomeError):
    """The ``when`` of a rule is no expression that is allowed."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(f"at character {position}: {message}")
        self.position = position
        """Where, from 1."""
