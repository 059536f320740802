"""The pages as an ASGI application: Streamlit without a call to anywhere."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Final

try:
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit.starlette import App
    from streamlit.web.bootstrap import load_config_options
except ImportError as error:
    raise ImportError(
        "the dashboard needs streamlit: pip install 'trainingloop[server]'"
    ) from error

from trainingloop.analytics_app._markup import COLOURS

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
            are refused, or a web page could read the dashboard by DNS rebinding.
    """
    load_config_options(dict(_OPTIONS))
    hosts = [*_LOOPBACK, host] if _is_loopback(host) else ["*"]
    return App(
        SCRIPT,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)],
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
