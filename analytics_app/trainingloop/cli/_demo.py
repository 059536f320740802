"""``demo``: a made-up assistant at work, recorded for real, then the dashboard on it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._errors import DemoError
from trainingloop.cli._filters import between
from trainingloop.cli._output import console, counted, examples
from trainingloop.cli._ports import refuse_taken_ports
from trainingloop.cli._serve import run_server, with_ports
from trainingloop.cli._store_option import with_named_store
from trainingloop.cli._workspace import parsed_address
from trainingloop.instrumentation.environment import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from trainingloop.store import Store

_AGENT: Final = "trainingloop.cli._demo_agent"
_STOP_S: Final = 10
_KINDS: Final = {
    "messages": "messages",
    "tool_calls": "tool calls",
    "playbook_decisions": "playbook decisions",
}


@click.command(
    epilog=examples(
        "trainingloop demo",
        "trainingloop demo --conversations 50 --no-serve",
    )
)
@with_named_store
@click.option(
    "--conversations",
    type=click.IntRange(1, 100_000),
    default=400,
    show_default=True,
    help="How many are held.",
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="The same one, the same conversations."
)
@click.option("--no-serve", is_flag=True, help="End once all is recorded.")
@with_ports
def demo(
    named: str | None,
    conversations: int,
    seed: int,
    no_serve: bool,
    host: str,
    port: int,
    otlp_http_port: int,
    otlp_grpc_port: int,
) -> None:
    """Watch a made-up assistant's conversations being recorded, then look at them.

    Needs neither network nor keys. It has a store of its own, made anew each time.
    """
    if not no_serve:
        refuse_taken_ports(host, {"--port": port, "--otlp-http-port": otlp_http_port,
                                  "--otlp-grpc-port": otlp_grpc_port})  # fmt: skip
    dsn = named or _fresh_store()
    _record(dsn, conversations=conversations, seed=seed)
    if no_serve:
        click.echo(f"look at it with: trainingloop serve --store {dsn}")
        return
    run_server(
        dsn=dsn, host=host, port=port, otlp_http_port=otlp_http_port, otlp_grpc_port=otlp_grpc_port
    )


def _fresh_store() -> str:
    """Make room for a new demo store and return its DSN."""
    from trainingloop.store.owner import Ownership  # heavy

    directory = data_dir() / "demo"
    dsn = f"chdb://{directory}"
    if directory.exists():
        # Taking it first: a demo that is still open keeps its store.
        Ownership(directory).release()
        shutil.rmtree(directory)
        click.echo("the store of the last demo was removed", err=True)
    return dsn


def _record(dsn: str, *, conversations: int, seed: int) -> None:
    """Run the demo's agent in a process of its own against receivers in this one."""
    from trainingloop.collector import Pipeline, Receivers  # heavy
    from trainingloop.processor import Redactor
    from trainingloop.store import open_store

    parsed_address(dsn)
    with open_store(dsn) as store:
        with (
            Pipeline(store, Redactor()) as pipeline,
            Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
            _progress(conversations) as advance,
        ):
            _run_agent(receivers.url, conversations, seed, advance)
        _report(store)


def _run_agent(
    endpoint: str, conversations: int, seed: int, advance: Callable[[int], None]
) -> None:
    """Run the agent to its end. A child is spawned: the embedded engine may not be forked."""
    command = [sys.executable, "-m", _AGENT, endpoint, str(conversations), str(seed)]
    # In a session of its own: Ctrl-C reaches this process, which then ends the agent.
    with subprocess.Popen(  # noqa: S603  # our own module
        command,
        # Never written to: the agent ends when it is closed, also by the end of this process.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as agent:
        try:
            summary = _follow(agent, advance)
        except BaseException:
            agent.terminate()
            agent.wait(_STOP_S)
            raise
    if agent.returncode != 0 or not summary:
        raise DemoError(
            f"the demo's agent ended with code {agent.returncode} before it was done: "
            "what it wrote above says why; trainingloop doctor checks this installation"
        )
    if lost := int(str(summary["spans_dropped"])):
        click.echo(f"{counted(lost, 'span')} were lost on the way", err=True)


def _follow(agent: subprocess.Popen[str], advance: Callable[[int], None]) -> Mapping[str, object]:
    summary: Mapping[str, object] = {}
    for line in agent.stdout or ():
        message = cast("dict[str, object]", json.loads(line))
        if "done" in message:
            advance(int(str(message["done"])))
        else:
            summary = message
    return summary


@contextmanager
def _progress(total: int) -> Generator[Callable[[int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    out = console(stderr=True)
    bar = Progress(
        TextColumn("recording conversations"),
        BarColumn(),
        MofNCompleteColumn(),
        console=out,
        disable=not out.is_terminal,
    )
    if not out.is_terminal:
        click.echo(f"recording {counted(total, 'conversation')} …", err=True)
    with bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _report(store: Store) -> None:
    for tenant in store.tenants():
        totals = next(store.reads(tenant).table("overview_totals", between(None, None)).records())
        counts = ", ".join(f"{int(str(totals[name])):,} {noun}" for name, noun in _KINDS.items())
        decisions = counted(int(str(totals["decisions"])), "decision")
        threads = counted(int(str(totals["conversations"])), "conversation")
        click.echo(f"{decisions} in {threads}: {counts}")
