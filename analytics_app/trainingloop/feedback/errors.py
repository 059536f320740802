"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.instrumentation.errors import TrainingLoopError


class FeedbackError(TrainingLoopError):
    """Feedback could not be taken or read as asked."""


class BadVoteError(FeedbackError, BadRequestError):
    """A vote that cannot be understood; nothing was written."""


class UnknownDecisionError(FeedbackError, NotFoundError):
    """A vote on a decision that this tenant does not have; nothing was written."""
