"""Freezing replay sets and loading their cases, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from trainingloop.replay.sets import cases_of, set_actions, set_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.prices import Prices
    from trainingloop.replay import Case
    from trainingloop.replay.sets import CaseSet, UnfitCase
    from trainingloop.store import Store

FROZEN_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""When `freeze` freezes, unless it is told."""


def freeze(
    store: Store,
    tenant: str = "default",
    document: Mapping[str, object] | None = None,
    *,
    at: datetime = FROZEN_AT,
    set_id: str = "",
    **more: object,
) -> CaseSet:
    """Freeze the decisions that a document, or its fields, describe."""
    actions = set_actions(store, clock=lambda: at, new_id=lambda: set_id or uuid4().hex)
    action = actions["replay/sets"]
    return set_from(action({"tenant": tenant, **(document or {}), **more}))


def loaded(
    store: Store,
    frozen: CaseSet,
    tenant: str = "default",
    *,
    with_steps: bool = False,
    decisions: Sequence[str] | None = None,
    prices: Prices | None = None,
) -> list[Case | UnfitCase]:
    """Return the cases of a set."""
    pages = cases_of(
        store.reads(tenant),
        frozen.set_id,
        with_steps=with_steps,
        decisions=decisions,
        prices=prices,
    )
    return [case for page in pages for case in page]


def ids(cases: Sequence[Case | UnfitCase]) -> list[int]:
    """Return the numbers that decisions were made with, see `support.spans.span_row`."""
    return [int(case.decision_id, 16) for case in cases]
