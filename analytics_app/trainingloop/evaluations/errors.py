"""What sending evaluations can be refused for."""

from __future__ import annotations

from trainingloop.instrumentation.errors import ConfigurationError


class EvaluationsError(ConfigurationError):
    """Evaluations cannot be sent where they should go."""
