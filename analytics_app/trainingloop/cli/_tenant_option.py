"""``--tenant`` of commands that make something for a tenant, which need not exist yet."""

from __future__ import annotations

import click

from trainingloop.instrumentation.environment import TENANT_RULE, default_tenant, is_tenant


def named_tenant(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return a name that a tenant can have; any other ends the command."""
    if not is_tenant(value):
        raise click.BadParameter(f"{value!r} is no tenant: use {TENANT_RULE}", context, parameter)
    return value


def tenant_or_default(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """Return the tenant that was named, else the one this installation records for."""
    return named_tenant(context, parameter, value or default_tenant())
