"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class CohortError(TrainingLoopError):
    """Cohorts could not be compared as asked."""


class BadCohortError(CohortError):
    """A text that names no cohort, or conditions that cannot be understood."""


class UnknownCohortError(CohortError):
    """A tag or a saved cohort that does not exist."""


class EmptyCohortError(CohortError):
    """A cohort that holds no decision, so that there is nothing to compare."""


class SameCohortError(CohortError):
    """A cohort that was to be compared with itself."""
