"""``decisions``, ``conversations``, ``tenants``: what there is."""

from __future__ import annotations

import heapq
from operator import itemgetter
from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._filters import Filter, between, tenant_option, with_filter, with_times
from trainingloop.cli._output import examples, first_line, print_json, print_table
from trainingloop.cli._reading import chosen_tenants
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trainingloop.cli._workspace import Workspace

_DECISION_COLUMNS: Final = {
    "occurred_at": "when (UTC)",
    "decision_kind": "kind",
    "model": "model",
    "cohort": "cohort",
    "status": "status",
    "conversation_id": "conversation",
    "said": "what",
    "decision_id": "decision",
}
_CONVERSATION_COLUMNS: Final = {
    "last_at": "last (UTC)",
    "decisions": "decisions",
    "errors": "errors",
    "channel_name": "channel",
    "cohorts": "cohorts",
    "thread_id": "conversation",
}
_JSON_HELP: Final = "Print JSON."
_LIMIT: Final = click.IntRange(1, 100_000)


@click.command(
    epilog=examples(
        "trainingloop decisions --since 24h --kind tool_call",
        "trainingloop decisions --status error --json",
    )
)
@with_store
@with_filter
@click.option("--limit", type=_LIMIT, default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def decisions(chosen: Filter, dsn: str, limit: int, as_json: bool) -> None:
    """List decisions, newest first."""
    with open_workspace(dsn) as workspace:
        parameters = {**chosen.parameters(), "limit": limit, "offset": 0}
        records = _newest(
            (
                workspace.reads(tenant).table("decisions", parameters).records()
                for tenant in chosen_tenants(workspace, chosen.tenant)
            ),
            "occurred_at",
            limit,
        )
    if as_json:
        print_json(records)
        return
    rows = [{**record, "said": _said(record)} for record in records]
    print_table(_DECISION_COLUMNS, rows, empty="no decision matches", flexible="said")


@click.command(
    epilog=examples(
        "trainingloop conversations --since 7d",
        "trainingloop decisions --conversation ID",
    )
)
@with_store
@tenant_option
@with_times
@click.option("--limit", type=_LIMIT, default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def conversations(
    dsn: str,
    tenant: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """List conversations, the most recent first."""
    with open_workspace(dsn) as workspace:
        parameters = {**between(since, until), "limit": limit}
        records = _newest(
            (
                ({"tenant_id": name, **record} for record in _threads(workspace, name, parameters))
                for name in chosen_tenants(workspace, tenant)
            ),
            "last_at",
            limit,
        )
    if as_json:
        print_json(records)
        return
    print_table(_CONVERSATION_COLUMNS, records, empty="no conversation matches")


@click.command(
    epilog=examples(
        "trainingloop tenants",
    )
)
@with_store
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def tenants(dsn: str, as_json: bool) -> None:
    """List whose decisions are in the store."""
    with open_workspace(dsn) as workspace:
        found = [
            {
                "tenant_id": tenant,
                **next(
                    workspace.reads(tenant).table("overview_totals", between(None, None)).records()
                ),
            }
            for tenant in workspace.tenants()
        ]
    records = [
        {name: row[name] for name in ("tenant_id", "decisions", "conversations")} for row in found
    ]
    if as_json:
        print_json(records)
        return
    columns = {"tenant_id": "tenant", "decisions": "decisions", "conversations": "conversations"}
    print_table(columns, records, empty="nothing is recorded here yet")


def _threads(
    workspace: Workspace, tenant: str, parameters: Mapping[str, object]
) -> Iterable[Mapping[str, object]]:
    return workspace.reads(tenant).table("threads", parameters).records()


def _newest(
    streams: Iterable[Iterable[Mapping[str, object]]], time_column: str, limit: int
) -> list[Mapping[str, object]]:
    """Merge listings that are newest first each."""
    newest_first = itemgetter(time_column)
    merged = heapq.merge(
        *streams, key=lambda row: cast("datetime", newest_first(row)), reverse=True
    )
    return [row for _, row in zip(range(limit), merged, strict=False)]


def _said(record: Mapping[str, object]) -> str:
    """Return what was decided, on one line."""
    tools = cast("list[str]", record["tool_names"])
    fired = cast("list[str]", record["rules_fired"])
    return first_line(", ".join([*tools, *fired]) or record["output_preview"], characters=60)
