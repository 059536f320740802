"""What a list of prices can be refused for."""

from __future__ import annotations

from trainingloop.instrumentation.errors import ConfigurationError


class PricesError(ConfigurationError):
    """A file of prices that cannot be read, or does not say what it should."""
