"""``show``: one decision with what it knew and did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._errors import NoDecisionError
from trainingloop.cli._filters import tenant_option
from trainingloop.cli._output import console, examples, print_json, printable
from trainingloop.cli._reading import chosen_tenants, parsed, tool_calls_of
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace
from trainingloop.instrumentation.fingerprint import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.cli._workspace import Workspace

_FACTS: Final = (
    "decision_id", "trace_id", "tenant_id", "conversation_id", "occurred_at", "duration_ms",
    "decision_kind", "status", "error_type", "model", "cohort", "playbook_id", "playbook_version",
    "rules_fired", "prompt_name", "prompt_version", "prompt_hash", "code_version", "channel",
    "customer", "input_tokens", "output_tokens", "source", "redaction_version",
    "redaction_status", "redaction_count",
)  # fmt: skip
_DOCUMENTS: Final = (
    "input_messages", "system_instructions", "tool_definitions", "request_params",
    "output_messages", "playbook_settings", "playbook_rules", "redaction_entities",
)  # fmt: skip


@click.command(
    epilog=examples(
        "trainingloop show 00f067aa0ba902b7",
    )
)
@with_store
@click.argument("decision")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything it knew.")
def show(dsn: str, decision: str, tenant: str | None, as_json: bool) -> None:
    """Show one decision by its id: what it knew, what it did, which versions ran."""
    with open_workspace(dsn) as workspace:
        record = _found(workspace, decision, tenant)
    if as_json:
        print_json(record)
        return
    out = console()
    for line in _lines(record):
        out.print(line, soft_wrap=True)


def _found(workspace: Workspace, decision: str, tenant: str | None) -> dict[str, object]:
    for name in chosen_tenants(workspace, tenant):
        reads = workspace.reads(name)
        for record in reads.table("decision", {"decision": decision}).records():
            documents = {column: parsed(record[column]) for column in _DOCUMENTS}
            calls = tool_calls_of(reads, [record])[str(record["decision_id"])]
            return {**record, **documents, "tool_calls": calls}
    raise NoDecisionError(
        f"no decision {decision!r} is stored here: trainingloop decisions lists their ids"
    )


def _lines(record: Mapping[str, object]) -> Iterator[str]:
    for name in _FACTS:
        if (value := record.get(name)) not in ("", None, [], 0):
            yield f"{name:20} {printable(value)}"
    for heading, column in (("knew", "input_messages"), ("answered", "output_messages")):
        yield f"\n{heading}"
        for message in _objects(record[column]):
            yield from _message(message)
    for call in _objects(record["tool_calls"]):
        yield f"\ntool {printable(call['tool'])}  {_written(call['arguments'])}"
        if call["is_executed"]:
            yield f"  {printable(call['status'])}: {printable(call['result'])}"


def _message(message: Mapping[str, object]) -> Iterator[str]:
    role = printable(message.get("role"))
    for part in _objects(message.get("parts")):
        fields = ("content", "response", "arguments")
        text = next((part[name] for name in fields if part.get(name)), "")
        name = printable(part.get("name"))
        yield f"  {role:10} {f'{name} ' if name else ''}{_written(text)}"


def _written(value: object) -> str:
    return printable(value if isinstance(value, str) else canonical_json(value))


def _objects(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        return []
    items = cast("list[object]", value)
    return [cast("Mapping[str, object]", item) for item in items if isinstance(item, dict)]
