"""``export``: decisions as training, evaluation or plain data, none of it unredacted."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from trainingloop.cli._filters import Filter, with_filter
from trainingloop.cli._output import console, counted, examples
from trainingloop.cli._reading import chosen_tenants
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace
from trainingloop.cli._writing import replacing, written

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.exports import ExportForm, ExportSummary, Only, Selection

_FORMS: Final = ("jsonl", "sft", "dpo", "eval", "parquet")
_EXAMPLES: Final = frozenset({"sft", "dpo", "eval"})
_TAKES_ONLY: Final = frozenset({"sft", "eval"})
_THINGS: Final = {"sft": "example", "dpo": "pair", "eval": "case"}


@click.command(
    epilog=examples(
        "trainingloop export > decisions.jsonl",
        "trainingloop export --since 7d --kind tool_call -o week.parquet",
        "trainingloop export --as sft -o liked.jsonl",
        "trainingloop export --as sft --only outcome:order_paid=yes -o paid.jsonl",
        "trainingloop export --as dpo --cohort booking_v3.2 -o pairs.jsonl",
    )
)
@with_store
@click.option(
    "--as",
    "form",
    type=click.Choice(_FORMS),
    help="What the file is for; otherwise what its name says, else jsonl.",
)
@click.option(
    "--only",
    "only",
    metavar="WHICH",
    help="For sft and eval: 'up' (those liked or corrected, as for sft by default), 'all', or "
    "'outcome:RULE=yes'.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="A file instead of standard output; it appears whole or not at all.",
)
@click.option("--json", "as_json", is_flag=True, help="The summary on standard error as JSON.")
@with_filter
def export(
    chosen: Filter,
    dsn: str,
    form: str | None,
    only: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Write decisions, oldest first, one a line.

    As jsonl or parquet they are whole, with tool calls, votes and outcomes. As sft they are
    examples for fine-tuning, as dpo pairs of a better and a worse answer, as eval questions with
    the answer that is expected. Where the lines of sft and dpo come from is written to a second
    file, OUTPUT.provenance.jsonl.

    Decisions without proof of a complete redaction are left out and counted. The exit code is 1
    when nothing is left.
    """
    form = _form(form, output)
    if only and form not in _TAKES_ONLY:
        raise click.UsageError(f"--only is for --as sft and --as eval: leave it out with {form}")
    selection = _selection(chosen, only)
    with open_workspace(dsn) as workspace, ExitStack() as stack:
        from trainingloop.exports import ExportForm, write_export  # heavy

        tenants = chosen_tenants(workspace, chosen.tenant)
        summary = write_export(
            ExportForm(form),
            map(workspace.reads, tenants),
            selection,
            stack.enter_context(written(output)),
            provenance=stack.enter_context(_beside(output, ExportForm(form))),
            advance=stack.enter_context(_progress()),
        )
        if _is_nothing(form, summary):
            raise click.ClickException(_nothing(form, summary))
    _report(form, summary, output, as_json=as_json)


def _form(form: str | None, output: Path | None) -> str:
    is_parquet = output is not None and output.suffix == ".parquet"
    form = form or ("parquet" if is_parquet else "jsonl")
    if form == "parquet" and output is None:
        raise click.UsageError("Parquet cannot be written to standard output: give --output FILE")
    return form


def _selection(chosen: Filter, only: str | None) -> Selection:
    from trainingloop.exports import Selection, SelectionError, parse_only  # heavy

    choice: Only | None = None
    if only is not None:
        try:
            choice = parse_only(only)
        except SelectionError as error:
            raise click.BadParameter(str(error), param_hint="--only") from error
    return Selection(parameters=chosen.parameters(), only=choice)


def _is_nothing(form: str, summary: ExportSummary) -> bool:
    """Whether somebody who asked for this gets nothing.

    Whole decisions that a filter leaves none of are an answer; an empty training file is not.
    """
    return not summary.written and (form in _EXAMPLES or summary.read > 0)


def _nothing(form: str, summary: ExportSummary) -> str:
    if summary.read:
        return f"nothing could be exported: left out {'; '.join(summary.reasons())}"
    what = {
        "sft": "no decision that the filter leaves has a thumb up, a correction or that outcome",
        "dpo": "no decision that the filter leaves is corrected, and no two answers to the same "
        "question have opposite votes",
    }.get(form, "the filter leaves no decision")
    hint = {"sft": ": vote in the dashboard, or use --only all", "dpo": ": review more of them"}
    return f"nothing could be exported: {what}{hint.get(form, '')}"


def _report(form: str, summary: ExportSummary, output: Path | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(summary)), err=True)
        return
    if output is not None:
        done = counted(summary.written, _THINGS.get(form, "decision"))
        click.echo(f"{done} written to {output}", err=True)
    for reason in summary.reasons():
        click.echo(f"left out: {reason}", err=True)


@contextmanager
def _progress() -> Generator[Callable[[ExportSummary], None]]:
    """Show on a terminal how far the export is; elsewhere, nothing."""
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    out = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=out,
        disable=not out.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=None)

        def advance(summary: ExportSummary) -> None:
            left_out = sum(summary.skipped.values())
            bar.update(task, description=f"{summary.written:,} written, {left_out:,} left out")

        yield advance


@contextmanager
def _beside(output: Path | None, form: ExportForm) -> Generator[IO[bytes] | None]:
    """Open the file that says where lines come from, if there is to be one."""
    from trainingloop.exports import HAS_SIDECAR  # heavy

    if form not in HAS_SIDECAR or output is None or (output.exists() and not output.is_file()):
        yield None
        return
    with replacing(output.with_name(f"{output.name}.provenance.jsonl")) as file:
        yield file
