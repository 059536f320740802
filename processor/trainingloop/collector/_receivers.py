"""Listens for OTLP and for the JSON API, in a thread of its own."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from trainingloop.collector._api import Api
from trainingloop.collector._grpc import TraceService
from trainingloop.collector._hosts import LoopbackHostsOnly, is_loopback
from trainingloop.collector._http import TraceEndpoint
from trainingloop.collector.errors import CollectorError, PortInUseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.collector._pipeline import Pipeline
    from trainingloop.collector.actions import Action, State

HTTP_PORT: Final = 4318
GRPC_PORT: Final = 4317
_GRACE_S: Final = 10
_READING_THREADS: Final = 4


class Receivers:
    """OTLP/HTTP with the JSON API on one port, OTLP/gRPC on another.

    Args:
        pipeline: takes what is received; its store is what the JSON API reads.
        host: the address to listen on; other machines get in only when it is no loopback one.
        http_port: 0 takes any free port; `http_port` tells which.
        grpc_port: the same.
        grace_s: how long stopping waits for requests under way, in whole seconds.
        actions: what the JSON API does besides reading, by its path under ``/api/v1/``.
        states: what other parts of this process tell of themselves, for health to say.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        host: str = "127.0.0.1",
        http_port: int = HTTP_PORT,
        grpc_port: int = GRPC_PORT,
        grace_s: int = _GRACE_S,
        actions: Mapping[str, Action] | None = None,
        states: Mapping[str, State] | None = None,
    ) -> None:
        self._grace_s = grace_s
        self.host: Final = host
        self.http_port = http_port
        self.grpc_port = grpc_port
        self._converting = ThreadPoolExecutor(pipeline.converting_threads, "trainingloop-convert")
        self._reading = ThreadPoolExecutor(_READING_THREADS, "trainingloop-read")
        self._service = TraceService(pipeline, self._converting)
        endpoint = TraceEndpoint(pipeline, self._converting)
        api = Api(pipeline, self._reading, self._ports, actions or {}, states or {})
        self._app = Starlette(
            routes=[*endpoint.routes(), *api.routes()],
            middleware=([Middleware(LoopbackHostsOnly, host=host)] if is_loopback(host) else []),
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base URL of OTLP/HTTP and of the JSON API, for this machine."""
        host = self.host if self.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  # a comparison
        return f"http://{f'[{host}]' if ':' in host else host}:{self.http_port}"

    def start(self) -> None:
        """Listen; both ports are open on return.

        Raises:
            PortInUseError: something else listens on one of them; neither stays open.
        """
        listener = _listen(self.host, self.http_port)
        self.http_port = int(listener.getsockname()[1])
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, started)),
            name="trainingloop-receivers",
            daemon=True,
        )
        self._thread.start()
        try:
            started.result()
        except BaseException:
            self._thread.join()
            listener.close()
            raise

    def stop(self) -> None:
        """Answer what is under way and close both ports."""
        if self._loop and self._stopping and self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._converting.shutdown()
        self._reading.shutdown()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _ports(self) -> dict[str, int]:
        return {"otlp_http": self.http_port, "otlp_grpc": self.grpc_port}

    async def _serve(self, listener: socket.socket, started: Future[None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        try:
            grpc_server = await self._service.start(self.host, self.grpc_port)
        except CollectorError as error:
            started.set_exception(error)
            return
        self.grpc_port = grpc_server.port
        http_server = uvicorn.Server(self._configuration())
        serving = asyncio.create_task(http_server.serve(sockets=[listener]))
        started.set_result(None)
        await self._stopping.wait()
        http_server.should_exit = True
        await asyncio.gather(grpc_server.stop(self._grace_s), serving)

    def _configuration(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            # An access log would hold what an agent put into a query string.
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=self._grace_s,
        )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CollectorError(
            f"cannot listen on {host!r}: give an address of this machine with --host"
        ) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"port {port} is in use: stop what listens there, or choose another one with "
                "--otlp-http-port"
            ) from error
        raise CollectorError(
            f"cannot listen on port {port} of {host!r} ({error.strerror}): choose another one with "
            "--host or --otlp-http-port"
        ) from error
    listener.setblocking(False)
    return listener
