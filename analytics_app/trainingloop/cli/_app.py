"""The command group: one store for all commands, one line for each error."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import Any, Final

import click

from trainingloop.cli._demo import demo
from trainingloop.cli._doctor import doctor
from trainingloop.cli._export import export
from trainingloop.cli._import import import_transcripts
from trainingloop.cli._listings import conversations, decisions, tenants
from trainingloop.cli._output import examples
from trainingloop.cli._serve import serve
from trainingloop.cli._show import show
from trainingloop.cli._store_option import STORE, STORE_HELP
from trainingloop.cli._version import version
from trainingloop.instrumentation.errors import TrainingLoopError

_ORDER: Final = (
    serve,
    demo,
    import_transcripts,
    export,
    decisions,
    conversations,
    show,
    tenants,
    doctor,
    version,
)


class _Group(click.Group):
    """Shows what trainingloop refuses as one line, in the order a newcomer needs the commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [command.name or "" for command in _ORDER]

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (TrainingLoopError, ImportError) as error:
            # An ImportError here is an extra that is not installed; its message names it.
            raise click.ClickException(str(error)) from error


@click.group(
    cls=_Group,
    commands=_ORDER,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "trainingloop demo                        see it with made-up conversations",
        "trainingloop serve                       receive from agents, show the dashboard",
        "trainingloop import chats.jsonl          store conversations recorded elsewhere",
        "trainingloop decisions --since 7d        list what was decided",
        "trainingloop export > decisions.jsonl    take everything with you",
    ),
)
@click.option("--store", envvar=STORE, metavar="DSN", help=STORE_HELP)
@click.version_option(installed_version("trainingloop"), prog_name="trainingloop")
def cli(store: str | None) -> None:
    """Record, store and look at the decisions of AI assistants that talk to customers."""
    del store
