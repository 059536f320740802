"""``export``: decisions as JSONL or Parquet, each with its tool calls."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from trainingloop.cli._filters import Filter, with_filter
from trainingloop.cli._output import counted, examples, plain
from trainingloop.cli._reading import chosen_tenants, pages, parsed, tool_calls_of
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from trainingloop.cli._workspace import Workspace

_JSONL: Final = "jsonl"
_PARQUET: Final = "parquet"
_DOCUMENTS: Final = frozenset(
    {
        "input_messages", "system_instructions", "tool_definitions", "request_params",
        "output_messages", "playbook_settings", "playbook_rules", "redaction_entities",
    }
)  # fmt: skip
"""Columns that hold JSON, which becomes part of the line."""


@click.command(
    epilog=examples(
        "trainingloop export > decisions.jsonl",
        "trainingloop export --since 7d --kind tool_call -o week.parquet",
    )
)
@with_store
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A file instead of standard output; it appears whole or not at all.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([_JSONL, _PARQUET]),
    help="Otherwise what the file's name says, else jsonl.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@with_filter
def export(
    chosen: Filter,
    dsn: str,
    output: Path | None,
    form: str | None,
    as_json: bool,
) -> None:
    """Write decisions, oldest first, one a line, each with its tool calls."""
    form = _form(form, output, as_json=as_json)
    with open_workspace(dsn) as workspace, _written(output) as file:
        records = _records(workspace, chosen)
        written = _write_parquet(file, records) if form == _PARQUET else _write_jsonl(file, records)
    if output is not None:
        click.echo(f"{counted(written, 'decision')} written to {output}", err=True)


def _form(form: str | None, output: Path | None, *, as_json: bool) -> str:
    if as_json and form == _PARQUET:
        raise click.UsageError("--json and --format parquet exclude each other: give one of them")
    is_parquet = output is not None and output.suffix == ".parquet"
    form = form or (_PARQUET if is_parquet and not as_json else _JSONL)
    if form == _PARQUET and output is None:
        raise click.UsageError("Parquet cannot be written to standard output: give --output FILE")
    return form


def _records(workspace: Workspace, chosen: Filter) -> Iterator[list[dict[str, object]]]:
    """Yield the decisions a page at a time, with their tool calls."""
    for tenant in chosen_tenants(workspace, chosen.tenant):
        reads = workspace.reads(tenant)
        for page in pages(reads, chosen):
            decisions = list(page.records())
            calls = tool_calls_of(reads, decisions) if decisions else {}
            yield [
                {**decision, "tool_calls": calls[str(decision["decision_id"])]}
                for decision in decisions
            ]


def _write_jsonl(file: IO[bytes], records: Iterator[list[dict[str, object]]]) -> int:
    written = 0
    for page in records:
        for decision in page:
            documents = {name: parsed(decision[name]) for name in _DOCUMENTS & decision.keys()}
            line = json.dumps({**decision, **documents}, default=plain, ensure_ascii=False)
            file.write(line.encode("utf-8", "replace") + b"\n")
        written += len(page)
    return written


def _write_parquet(file: IO[bytes], records: Iterator[list[dict[str, object]]]) -> int:
    from trainingloop.cli._parquet import DecisionFile  # pyarrow takes its time

    written = 0
    with DecisionFile(file) as table:
        for page in records:
            table.write(page)
            written += len(page)
    return written


@contextmanager
def _written(output: Path | None) -> Generator[IO[bytes]]:
    """Open what is written to: standard output, or a file that appears when all went well."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():
        # A pipe or a device cannot be replaced.
        with output.open("wb") as file:
            yield file
        return
    with _replacing(output) as file:
        yield file


@contextmanager
def _replacing(output: Path) -> Generator[IO[bytes]]:
    try:
        descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise click.ClickException(
            f"cannot write {output} ({error.strerror}): give a file in a folder you can write"
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        temporary.replace(output)
    except OSError as error:
        raise click.ClickException(f"cannot write {output} ({error.strerror})") from error
    finally:
        temporary.unlink(missing_ok=True)
