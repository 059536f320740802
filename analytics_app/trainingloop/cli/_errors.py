"""What the command line itself can refuse."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class NoStoreError(TrainingLoopError):
    """There is no store where one should be read."""


class NoDecisionError(TrainingLoopError):
    """No decision has the id that was asked for."""


class DemoError(TrainingLoopError):
    """The demo could not be recorded."""


class KeysError(TrainingLoopError):
    """The keys are not such that what was asked for could be done to them."""


class SeveralTenantsError(TrainingLoopError):
    """A command that is about one tenant was not told about which of several."""
