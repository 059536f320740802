"""``serve``: receivers, store and dashboard in one process."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import click

from trainingloop.cli._output import examples
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import parsed_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.analytics_app import Served

P = ParamSpec("P")
R = TypeVar("R")

_PORT: Final = click.IntRange(0, 65_535)
DASHBOARD_PORT: Final = 8501
HTTP_PORT: Final = 4318
GRPC_PORT: Final = 4317


def with_ports(command: Callable[P, R]) -> Callable[P, R]:
    """Give ``command`` the options host, port, otlp_http_port and otlp_grpc_port."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(*args, **kwargs)

    decorated: Callable[P, R] = wrapped
    for name, default, meaning in (
        ("--otlp-grpc-port", GRPC_PORT, "OTLP over gRPC."),
        ("--otlp-http-port", HTTP_PORT, "OTLP over HTTP, and the JSON API."),
        ("--port", DASHBOARD_PORT, "The dashboard."),
    ):
        option = click.option(
            name, type=_PORT, default=default, show_default=True, help=f"{meaning} 0: any free one."
        )
        decorated = option(decorated)
    return click.option(
        "--host", default="127.0.0.1", show_default=True, help="The address to listen on."
    )(decorated)


@click.command(
    epilog=examples(
        "trainingloop serve",
        "trainingloop serve --store chdb:///var/lib/trainingloop --port 8080",
    )
)
@with_store
@with_ports
def serve(dsn: str, host: str, port: int, otlp_http_port: int, otlp_grpc_port: int) -> None:
    """Receive decisions over OTLP, store them redacted, and show the dashboard.

    Runs until Ctrl-C. Other commands work on the same store meanwhile.
    """
    parsed_address(dsn)
    run_server(
        dsn=dsn, host=host, port=port, otlp_http_port=otlp_http_port, otlp_grpc_port=otlp_grpc_port
    )


def run_server(*, dsn: str, host: str, port: int, otlp_http_port: int, otlp_grpc_port: int) -> None:
    """Serve until SIGINT or SIGTERM, and print where things answer once they do."""
    from trainingloop.analytics_app import serve as serve_everything  # heavy

    serve_everything(
        dsn=dsn,
        host=host,
        port=port,
        otlp_http_port=otlp_http_port,
        otlp_grpc_port=otlp_grpc_port,
        on_ready=_announce,
    )


def _announce(served: Served) -> None:
    click.echo(f"dashboard   {served.dashboard_url}")
    click.echo(f"OTLP/HTTP   {served.otlp_http_url}")
    click.echo(f"OTLP/gRPC   {served.otlp_grpc_url}")
    click.echo(f"store       {served.store.removeprefix('StoreAddress(').removesuffix(')')}")
    click.echo("Ctrl-C ends it.")
