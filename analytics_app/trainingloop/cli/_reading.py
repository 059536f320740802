"""Reading decisions page by page, of one tenant or of all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._output import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.cli._filters import Filter
    from trainingloop.cli._workspace import TenantReads, Workspace
    from trainingloop.store import Table

PAGE_DECISIONS: Final = 500
_BEGINNING: Final = "1970-01-01 00:00:00.000000000"
_CALL_FIELDS: Final = (
    "id", "tool", "call_arguments", "call_result", "call_status", "call_error", "duration_ms",
    "called_at", "is_requested", "is_executed",
)  # fmt: skip


def chosen_tenants(workspace: Workspace, tenant: str | None) -> list[str]:
    """Return the tenant that was named, or all; an unknown one ends the command."""
    known = workspace.tenants()
    if tenant is None:
        return known
    if tenant not in known:
        raise click.BadParameter(
            f"{tenant!r} has recorded nothing here: use one of {listed(known)}",
            param_hint="--tenant",
        )
    return [tenant]


def pages(reads: TenantReads, chosen: Filter) -> Iterator[Table]:
    """Yield whole decisions, oldest first, at least one page; memory holds one page."""
    cursor: dict[str, object] = {"after_at": _BEGINNING, "after": ""}
    while True:
        page = reads.table(
            "export_decisions", {**chosen.parameters(), **cursor, "limit": PAGE_DECISIONS}
        )
        yield page
        if len(page.rows) < PAGE_DECISIONS:
            return
        last = dict(zip(page.columns, page.rows[-1], strict=True))
        cursor = {
            "after_at": _exact_time(cast("int", last["occurred_at_ns"])),
            "after": last["decision_id"],
        }


def tool_calls_of(
    reads: TenantReads, decisions: Sequence[Mapping[str, object]]
) -> dict[str, list[dict[str, object]]]:
    """Return the tool calls of each of ``decisions``, by its id, in their order."""
    ids = [str(decision["decision_id"]) for decision in decisions]
    threads = sorted({str(decision["thread_id"]) for decision in decisions})
    table = reads.table("tool_calls_of_decisions", {"decisions": ids, "threads": threads})
    found: dict[str, list[dict[str, object]]] = {decision: [] for decision in ids}
    for record in table.records():
        owner = str(record["decision_id"] or record["execution_id"])
        if owner in found:
            found[owner].append(_call(record))
    return found


def parsed(value: object) -> object:
    """Return the JSON a text holds, or the text itself."""
    if not isinstance(value, str) or value[:1] not in ("{", "[", '"'):
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        return value


def _call(record: Mapping[str, object]) -> dict[str, object]:
    call = {name.removeprefix("call_"): record[name] for name in _CALL_FIELDS}
    claims = {name: bool(call[name]) for name in ("is_requested", "is_executed")}
    return {**call, **claims, "arguments": parsed(call["arguments"])}


def _exact_time(moment_ns: int) -> str:
    """Return a time with its nanoseconds, which a datetime cannot hold."""
    seconds, nanoseconds = divmod(moment_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{nanoseconds:09d}"
