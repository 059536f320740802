"""``import``: conversations that were recorded elsewhere, through the same redaction."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import console, counted, examples, print_json
from trainingloop.cli._store_option import with_store
from trainingloop.cli._tenant_option import tenant_or_default
from trainingloop.cli._workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.cli._importing import Tally

_MOST_SHOWN: Final = 20
"""A file of another kind has as many bad rows as rows."""


@click.command(
    name="import",
    epilog=examples(
        "trainingloop import chats.jsonl",
        "trainingloop import --tenant acme --model gpt-4o january.json february.json",
    ),
)
@with_store
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["openai-chat"]),
    default="openai-chat",
    show_default=True,
    help="What the rows are: objects with messages; tau-bench and tau2-bench are recognised.",
)
@click.option("--tenant", callback=tenant_or_default, help="Whose conversations they are.")
@click.option("--model", default="", help="The model where a file names none.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def import_transcripts(
    dsn: str,
    files: tuple[Path, ...],
    shape: str,
    tenant: str,
    model: str,
    as_json: bool,
) -> None:
    """Store conversations that were recorded elsewhere.

    Each FILE is a JSON array, JSONL or one JSON object of conversations with messages. Importing
    a file again changes nothing. Rows that cannot be read are named, the others are stored; the
    exit code is then 1.
    """
    del shape  # the only one there is
    from trainingloop.cli._importing import Importer  # heavy

    with open_workspace(dsn, may_create=True) as workspace, _progress() as progress:
        importer = Importer(workspace, tenant=tenant, model=model, progress=progress)
        for path in files:
            importer.add(path)
    tally = importer.tally
    _report(tally, files=len(files), as_json=as_json)
    if tally.bad or tally.rejected:
        click.get_current_context().exit(1)


@contextmanager
def _progress() -> Generator[Callable[[str, Tally], None]]:
    """Show on a terminal how far the import is; elsewhere, nothing."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    out = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[found]}", markup=False),
        TimeElapsedColumn(),
        console=out,
        disable=not out.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=None, found="")

        def advance(name: str, tally: Tally) -> None:
            bar.update(task, description=name, found=_found(tally))

        yield advance


def _found(tally: Tally) -> str:
    return ", ".join(
        (
            counted(tally.conversations, "conversation"),
            counted(tally.decisions, "decision"),
            counted(tally.tool_calls, "tool call"),
        )
    )


def _report(tally: Tally, *, files: int, as_json: bool) -> None:
    for row in tally.bad[:_MOST_SHOWN]:
        place = row.file if row.row is None else f"{row.file} row {row.row}"
        click.echo(f"{place}: {row.reason}", err=True)
    if (more := len(tally.bad) - _MOST_SHOWN) > 0:
        click.echo(f"… and {counted(more, 'more bad row')}", err=True)
    for rejection in sorted(tally.rejections):
        click.echo(rejection, err=True)
    if as_json:
        print_json(
            {
                "conversations": tally.conversations,
                "decisions": tally.decisions,
                "tool_calls": tally.tool_calls,
                "bad_rows": [asdict(row) for row in tally.bad],
                "rejected_spans": tally.rejected,
            }
        )
        return
    bad = f"; {counted(len(tally.bad), 'bad row')} left out" if tally.bad else ""
    rejected = f"; {counted(tally.rejected, 'span')} rejected" if tally.rejected else ""
    done = "read" if rejected else "stored"
    click.echo(f"{_found(tally)} {done} from {counted(files, 'file')}{bad}{rejected}")
