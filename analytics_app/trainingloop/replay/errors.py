"""Everything this package can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import TrainingLoopError


class ReplayError(TrainingLoopError):
    """Decisions could not be replayed or compared as asked."""


class CandidateError(ReplayError):
    """A candidate that cannot be understood, or that changes nothing there is."""


class EndpointError(ReplayError):
    """A model endpoint that cannot be used: its address, its key, or what starts it here."""


class GuardError(ReplayError):
    """The process that asks the model could not be made safe, so that it asks nothing."""


class SelectionError(ReplayError):
    """It was not said in a way that can be understood which decisions are to be replayed."""


class RunError(ReplayError):
    """A run that does not exist, or that cannot be done now."""


class ChecksError(ReplayError):
    """A file of custom checks that cannot be used."""


class GateError(ReplayError):
    """A condition of the gate that cannot be understood."""
