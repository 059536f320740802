"""Every environment variable that says where evaluations go."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from trainingloop.evaluations.errors import EvaluationsError
from trainingloop.instrumentation.environment import read

EVALUATIONS_ENDPOINT: Final = "TRAININGLOOP_EVALUATIONS_ENDPOINT"
"""The base URL of an OTLP/HTTP receiver that gets votes and outcomes. Default: nobody does."""
_PATH: Final = "/v1/logs"


def evaluations_url() -> str | None:
    """The URL evaluations are sent to, or None when they go nowhere.

    Raises:
        EvaluationsError: It is no URL of HTTP.
    """
    named = read(EVALUATIONS_ENDPOINT)
    return None if named is None else logs_url(named)


def logs_url(endpoint: str) -> str:
    """The URL of the log records of an OTLP/HTTP receiver, from its base URL or as it is.

    Raises:
        EvaluationsError: It is no URL of HTTP.
    """
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        # Not quoted: a URL may hold a password.
        raise EvaluationsError(
            f"{EVALUATIONS_ENDPOINT} is no URL of an OTLP/HTTP receiver: "
            "use one such as http://127.0.0.1:4318"
        )
    return endpoint if parts.path.endswith(_PATH) else f"{endpoint.rstrip('/')}{_PATH}"
