"""Which replay sets there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._json import object_of
from trainingloop.replay.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.replay._reads import TenantReads

_MOST_NAMED: Final = 8


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
