"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class CohortError(TrainingLoopError):
    """Cohorts could not be compared as asked."""
