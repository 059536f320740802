"""Replay sets: decisions that were chosen once, and are replayed as often as one likes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, cast
from uuid import uuid4

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._cases import Loader
from trainingloop.replay._drawing import Chosen, draw
from trainingloop.replay._json import object_of
from trainingloop.replay._selecting import STRATA, selection_from
from trainingloop.replay.cases import Case, Lack, UnfitCase, explained
from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from trainingloop.collector.actions import Action
    from trainingloop.prices import Prices
    from trainingloop.replay._drawing import Draw
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay._selecting import Selection
    from trainingloop.store import Store

__all__ = [
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

PAGE_CASES: Final = 100
"""How many cases are in memory at once."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_MOST_AUTHOR_CHARACTERS: Final = 100
_MOST_NAMED: Final = 8
_SETS: Final = (
    "tenant_id", "set_id", "name", "selection", "matched", "size", "created_by", "frozen_at",
)  # fmt: skip
_CASES: Final = (
    "tenant_id", "set_id", "position", "decision_id", "thread_id", "decided_at", "stratum",
    "weight", "unfit", "retention_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSet:
    """A frozen choice of decisions: what is stored later changes nothing in it."""

    set_id: str
    name: str
    selection: Mapping[str, object]
    """How it was chosen, as JSON has it; under ``strata`` what was drawn from where."""
    matched: int
    """How many decisions the choice left."""
    size: int
    """How many of them were drawn."""
    unfit: Mapping[str, int]
    """How many of those cannot be asked again, by reason; see `explained`."""
    frozen_at: datetime
    created_by: str = ""

    def document(self) -> Mapping[str, object]:
        """Return what `set_from` reads, as a JSON object."""
        return {
            "set_id": self.set_id,
            "name": self.name,
            "selection": dict(self.selection),
            "matched": self.matched,
            "size": self.size,
            "unfit": dict(self.unfit),
            "frozen_at": self.frozen_at.isoformat(),
            "created_by": self.created_by,
        }


def set_from(document: Mapping[str, object]) -> CaseSet:
    """Return the set that an answer of the action ``replay/sets`` describes."""
    return CaseSet(
        set_id=str(document["set_id"]),
        name=str(document["name"]),
        selection=object_of(document["selection"]),
        matched=cast("int", document["matched"]),
        size=cast("int", document["size"]),
        unfit=cast("dict[str, int]", document["unfit"]),
        frozen_at=datetime.fromisoformat(str(document["frozen_at"])),
        created_by=str(document["created_by"]),
    )


def case_sets(reads: TenantReads) -> list[CaseSet]:
    """Return every replay set, the newest first."""
    unfit: dict[str, dict[str, int]] = {}
    for row in reads.table("replay_unfit").records():
        reasons = unfit.setdefault(str(row["set_id"]), {})
        reasons[str(row["unfit"])] = cast("int", row["decisions"])
    return [
        CaseSet(
            set_id=str(row["set_id"]),
            name=str(row["name"]),
            selection=object_of(row["selection"]),
            matched=cast("int", row["matched"]),
            size=cast("int", row["size"]),
            unfit=unfit.get(str(row["set_id"]), {}),
            frozen_at=cast("datetime", row["frozen_at"]),
            created_by=str(row["created_by"]),
        )
        for row in reads.table("replay_sets").records()
    ]


def find_set(reads: TenantReads, id_or_name: str) -> CaseSet:
    """Return the set with this id, or the newest with this name.

    Raises:
        SelectionError: there is none.
    """
    sets = case_sets(reads)
    found = [one for one in sets if one.set_id == id_or_name]
    found += [one for one in sets if one.name == id_or_name]
    if not found:
        names = list(dict.fromkeys(one.name for one in sets))
        there_are = ", ".join(names[:_MOST_NAMED]) or "none"
        raise SelectionError(
            f"no replay set is called {id_or_name[:80]!r} (there is {there_are}"
            f"{', …' if len(names) > _MOST_NAMED else ''}): use one of them or freeze one"
        )
    return found[0]


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
    loader = Loader(reads, prices)
    rows = reads.table("replay_cases", {"set": set_id}).records()
    chosen = [_chosen(row) for row in rows if wanted is None or row["decision_id"] in wanted]
    for page in _pages(chosen):
        yield loader.load(page, with_steps=with_steps)


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
        unfit = list(_unfit(Loader(reads), drawn.chosen))
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


def _unfit(loader: Loader, chosen: Sequence[Chosen]) -> Iterator[str]:
    """Yield why each decision cannot be asked again, "" where it can."""
    for page in _pages(chosen):
        for case in loader.load(page):
            if isinstance(case, UnfitCase):
                yield case.reason
            else:
                yield Lack.NO_TOOLS if case.lacks_tools else ""


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


def _chosen(row: Mapping[str, object]) -> Chosen:
    return Chosen(
        decision_id=str(row["decision_id"]),
        thread_id=str(row["thread_id"]),
        decided_at_ns=cast("int", row["decided_at_ns"]),
        retention_days=cast("int", row["retention_days"]),
        stratum=str(row["stratum"]),
        weight=cast("float", row["weight"]),
    )


def _pages(chosen: Sequence[Chosen]) -> Iterator[list[Chosen]]:
    rest = iter(chosen)
    while page := list(islice(rest, PAGE_CASES)):
        yield page
