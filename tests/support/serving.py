"""A real ``serve`` in a process of its own, for tests of what it shows.

Run as a script: ``python serving.py DSN PORT HTTP_PORT GRPC_PORT``; it prints where it answers as
one line of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import asdict
from typing import TYPE_CHECKING

from trainingloop.analytics_app import Served, serve
from trainingloop.instrumentation import environment

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO, Self

_STOP_TIMEOUT_S = 30


class ServeProcess:
    """``serve`` on free ports, stopped as a service manager would stop it."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        """Start it on ``folder / "store"`` and wait until it answers, or ends."""
        self._log = (folder / "serve.log").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, __file__, f"chdb://{folder / 'store'}", str(port), "0", "0"],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, environment.DATA_DIR: str(folder / "data")},
        )
        assert self._process.stdout is not None
        self._output: IO[str] = self._process.stdout
        line = self._output.readline()
        self.served = Served(**json.loads(line)) if line else None

    @property
    def url(self) -> str:
        """Where the dashboard answers."""
        assert self.served is not None, self.log()
        return self.served.dashboard_url

    def answer(self, path: str, **headers: str) -> int:
        """Return the status of a GET of the dashboard."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            return self._process.wait(_STOP_TIMEOUT_S)
        finally:
            self._process.kill()
            self._output.close()

    def log(self) -> str:
        """Return what it wrote to its standard error so far."""
        self._log.seek(0)
        return self._log.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._log.close()


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
