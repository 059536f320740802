"""What people think of decisions: votes, reasons, corrections and their agreement."""

from __future__ import annotations

from trainingloop.feedback.errors import FeedbackError

__all__ = ["FeedbackError"]
