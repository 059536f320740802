"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class ExportError(TrainingLoopError):
    """Decisions could not be exported as asked."""
