"""``redact``: personal data out of text, JSON or JSONL, with an explanation if asked for."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._output import console, counted, examples, print_table
from trainingloop.cli._tenant_option import tenant_or_default

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from trainingloop.cli._records import Cleaned
    from trainingloop.processor import Finding

_WHY: Final = {
    "emails": "the shape of an e-mail address",
    "secrets": "the shape of a key, or a name such as password before it",
    "fields": "a name before it that says what it is",
    "numbers": "check digits, the shape of a phone number, or a word for it",
    "lettered_ids": "country, length and check digits",
    "national_ids": "check digits, or the name of a document before it",
    "network": "the shape of an address",
    "streets": "a street word and a number",
    "births": "words for a date of birth beside it",
    "accounts": "a word for a bank account beside it",
    "references": "a word for a booking or an order beside it",
    "crypto": "the checksum of a wallet address",
    "introductions": "words that introduce or address somebody",
    "names": "a name, says the model for names",
    "spelled_addresses": "an e-mail address with words for its signs",
    "hidden_numbers": "digits spelled out or written as letters",
    "known_values": "the conversation says elsewhere that it is the customer's",
    "key": "the name of its field",
    "identifier": "an identifier that reaches or names somebody",
    "blobs": "encoded, and too long to be read",
}
_OTHER: Final = "a recognizer of the policy, or of Presidio"
_COLUMNS: Final = {
    "record": "record",
    "place": "place",
    "value": "value",
    "type": "type",
    "score": "score",
    "detector": "detector",
    "why": "why",
}


@click.command(
    epilog=examples(
        "trainingloop redact chat.txt",
        "trainingloop redact --explain chats.jsonl",
        "echo 'call +1 415 555 0100' | trainingloop redact --json",
    ),
)
@click.argument(
    "file",
    default="-",
    type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path),
)
@click.option("--explain", is_flag=True, help="Show what was replaced, and why.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object a record: its redacted text, and the entities with their places.",
)
@click.option("--tenant", callback=tenant_or_default, help="Whose tokens and policy to use.")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="A policy file. Default: TRAININGLOOP_REDACTION_POLICY, else the built-in one.",
)
def redact(file: Path, explain: bool, as_json: bool, tenant: str, policy: Path | None) -> None:
    """Write FILE, or standard input, without personal data.

    A line of JSONL is a record; a JSON document or a text is one as a whole. Records that name the
    same conversation_id are one conversation: what one says about the customer is found in the
    others. Places are offsets in characters of the record; of its text, where a JSON record is a
    string or has a field "text".

    The exit code is 1 if something could not be looked at: <REDACTION_FAILED> stands there.
    """
    content = _read(file)
    if not content.strip():
        click.echo("nothing to redact: the input is empty", err=True)
        return
    failures = 0
    with _progress(len(content)) as advance:
        for each in _results(file, content, tenant, policy, is_explained=explain or as_json):
            _write(each, as_json=as_json, is_jsonl=each.record.given is not content)
            if explain and not as_json:
                _explain(each)
            failures += each.failures
            advance(len(each.record.given))
    if failures:
        click.echo(f"{counted(failures, 'value')} could not be looked at", err=True)
        click.get_current_context().exit(1)


def _results(
    file: Path, content: str, tenant: str, policy: Path | None, *, is_explained: bool
) -> Generator[Cleaned]:
    from trainingloop.cli._records import cleaned, form_of, records  # heavy
    from trainingloop.processor import Redactor
    from trainingloop.processor.policy import load_policy

    redactor = Redactor(policy=load_policy(policy) if policy else None)
    given = records(content, form_of(file, content))
    yield from cleaned(given, redactor, tenant, is_explained=is_explained)


def _read(file: Path) -> str:
    is_standard_input = str(file) == "-"
    if is_standard_input and sys.stdin.isatty():
        click.echo("reading what you type; end it with Ctrl+D on a line of its own", err=True)
    raw = sys.stdin.buffer.read() if is_standard_input else file.read_bytes()
    # What is no UTF-8 comes out as the bytes it was, unless it is replaced.
    return raw.decode("utf-8-sig", "surrogateescape")


def _write(each: Cleaned, *, as_json: bool, is_jsonl: bool) -> None:
    if as_json:
        entities = [_entity(found) for found in each.findings]
        click.echo(json.dumps({"text": each.text, "entities": entities}))
        return
    raw = each.written.encode("utf-8", "surrogateescape")
    click.echo(raw, nl=is_jsonl)


def _entity(found: Finding) -> dict[str, object]:
    return cast("dict[str, object]", asdict(found))


def _explain(each: Cleaned) -> None:
    if not each.written.endswith("\n"):
        click.echo()
    text = each.record.text
    rows = [
        {
            "record": each.record.number,
            "place": f"{found.start}-{found.end}",
            "value": text[found.start : found.end],
            "type": found.type,
            "score": f"{found.score:.2f}",
            "detector": found.detector,
            "why": _WHY.get(found.detector.partition(".")[0], _OTHER),
        }
        for found in each.findings
    ]
    click.echo()
    print_table(_COLUMNS, rows, empty="nothing was found", flexible="value")
    click.echo()


@contextmanager
def _progress(characters: int) -> Generator[Callable[[int], None]]:
    """Show on a terminal how far a long input is; elsewhere, nothing."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    out = console(stderr=True)
    is_shown = out.is_terminal and not sys.stdout.isatty()
    bar = Progress(
        BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=out,
        disable=not is_shown, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("redacting", total=characters)
        yield lambda done: bar.update(task, advance=done)
