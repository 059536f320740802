"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class OutcomeError(TrainingLoopError):
    """Outcomes could not be worked out as asked."""
