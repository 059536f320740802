"""Which cohorts there are, and which one a name means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from trainingloop.cohorts._definition import LATEST, Definition, definition_from, parsed, sql_time
from trainingloop.cohorts.errors import UnknownCohortError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainingloop.store import Table

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_MOST_NAMED: Final = 8


class TenantReads(Protocol):
    """The reads of one tenant; a `trainingloop.store.Reads`."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A set of decisions that can be compared with another."""

    name: str
    """What it was asked for by."""
    definition: Definition
    frozen_at: datetime | None = None
    """Decisions that came in later are not in it; None: it grows."""
    saved_decisions: int | None = None
    """How many decisions it held when it was frozen."""
    since: datetime | None = None
    until: datetime | None = None
    """Of the time range it is looked at in."""

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        return self.definition.label if "=" in self.name else self.name

    def parameters(self) -> dict[str, object]:
        """Return the binds of ``_cohort_filter.sql``."""
        looked_at = self.definition.within(self.since, self.until)
        return {**looked_at.parameters(), "frozen_at": sql_time(self.frozen_at or LATEST)}

    def within(self, since: datetime | None, until: datetime | None) -> Cohort:
        """Return the part of it that lies in a time range."""
        return replace(self, since=since, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticCohort:
    """A tag that decisions carry by themselves, and how much of it there is."""

    tag: str
    conversations: int
    decisions: int
    messages: int
    tool_calls: int
    playbook_decisions: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCohort:
    """One version of a named filter, frozen when it was saved."""

    name: str
    version: int
    definition: Definition
    note: str
    created_by: str
    frozen_at: datetime
    decisions: int
    """How many it held when it was frozen."""
    conversations: int

    def cohort(self) -> Cohort:
        """Return it as what can be compared."""
        return Cohort(
            name=f"@{self.name}:{self.version}",
            definition=self.definition,
            frozen_at=self.frozen_at,
            saved_decisions=self.decisions,
        )


def automatic_cohorts(
    reads: TenantReads, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[AutomaticCohort, ...]:
    """Return every tag there is in a time range, the one with most conversations first."""
    parameters = Definition(since=since, until=until).parameters()
    times = {name: parameters[name] for name in ("since", "until")}
    return tuple(_automatic(row) for row in reads.table("cohort_tags", times).records())


def saved_cohorts(reads: TenantReads) -> tuple[SavedCohort, ...]:
    """Return every version of every saved cohort, the newest version of a name first."""
    return tuple(_saved(row) for row in reads.table("cohort_saved").records())


def find_cohort(reads: TenantReads, name: str) -> Cohort:
    """Return the cohort a text names.

    Args:
        reads: those of the tenant whose cohorts are meant.
        name: a tag such as ``booking_v3.2_control``, a saved cohort such as ``@launch`` or
            ``@launch:2``, or conditions such as ``model=gpt-4o,channel=whatsapp``.

    Raises:
        UnknownCohortError: there is no such tag or saved cohort.
        BadCohortError: the conditions cannot be understood.
    """
    text = name.strip()
    if text.startswith("@"):
        return _find_saved(reads, text)
    if "=" in text:
        return Cohort(name=text, definition=parsed(text))
    tags = [found.tag for found in automatic_cohorts(reads)]
    if text not in tags:
        raise UnknownCohortError(
            f"no decision carries the cohort tag {text[:80]!r} ({_there_are(tags)}): use a tag, a "
            "saved cohort such as @launch, or conditions such as model=gpt-4o"
        )
    return Cohort(name=text, definition=Definition(parts=(("cohort", text),)))


def _find_saved(reads: TenantReads, text: str) -> Cohort:
    wanted, _, version = text.removeprefix("@").partition(":")
    saved = saved_cohorts(reads)
    versions = [found for found in saved if found.name == wanted]
    if not versions:
        names = [f"@{found}" for found in dict.fromkeys(one.name for one in saved)]
        raise UnknownCohortError(
            f"no saved cohort is called {text[:80]!r} ({_there_are(names)}): use one of them, or "
            "save one with trainingloop cohorts save"
        )
    chosen = [one for one in versions if not version or str(one.version) == version]
    if not chosen:
        names = [f"@{one.name}:{one.version}" for one in versions]
        raise UnknownCohortError(
            f"{text[:80]!r} is no version of it ({_there_are(names)}): use one of them"
        )
    return chosen[0].cohort()


def _there_are(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED]) or "none"
    return f"there is {shown}{', …' if len(names) > _MOST_NAMED else ''}"


def _automatic(row: Mapping[str, Any]) -> AutomaticCohort:
    return AutomaticCohort(
        tag=str(row["cohort"]),
        conversations=int(row["conversations"]),
        decisions=int(row["decisions"]),
        messages=int(row["messages"]),
        tool_calls=int(row["tool_calls"]),
        playbook_decisions=int(row["playbook_decisions"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
    )


def _saved(row: Mapping[str, Any]) -> SavedCohort:
    document = cast("dict[str, Any]", json.loads(row["definition"]))
    held = cast("dict[str, int]", document["held"])
    return SavedCohort(
        name=str(row["name"]),
        version=int(row["version"]),
        definition=definition_from(document["conditions"]),
        note=str(row["note"]),
        created_by=str(row["created_by"]),
        frozen_at=row["frozen_at"],
        decisions=held["decisions"],
        conversations=held["conversations"],
    )
