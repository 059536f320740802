"""Everything this package can refuse, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError

if TYPE_CHECKING:
    from trainingloop.processor.policy import Problem

_SHOWN: Final = 50


class OutcomeError(TrainingLoopError):
    """Outcomes could not be worked out as asked."""


class UnknownDecisionError(OutcomeError):
    """No decision has the id that was asked for."""


class RulesError(OutcomeError, ConfigurationError):
    """A file of rules cannot be used."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda problem: problem.line))
        """Every fault, in the order of the lines."""

    def __str__(self) -> str:
        lines = [f"  {problem}" for problem in self.problems[:_SHOWN]]
        if (hidden := len(self.problems) - _SHOWN) > 0:
            lines.append(f"  … and {hidden} more")
        count = len(self.problems)
        head = "the rules of outcomes cannot be used, for "
        head += "one reason:" if count == 1 else f"{count} reasons:"
        return "\n".join([head, *lines])


class PredicateError(OutcomeError):
    """The ``when`` of a rule is no expression that is allowed."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(f"at character {position}: {message}")
        self.position = position
        """Where, from 1."""
