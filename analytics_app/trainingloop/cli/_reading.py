"""Reading of one tenant or of all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import click

from trainingloop.cli._output import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.cli._workspace import TenantReads, Workspace


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


def tool_calls_of(
    reads: TenantReads, decisions: Sequence[Mapping[str, object]]
) -> dict[str, list[dict[str, object]]]:
    """Return the tool calls of each of ``decisions``, by its id, in their order."""
    from trainingloop.exports import tool_calls_of as recorded_calls  # heavy

    return {
        decision: [{**call, "arguments": parsed(call["arguments"])} for call in calls]
        for decision, calls in recorded_calls(reads, decisions).items()
    }


def parsed(value: object) -> object:
    """Return the JSON a text holds, or the text itself."""
    if not isinstance(value, str) or value[:1] not in ("{", "[", '"'):
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        return value
