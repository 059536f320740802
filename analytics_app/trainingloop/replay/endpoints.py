"""Where a candidate is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from trainingloop.replay.errors import EndpointError

Api = Literal["chat", "responses"]

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible endpoint; its key stays in the environment."""

    base_url: str
    """Such as ``https://api.openai.com/v1``."""
    api: Api = "chat"
    """Which of its two interfaces is asked."""
    key_variable: str = "OPENAI_API_KEY"
    """The environment variable that holds the key; the key itself is never stored."""


def key_of(endpoint: Endpoint) -> str:
    """Return the key of an endpoint, "" for one of this machine that has none.

    Raises:
        EndpointError: it is not of this machine, and its key is missing.
    """
    if not endpoint.key_variable:
        return ""
    key = os.environ.get(endpoint.key_variable, "").strip()
    host = urlsplit(endpoint.base_url).hostname or ""
    if not key and host and host not in _LOCAL_HOSTS:
        raise EndpointError(
            f"the key of {host} is read from the environment variable "
            f"{endpoint.key_variable}, which is not set: set it where the run is started"
        )
    return key
