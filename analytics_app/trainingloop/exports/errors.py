"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class ExportError(TrainingLoopError):
    """Decisions could not be exported as asked."""


class SelectionError(ExportError):
    """It was not said in a way that can be understood which decisions are wanted."""
