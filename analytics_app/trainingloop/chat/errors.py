"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class ChatError(TrainingLoopError):
    """What was recorded cannot be said as a chat request."""
