"""One process: receivers, store and pages."""

from __future__ import annotations

import contextlib
import signal
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from trainingloop.actions import actions
from trainingloop.analytics_app._replay_runner import ReplayRunner
from trainingloop.analytics_app._streamlit_app import dashboard_app
from trainingloop.analytics_app._workspace import Gateway, Workspace, hold_workspace
from trainingloop.analytics_app.errors import DashboardError, DashboardPortError
from trainingloop.collector import CONVERTING_PROCESSES, GRPC_PORT, HTTP_PORT, Pipeline, Receivers
from trainingloop.evaluations import sending_evaluations
from trainingloop.outcomes import OutcomeWorker
from trainingloop.outcomes.rules import rules_from_environment
from trainingloop.processor import Redactor
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.store.address import StoreAddress

DASHBOARD_PORT: Final = 8501
# Browsers keep their websocket open; nothing under way is worth more than this when stopping.
_GRACE_S: Final = 2
_WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, never bound here


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the process answers, once it does."""

    dashboard_url: str
    otlp_http_url: str
    """OTLP over HTTP, and the JSON API under ``/api/v1/``."""
    otlp_grpc_url: str
    store: str
    """Where the decisions are, without a password."""


def serve(
    *,
    dsn: str,
    host: str = "127.0.0.1",
    port: int = DASHBOARD_PORT,
    otlp_http_port: int = HTTP_PORT,
    otlp_grpc_port: int = GRPC_PORT,
    on_ready: Callable[[Served], None] | None = None,
) -> None:
    """Receive, store and show decisions until SIGINT or SIGTERM; call it in the main thread.

    Args:
        dsn: the store, such as ``chdb:///var/lib/trainingloop``.
        host: the address all ports listen on.
        port: of the dashboard; 0 takes any free one.
        otlp_http_port: of OTLP/HTTP and the JSON API; 0 takes any free one.
        otlp_grpc_port: of OTLP/gRPC; 0 takes any free one.
        on_ready: told once where everything answers; it should return at once.

    Raises:
        DashboardPortError: the dashboard's port is taken, or ``host`` is not of this machine.
        PortInUseError: one of the other ports is taken.
        DashboardError: Streamlit could not be started.
        RulesError: the file of the outcomes' rules cannot be used.
        EvaluationsError: they are to be sent to something that is no URL.
        StoreInUseError: another process owns the store.
        StoreTooNewError: a newer trainingloop wrote the store.
        StoreUnavailableError: the store cannot be reached or started.
    """
    rules = rules_from_environment()
    redactor = Redactor()
    with (
        _stopped_by_signals(),
        contextlib.closing(_listen(host, port)) as listener,
        open_store(dsn) as store,
        sending_evaluations(store),
        Pipeline(store, redactor, processes=CONVERTING_PROCESSES) as pipeline,
        OutcomeWorker(store, rules, arrivals=lambda: pipeline.counters().stored) as outcome_worker,
        Receivers(
            pipeline,
            host=host,
            http_port=otlp_http_port,
            grpc_port=otlp_grpc_port,
            actions=(can := actions(store, pipeline, redactor, rules)),
            states={"outcomes": lambda: asdict(outcome_worker.state())},
        ) as receivers,
    ):
        served = Served(
            dashboard_url=_url(host, int(listener.getsockname()[1])),
            otlp_http_url=receivers.url,
            otlp_grpc_url=_url(host, receivers.grpc_port),
            store=_place(store.address),
        )
        gateway = Gateway(
            http_url=served.otlp_http_url,
            grpc_url=served.otlp_grpc_url,
            counters=pipeline.counters,
        )
        with (
            ReplayRunner(store, can) as runner,
            _held(Workspace(store, gateway=gateway, actions={**can, **runner.actions()})),
        ):
            store.announce(url=served.otlp_http_url)
            _run(listener, host, lambda: on_ready(served) if on_ready else None)


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, configuration: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(configuration)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_started()


def _run(listener: socket.socket, host: str, on_started: Callable[[], None]) -> None:
    configuration = uvicorn.Config(
        dashboard_app(host),
        log_config=None,
        # An access log would hold the ids and texts of query strings.
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(configuration, on_started)
    server.run(sockets=[listener])
    if not server.started:
        raise DashboardError("the dashboard could not start: the log above says why")


@contextlib.contextmanager
def _stopped_by_signals() -> Generator[None]:
    """End the block on SIGINT and SIGTERM alike, by way of every context manager in it.

    uvicorn stops on either and raises it again for the handler that was there before; the
    default handler of SIGTERM would then end the process before the store is closed.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _held(workspace: Workspace) -> Generator[None]:
    hold_workspace(workspace)
    try:
        yield
    finally:
        hold_workspace(None)
        workspace.close()


def _listen(host: str, port: int) -> socket.socket:
    """Take the dashboard's port first: of everything, it is what most often is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise DashboardPortError(
            f"the dashboard cannot listen on port {port} of {host!r} ({reason}): stop what uses "
            "it, or choose another port with --port or another address with --host"
        ) from error
    listener.setblocking(False)
    return listener


def _place(address: StoreAddress) -> str:
    if address.directory:
        return f"{address.engine}://{address.directory}"
    return f"{address.engine}://{address.host}:{address.port}/{address.database}"


def _url(host: str, port: int) -> str:
    reachable = "127.0.0.1" if host in _WILDCARDS else host
    return f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{port}"
