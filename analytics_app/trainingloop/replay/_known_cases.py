"""The cases of runs whose results come in: read a page at a time, kept for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from trainingloop.collector.errors import NotFoundError
from trainingloop.replay.runs import Mode
from trainingloop.replay.sets import cases_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from trainingloop.replay.cases import Case
    from trainingloop.replay.runs import Run
    from trainingloop.replay.sets import UnfitCase
    from trainingloop.store import Store

_MOST_KEPT: Final = 400
"""Cases with their prompts: some megabytes."""


class KnownCases:
    """Returns cases, from memory where they were read before. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str, bool, str], Case | UnfitCase] = OrderedDict()
        self._turn = threading.Lock()

    def of(
        self, tenant: str, run: Run, wanted: Collection[str], page: Collection[str] = ()
    ) -> dict[str, Case | UnfitCase]:
        """Return the cases of some decisions by their ids.

        Args:
            tenant: whose they are.
            run: what replays them.
            wanted: the decisions.
            page: others that are read with them, if any is read at all.

        Raises:
            NotFoundError: one is not in the set of the run, or no more.
        """
        found = self.of_those_left(tenant, run, wanted, page)
        if len(found) < len(set(wanted)):
            raise NotFoundError(
                "a result is of a decision that the run's set does not hold, or no more: "
                "nothing was stored"
            )
        return found

    def of_those_left(
        self, tenant: str, run: Run, wanted: Collection[str], page: Collection[str] = ()
    ) -> dict[str, Case | UnfitCase]:
        """Return the cases of those decisions that the set still holds; see `of`."""
        with self._turn:
            if self._missing(tenant, run, wanted):
                self._read(tenant, run, self._missing(tenant, run, [*wanted, *page]))
            found = {
                one: self._kept[key]
                for one in wanted
                if (key := self._key(tenant, run, one)) in self._kept
            }
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _missing(self, tenant: str, run: Run, decisions: Collection[str]) -> list[str]:
        kept = self._kept
        return [one for one in dict.fromkeys(decisions) if self._key(tenant, run, one) not in kept]

    def _read(self, tenant: str, run: Run, decisions: list[str]) -> None:
        pages = cases_of(
            self._store.reads(tenant),
            run.set_id,
            with_steps=run.options.mode is Mode.CHAIN,
            decisions=decisions,
        )
        for page in pages:
            for case in page:
                self._kept[self._key(tenant, run, case.decision_id)] = case

    def _key(self, tenant: str, run: Run, decision_id: str) -> tuple[str, str, bool, str]:
        return tenant, run.set_id, run.options.mode is Mode.CHAIN, decision_id
