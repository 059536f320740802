"""Everything this package can refuse, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.chat._unfit import explained
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from trainingloop.chat._unfit import Unfit


class ChatError(TrainingLoopError):
    """What was recorded cannot be said as a chat request."""


class UnfitError(ChatError):
    """One decision cannot be said so; the reason says why, never the content."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(f"left out: decisions {explained(reason)}")
        self.reason = reason
