"""Refuses requests that a web page sent to a name of its own which resolves to this machine."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


def is_loopback(host: str) -> bool:
    """Whether ``host`` can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class LoopbackHostsOnly:
    """Answers 403 when the Host header names neither this machine nor ``host`` (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what was meant for this machine."""
        if scope["type"] == "http" and not self._is_meant_for_us(scope):
            response = JSONResponse(
                {
                    "error": {
                        "code": "forbidden_host",
                        "message": "the Host header names another machine: use 127.0.0.1 or "
                        "localhost, or start serve with --host",
                    }
                },
                status_code=403,
            )
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_meant_for_us(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"host"), b"")
        name = _without_port(given.decode("latin-1"))
        return name == self._host or is_loopback(name)


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
