"""What the process that owns the store does for others: one JSON document in, one out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from trainingloop.collector.errors import BadRequestError
from trainingloop.instrumentation.environment import TENANT_RULE, is_tenant

__all__ = ["Action", "State", "tenant_of"]

Action: TypeAlias = Callable[[Mapping[str, object]], Mapping[str, object]]
"""Does what a document asks for and answers with another; both can be written as JSON.

It raises a `BadRequestError` for what it cannot understand, a `NotFoundError` for what is not
there, and lets the errors of the store through. Threads call it at the same time.
"""

State: TypeAlias = Callable[[], Mapping[str, object]]
"""Tells how a part of this process is, in what can be written as JSON; any thread may ask."""


def tenant_of(document: Mapping[str, object]) -> str:
    """Return the tenant a document names.

    Raises:
        BadRequestError: it names none, or something that can be none.
    """
    tenant = document.get("tenant")
    if not isinstance(tenant, str) or not is_tenant(tenant):
        raise BadRequestError(f"'tenant' must be {TENANT_RULE}")
    return tenant
