"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class FeedbackError(TrainingLoopError):
    """Feedback could not be taken or read as asked."""
