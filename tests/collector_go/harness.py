"""Starts and stops what the Collector tests need: the Go Collector, ``serve``, a stand-in for it.

Everything gets free ports and directories of its own, so that the tests run beside a real
installation on the same machine.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

ROOT: Final = Path(__file__).parents[2]
CONFIG: Final = ROOT / "otel-collector.yaml"
_LOOPBACK: Final = "127.0.0.1"
_POLL_S: Final = 0.2


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return cast("int", probe.getsockname()[1])


def wait_until(claim: Callable[[], bool], *, within_s: float, what: str) -> None:
    """Return as soon as the claim holds; fail with ``what`` when it never did in time."""
    deadline = time.monotonic() + within_s
    while not claim():
        if time.monotonic() > deadline:
            message = f"not seen within {within_s:.0f} s: {what}"
            raise AssertionError(message)
        time.sleep(_POLL_S)


def get(url: str) -> str | None:
    """The body of a 200 answer, None for any other answer or none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return cast("bytes", answer.read()).decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


@contextmanager
def running(
    command: list[str], env: Mapping[str, str], log: Path
) -> Generator[subprocess.Popen[bytes]]:
    """A process that is stopped with what is left of the block, politely first."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], is_up: Callable[[], bool], log: Path) -> None:
    """Wait for the process to answer, but not for one that has ended."""
    wait_until(lambda: is_up() or process.poll() is not None, within_s=90, what=f"an answer, {log}")
    assert process.poll() is None, f"it ended: {log.read_text(errors='replace')[-2000:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """The Go Collector under ``otel-collector.yaml``, not yet running."""

    binary: Path
    directory: Path
    """Holds the queue and the log; the same one again = the same collector restarted."""
    endpoint: str
    """Where it delivers to."""
    queue_bytes: int = 1 << 30
    http_port: int = field(default_factory=free_port)
    grpc_port: int = field(default_factory=free_port)
    health_port: int = field(default_factory=free_port)
    metrics_port: int = field(default_factory=free_port)

    @contextmanager
    def running(self) -> Generator[subprocess.Popen[bytes]]:
        """It accepts spans inside the block."""
        command = [str(self.binary), "--config", str(CONFIG)]
        with running(command, self._env(), self.directory / "collector.log") as process:
            _wait_until_up(process, self.is_healthy, self.directory / "collector.log")
            yield process

    def is_healthy(self) -> bool:
        """Whether its health check answers 200."""
        return get(f"http://{_LOOPBACK}:{self.health_port}") is not None

    def metric(self, name: str) -> float:
        """The sum of one of its own metrics over all label sets; 0 when it is not there yet."""
        page = get(f"http://{_LOOPBACK}:{self.metrics_port}/metrics") or ""
        samples = [line for line in page.splitlines() if line.startswith((f"{name}{{", f"{name} "))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in samples)

    def _env(self) -> dict[str, str]:
        return {
            "TRAININGLOOP_ENDPOINT": self.endpoint,
            "TRAININGLOOP_COLLECTOR_HTTP": f"{_LOOPBACK}:{self.http_port}",
            "TRAININGLOOP_COLLECTOR_GRPC": f"{_LOOPBACK}:{self.grpc_port}",
            "TRAININGLOOP_COLLECTOR_HEALTH": f"{_LOOPBACK}:{self.health_port}",
            "TRAININGLOOP_COLLECTOR_METRICS_PORT": str(self.metrics_port),
            "TRAININGLOOP_COLLECTOR_QUEUE": str(self.directory / "queue"),
            "TRAININGLOOP_COLLECTOR_QUEUE_BYTES": str(self.queue_bytes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """``trainingloop serve`` on a store of its own, not yet running."""

    directory: Path
    otlp_http_port: int = field(default_factory=free_port)
    otlp_grpc_port: int = field(default_factory=free_port)
    dashboard_port: int = field(default_factory=free_port)

    @property
    def endpoint(self) -> str:
        """The base URL it takes OTLP/HTTP on."""
        return f"http://{_LOOPBACK}:{self.otlp_http_port}"

    @contextmanager
    def running(self) -> Generator[None]:
        """It accepts spans inside the block."""
        ports = {
            "--port": self.dashboard_port,
            "--otlp-http-port": self.otlp_http_port,
            "--otlp-grpc-port": self.otlp_grpc_port,
        }
        options = [text for name, port in ports.items() for text in (name, str(port))]
        command = [_trainingloop(), "serve", "--store", self._dsn(), "--host", _LOOPBACK, *options]
        log = self.directory / "serve.log"
        with running(command, self._env(), log) as process:
            _wait_until_up(process, self._is_ready, log)
            yield

    def decisions(self) -> list[dict[str, object]]:
        """Every stored decision, as ``trainingloop export`` gives them."""
        command = [_trainingloop(), "export", "--store", self._dsn()]
        answer = subprocess.run(
            command, env={**os.environ, **self._env()}, capture_output=True, check=True, timeout=120
        )
        return [cast("dict[str, object]", json.loads(line)) for line in answer.stdout.splitlines()]

    def _is_ready(self) -> bool:
        return get(f"{self.endpoint}/api/v1/health") is not None

    def _dsn(self) -> str:
        return f"chdb://{self.directory / 'store'}"

    def _env(self) -> dict[str, str]:
        return {"TRAININGLOOP_DATA_DIR": str(self.directory)}


def _trainingloop() -> str:
    return str(Path(sys.executable).parent / "trainingloop")


class Sink:
    """Stands in for trainingloop where a test needs to choose the answers."""

    def __init__(self) -> None:
        self.span_names: list[str] = []
        """The spans of every request that was answered 200, in order of arrival."""
        self.refused = 0
        self.status = 200
        self._lock = threading.Lock()

    def answer(self, body: bytes) -> int:
        """Take one request and say with which status to answer it."""
        with self._lock:
            if self.status == 200:
                self.span_names.extend(_span_names(body))
            else:
                self.refused += 1
            return self.status

    @contextmanager
    def listening(self, port: int) -> Generator[None]:
        """It answers on the port inside the block."""
        server = ThreadingHTTPServer((_LOOPBACK, port), _handler(self))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            is_gzip = self.headers["Content-Encoding"] == "gzip"
            self.send_response(sink.answer(gzip.decompress(raw) if is_gzip else raw))
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base names it
            """Keep the test's output free of access logs."""

    return Handler


def _span_names(body: bytes) -> list[str]:
    request = ExportTraceServiceRequest.FromString(body)
    scopes = [scope for resource in request.resource_spans for scope in resource.scope_spans]
    return [span.name for scope in scopes for span in scope.spans]
