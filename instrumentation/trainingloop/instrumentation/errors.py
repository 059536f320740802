"""The root of every error trainingloop raises on purpose."""

from __future__ import annotations


class TrainingLoopError(Exception):
    """What was given, what was allowed and what to do: the message says all three."""


class ConfigurationError(TrainingLoopError, ValueError):
    """A setting has a value it may not have."""
