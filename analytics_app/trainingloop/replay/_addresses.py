"""Where an endpoint is, resolved once: the process that asks cannot look anything up."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from trainingloop.replay.errors import EndpointError

if TYPE_CHECKING:
    from trainingloop.replay.endpoints import Endpoint

_PORTS: Final = {"http": 80, "https": 443}


def peers_of(endpoint: Endpoint) -> tuple[tuple[str, int], ...]:
    """Return the numeric addresses an endpoint's name stands for now, IPv4 first.

    Raises:
        EndpointError: its address is no URL of this kind, or nobody knows its host.
    """
    host, port = _place(endpoint.base_url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EndpointError(
            f"the host {host!r} of the endpoint could not be found: its name must be one that "
            "this machine can look up; check base_url and the network"
        ) from error
    internet = [each for each in found if each[0] in {socket.AF_INET, socket.AF_INET6}]
    # Machines without a route to IPv6 are more common than those without one to IPv4.
    internet.sort(key=lambda each: each[0] != socket.AF_INET)
    return tuple(dict.fromkeys((str(each[4][0]), port) for each in internet))


def _place(base_url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.query:
        raise EndpointError(
            "base_url is not one an endpoint can have: it is to be http:// or https://, a host, "
            "perhaps a port and a path, such as https://api.openai.com/v1, without user, password "
            "or query; the key comes from the environment"
        )
    return host, port or _PORTS[parts.scheme]
