"""Replay sets: decisions that were chosen once, and are replayed as often as one likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trainingloop.replay._case_sets import CaseSet, case_sets, find_set, set_from
from trainingloop.replay._cases import PAGE_CASES, Loader
from trainingloop.replay._drawing import Chosen
from trainingloop.replay._freezing import set_actions
from trainingloop.replay._selecting import MOST_SIZE, STRATA
from trainingloop.replay.cases import UnfitCase, explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.prices import Prices
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.cases import Case

__all__ = [
    "MOST_SIZE",
    "PAGE_CASES",
    "STRATA",
    "CaseSet",
    "UnfitCase",
    "case_sets",
    "cases_of",
    "explained",
    "find_set",
    "set_actions",
    "set_from",
]


def cases_of(
    reads: TenantReads,
    set_id: str,
    *,
    with_steps: bool,
    decisions: Sequence[str] | None = None,
    prices: Prices | None = None,
) -> Iterator[list[Case | UnfitCase]]:
    """Yield the decisions of a set in pages of `PAGE_CASES` at most, in their order.

    Args:
        reads: those of the set's tenant.
        set_id: which set; one that does not exist holds nothing.
        with_steps: whether a case holds what followed in its turn, for chains.
        decisions: the only ones that are wanted; None: all.
        prices: what calls cost that do not say so.
    """
    wanted = None if decisions is None else set(decisions)
    rows = reads.table("replay_cases", {"set": set_id}).records()
    chosen = [_chosen(row) for row in rows if wanted is None or row["decision_id"] in wanted]
    yield from Loader(reads, prices).pages(chosen, with_steps=with_steps)


def _chosen(row: Mapping[str, object]) -> Chosen:
    return Chosen(
        decision_id=str(row["decision_id"]),
        thread_id=str(row["thread_id"]),
        decided_at_ns=cast("int", row["decided_at_ns"]),
        retention_days=cast("int", row["retention_days"]),
        stratum=str(row["stratum"]),
        weight=cast("float", row["weight"]),
    )
