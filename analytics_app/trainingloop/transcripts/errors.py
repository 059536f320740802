"""What reading transcripts can refuse."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class TranscriptError(TrainingLoopError):
    """A file that cannot be read at all, or a row that is no conversation."""
