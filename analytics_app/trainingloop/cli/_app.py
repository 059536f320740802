"""The command group: one store for all commands, one line for each error."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from trainingloop.cli._output import examples
from trainingloop.cli._store_option import STORE, STORE_HELP

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """Where a command is, and what the list of commands says of it."""

    module: str
    summary: str
    attribute: str = ""


COMMANDS: Final[Mapping[str, _Entry]] = {
    "serve": _Entry(module="_serve", summary="Receive, store and show decisions."),
    "demo": _Entry(module="_demo", summary="Watch a made-up assistant being recorded."),
    "import": _Entry(
        module="_import",
        attribute="import_transcripts",
        summary="Store conversations recorded elsewhere.",
    ),
    "export": _Entry(
        module="_export", summary="Write decisions as data to train, test or count with."
    ),
    "decisions": _Entry(module="_listings", summary="List decisions, newest first."),
    "conversations": _Entry(module="_listings", summary="List conversations."),
    "show": _Entry(module="_show", summary="Show one decision."),
    "outcomes": _Entry(module="_outcomes", summary="Work out what came of decisions."),
    "tenants": _Entry(module="_listings", summary="List whose decisions are stored."),
    "cohorts": _Entry(module="_cohorts", summary="Compare versions, and say how sure one may be."),
    "replay": _Entry(module="_replay", summary="Ask another model or prompt, safely, and compare."),
    "redact": _Entry(module="_redact", summary="Take personal data out of text or JSON."),
    "keys": _Entry(module="_keys", summary="Manage the keys behind tokens."),
    "doctor": _Entry(module="_doctor", summary="Check this installation."),
    "version": _Entry(module="_version", summary="Show what is installed."),
}
"""In the order a newcomer needs them. Each is imported when it is called: importing them all takes
longer than answering ``--help`` may."""


_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class _Group(click.Group):
    """Finds commands by name, and shows what trainingloop refuses as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = import_module(f"trainingloop.cli.{entry.module}")
        return cast("click.Command", getattr(module, entry.attribute or cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if _is_refusal(error):
                raise click.ClickException(str(error)) from error
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                _give_up_output()
                raise click.ClickException(
                    f"what was to be written did not fit ({error.strerror}): make room, or write "
                    "somewhere else"
                ) from error
            raise


def _is_refusal(error: Exception) -> bool:
    """Whether the message says all there is to say: an error of ours, or a missing extra."""
    from trainingloop.instrumentation.errors import TrainingLoopError  # imports the recorder

    return isinstance(error, TrainingLoopError | ImportError)


def _give_up_output() -> None:
    """Drop what standard output still holds: writing it at the end would fail once more."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@click.group(
    cls=_Group,
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
@click.version_option(package_name="trainingloop", prog_name="trainingloop")
def cli(store: str | None) -> None:
    """Record, store and look at the decisions of AI assistants that talk to customers."""
    del store  # commands read it themselves: their own option comes first
