"""A real ``serve`` in a process of its own, for tests of what it shows.

Run as a script: ``python serving.py DSN PORT HTTP_PORT GRPC_PORT``; it prints where it answers as
one line of JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from trainingloop.analytics_app import Served, serve


def _say(served: Served) -> None:
    print(json.dumps(asdict(served)), flush=True)  # noqa: T201  # how the test learns the ports


if __name__ == "__main__":
    dsn, port, http_port, grpc_port = sys.argv[1:]
    serve(
        dsn=dsn,
        port=int(port),
        otlp_http_port=int(http_port),
        otlp_grpc_port=int(grpc_port),
        on_ready=_say,
    )
