"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class StatisticsError(TrainingLoopError):
    """Numbers from which nothing can be computed."""
