"""The pages as an ASGI application: Streamlit without a call to anywhere."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

try:
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import PlainTextResponse
    from streamlit.starlette import App
    from streamlit.web.bootstrap import load_config_options
except ImportError as error:
    raise ImportError(
        "the dashboard needs streamlit: pip install 'trainingloop[server]'"
    ) from error

from trainingloop.analytics_app._markup import COLOURS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SCRIPT: Final = Path(__file__).parent / "dashboard" / "main.py"
_LOOPBACK: Final = ["127.0.0.1", "localhost", "::1", "[::1]"]
_OPTIONS: Final = {
    "browser.gatherUsageStats": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    # A traceback can quote what was recorded; the type is enough to look it up in the log.
    "client.showErrorDetails": "type",
    "client.toolbarMode": "minimal",
    "logger.level": "warning",
    "logger.enableRich": False,
    # Both, or the dashboard would be light on a dark desktop.
    "theme.light.primaryColor": COLOURS["blue"],
    "theme.dark.primaryColor": COLOURS["blue"],
}


def dashboard_app(host: str) -> App:
    """Return the dashboard, ready for uvicorn.

    Args:
        host: the address it will listen on; on a loopback one, requests for other host names
            are refused, or a web page could read the dashboard by DNS rebinding, and so are those
            of other pages.
    """
    load_config_options(dict(_OPTIONS))
    if not _is_loopback(host):
        return App(SCRIPT)
    hosts = [*_LOOPBACK, host]
    return App(
        SCRIPT,
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(OwnPagesOnly),
        ],
    )


class OwnPagesOnly:
    """Refuses what a page of another origin sends, before Streamlit looks at it.

    Streamlit lets in whatever page any port of this machine serves, and to judge the others it
    asks a host on the internet what this machine's address is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from no page, or from one of these."""
        if scope["type"] == "lifespan" or _is_own(dict(scope["headers"])):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = PlainTextResponse("a page of another origin sent this", status_code=403)
            await refusal(scope, receive, send)


def _is_own(headers: dict[bytes, bytes]) -> bool:
    origin = headers.get(b"origin")
    if origin is None:
        return True
    try:
        place = urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        return False
    return bool(place) and place == headers.get(b"host", b"").decode("latin-1")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
