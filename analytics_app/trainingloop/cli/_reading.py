"""Reading of one tenant or of all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import click

from trainingloop.cli._errors import SeveralTenantsError
from trainingloop.cli._output import listed
from trainingloop.instrumentation.environment import default_tenant

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


def one_tenant(workspace: Workspace, named: str | None) -> str:
    """Return the tenant that is meant by a command that is about one.

    Raises:
        SeveralTenantsError: there are several, and none was named.
    """
    known = chosen_tenants(workspace, named)
    if len(known) == 1:
        return known[0]
    if not known or default_tenant() in known:
        return default_tenant()
    raise SeveralTenantsError(
        f"several tenants are recorded here: name one of {listed(known)} as --tenant"
    )


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
