"""Freezing replay sets: choosing decisions, and keeping which they are."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._case_sets import CaseSet
from trainingloop.replay._cases import Loader
from trainingloop.replay._drawing import draw
from trainingloop.replay._selecting import selection_from
from trainingloop.replay.cases import Lack, UnfitCase
from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trainingloop.collector.actions import Action
    from trainingloop.replay._drawing import Chosen, Draw
    from trainingloop.replay._selecting import Selection
    from trainingloop.replay.cases import Case
    from trainingloop.store import Store

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_MOST_AUTHOR_CHARACTERS: Final = 100
_SETS: Final = (
    "tenant_id", "set_id", "name", "selection", "matched", "size", "created_by", "frozen_at",
)  # fmt: skip
_CASES: Final = (
    "tenant_id", "set_id", "position", "decision_id", "thread_id", "decided_at", "stratum",
    "weight", "unfit", "retention_days",
)  # fmt: skip


def set_actions(
    store: Store,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    new_id: Callable[[], str] = lambda: uuid4().hex,
) -> dict[str, Action]:
    """Return what can be asked about replay sets, by its path under ``/api/v1/``.

    ``replay/sets`` freezes one and answers with it, see `CaseSet.document`. It takes ``tenant``
    and, all of them optional, ``name``; ``filter``, an object of the parameters of
    ``_cohort_filter.sql``, as a filter of decisions or a saved cohort has them; ``outcome``, such
    as ``escalation_triggered:yes``; ``votes``, ``up`` or ``down``, and ``vote_reason``;
    ``decisions``, a list of ids; ``size``; ``stratify_by``, a list of `STRATA` and
    ``outcome:RULE``; ``at_least`` of each stratum; ``is_even``; ``seed``; ``created_by``; and
    ``is_dry``, which only shows what would be frozen.

    Args:
        store: where decisions and sets are kept.
        clock: tells when a set is frozen.
        new_id: makes ids of sets.
    """
    freezer = _Freezer(store, clock, new_id)
    return {"replay/sets": freezer.freeze}


class _Freezer:
    def __init__(
        self, store: Store, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    def freeze(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Choose decisions and keep which they are."""
        reads = self._store.reads(tenant_of(document))
        set_id = self._new_id()
        try:
            name, author = _name(document) or f"set-{set_id[:8]}", _author(document)
            selection = selection_from(document)
            drawn = draw(reads, selection)
        except SelectionError as error:
            raise BadRequestError(str(error)) from error
        unfit = _unfit(Loader(reads), drawn.chosen)
        frozen = CaseSet(
            set_id=set_id,
            name=name,
            selection=_described(selection, drawn),
            matched=sum(drawn.matched.values()),
            size=len(drawn.chosen),
            unfit=_counted(unfit),
            frozen_at=self._clock(),
            created_by=author,
        )
        if document.get("is_dry") is True:
            return {**frozen.document(), "set_id": ""}
        self._write(reads.tenant, frozen, drawn.chosen, unfit)
        return frozen.document()

    def _write(
        self, tenant: str, frozen: CaseSet, chosen: Sequence[Chosen], unfit: Sequence[str]
    ) -> None:
        rows = [
            (
                tenant, frozen.set_id, position, each.decision_id, each.thread_id,
                each.decided_at_ns, each.stratum, each.weight, reason, each.retention_days,
            )
            for position, (each, reason) in enumerate(zip(chosen, unfit, strict=True))
        ]  # fmt: skip
        self._store.append("replay_cases", _CASES, rows)
        # Last: a set that is listed has all of its cases.
        selection = json.dumps(frozen.selection)
        row = (
            tenant, frozen.set_id, frozen.name, selection, frozen.matched, frozen.size,
            frozen.created_by, frozen.frozen_at,
        )  # fmt: skip
        self._store.append("replay_sets", _SETS, [row])


def _name(document: Mapping[str, object]) -> str:
    name = document.get("name", "")
    if not isinstance(name, str) or (name and not _NAME.fullmatch(name)):
        raise SelectionError(
            "'name' must be 1 to 64 letters, digits, '.', '_' or '-', and begin with a letter or "
            "a digit"
        )
    return name


def _author(document: Mapping[str, object]) -> str:
    author = document.get("created_by", "")
    if not isinstance(author, str) or len(author) > _MOST_AUTHOR_CHARACTERS:
        raise SelectionError(
            f"'created_by' must be a text of at most {_MOST_AUTHOR_CHARACTERS} characters"
        )
    return author.strip()


def _unfit(loader: Loader, chosen: Sequence[Chosen]) -> list[str]:
    """Return why each decision cannot be asked again, "" where it can."""
    # In the order of time, in which they are stored: of a large set that is a tenth of the reading.
    stored = sorted(chosen, key=lambda each: each.decided_at_ns)
    reasons = {case.decision_id: _reason(case) for page in loader.pages(stored) for case in page}
    return [reasons[each.decision_id] for each in chosen]


def _reason(case: Case | UnfitCase) -> str:
    if isinstance(case, UnfitCase):
        return case.reason
    return Lack.NO_TOOLS if case.lacks_tools else ""


def _counted(unfit: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for reason in unfit:
        if reason:
            counted[str(reason)] = counted.get(str(reason), 0) + 1
    return counted


def _described(selection: Selection, drawn: Draw) -> Mapping[str, object]:
    strata = {
        stratum: {"matched": held, "drawn": drawn.drawn[stratum]}
        for stratum, held in drawn.matched.items()
    }
    return {**selection.document(), "strata": strata}
