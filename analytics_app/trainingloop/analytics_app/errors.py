"""Everything the dashboard can refuse, by name."""

from __future__ import annotations

from trainingloop.instrumentation.errors import ConfigurationError, TrainingLoopError


class DashboardError(TrainingLoopError):
    """The dashboard could not do what was asked."""


class DashboardPortError(DashboardError, ConfigurationError):
    """The dashboard cannot listen where it was told to."""


class NoWorkspaceError(DashboardError):
    """A page was run outside of ``trainingloop serve``."""


class SlowReadError(DashboardError):
    """The store did not answer a page in time."""
