"""Seeing to it that what the demo records can be delivered."""

from __future__ import annotations

import socket
import time
from typing import Final
from urllib.parse import urlsplit

from trainingloop.instrumentation import recorder_stats
from trainingloop.instrumentation.errors import ConfigurationError

_CONNECT_SECONDS: Final = 3.0
_MOST_QUEUED: Final = 1024
"""Half of the recorder's queue: the agent waits above it, since a demo should lose nothing."""
_PAUSE_SECONDS: Final = 0.01
_MOST_PAUSES: Final = 3000
_PORTS: Final = {"http": 80, "https": 443}


def check_receiver(endpoint: str) -> None:
    """Raise unless something listens at this base URL, before minutes are spent on it."""
    url = urlsplit(endpoint)
    if url.scheme not in _PORTS or not url.hostname:
        raise ConfigurationError(
            f"endpoint={endpoint!r}: give the base URL of an OTLP/HTTP receiver, "
            "such as http://127.0.0.1:4318"
        )
    address = (url.hostname, url.port or _PORTS[url.scheme])
    try:
        socket.create_connection(address, _CONNECT_SECONDS).close()
    except OSError as error:
        raise ConfigurationError(
            f"endpoint={endpoint!r}: nothing listens there ({error.strerror or error}). "
            "Start a receiver first, for example with: trainingloop serve"
        ) from error


class Patience:
    """Lets the agent wait for the recorder, which is bounded and drops what is too much."""

    def __init__(self) -> None:
        self._is_over = False

    def wait(self) -> None:
        """Wait for room in the queue; whoever has waited in vain once waits no more."""
        for _ in range(_MOST_PAUSES):
            if self._is_over or recorder_stats().queued < _MOST_QUEUED:
                return
            time.sleep(_PAUSE_SECONDS)
        self._is_over = True
