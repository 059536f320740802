"""Where a candidate is asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from trainingloop.replay.environment import KEY_SUFFIX, address_of, address_variable
from trainingloop.replay.errors import EndpointError

Api = Literal["chat", "responses"]

DEFAULT_KEY_VARIABLE: Final = "OPENAI_API_KEY"
_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible endpoint; its key stays in the environment."""

    base_url: str
    """Such as ``https://api.openai.com/v1``."""
    api: Api = "chat"
    """Which of its two interfaces is asked."""
    key_variable: str = DEFAULT_KEY_VARIABLE
    """The environment variable that holds the key; the key itself is never stored."""


def key_of(endpoint: Endpoint) -> str:
    """Return the key of an endpoint, "" for one of this machine that has none.

    Who names an endpoint, in a file or on a page, need not be who set the environment: a key goes
    only to the address that the environment itself names for it.

    Raises:
        EndpointError: it is not of this machine and its key is missing, or the key that is named
            is none, or one for another address.
    """
    variable, host = endpoint.key_variable, _host(endpoint.base_url)
    if not variable or not host:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        if host in _LOCAL_HOSTS:
            return ""
        raise EndpointError(
            f"the key of {host} is read from the environment variable "
            f"{variable}, which is not set: set it where the run is started"
        )
    if not variable.endswith(KEY_SUFFIX):
        raise EndpointError(
            f"{variable} is not sent to an endpoint: the name of a variable that holds a key ends "
            f"in {KEY_SUFFIX}; set one that does"
        )
    if _origin(endpoint.base_url) == _origin(address_of(variable)):
        return key
    if host in _LOCAL_HOSTS and variable == DEFAULT_KEY_VARIABLE:
        return ""
    raise EndpointError(
        f"the key in {variable} is not sent to {host}: it goes only to the address that "
        f"{address_variable(variable)} names where the run is started; set that one to the "
        "candidate's base_url, or name another key_variable"
    )


def _host(url: str) -> str:
    return (_origin(url) or ("", "", 0))[1]


def _origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of an address; None of what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
