"""Saving a cohort: the one thing about cohorts that is written."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from trainingloop.cohorts._cohort import (
    NAME,
    Cohort,
    SavedCohort,
    find_cohort,
    saved_cohorts,
)
from trainingloop.cohorts._definition import definition_from
from trainingloop.cohorts.errors import BadCohortError, CohortError
from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.cohorts._definition import Definition
    from trainingloop.collector.actions import Action
    from trainingloop.processor import Redactor
    from trainingloop.store import Reads, Store

_COLUMNS: Final = (
    "tenant_id", "name", "version", "definition", "note", "created_by", "frozen_at",
)  # fmt: skip
_MOST_NOTE_CHARACTERS: Final = 500
_MOST_AUTHOR_CHARACTERS: Final = 100


def cohort_actions(
    store: Store,
    redactor: Redactor,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> dict[str, Action]:
    """Return what can be asked about cohorts, by its path under ``/api/v1/``.

    ``cohorts`` saves one: ``{"tenant", "name", "conditions": {"model": "gpt-4o"}, "note",
    "created_by"}`` answers ``{"name", "version", "is_new", "decisions", "conversations",
    "frozen_at"}``. Instead of ``conditions`` a ``cohort`` can be named as `find_cohort` takes it.

    Args:
        store: where it is kept.
        redactor: cleans the note.
        clock: tells when a cohort is frozen.
    """
    saver = _Saver(store, redactor, clock)
    return {"cohorts": saver.save}


class _Saver:
    """Saves one cohort at a time: the next version is made of those there are."""

    def __init__(self, store: Store, redactor: Redactor, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._redactor = redactor
        self._clock = clock
        self._turn = threading.Lock()

    def save(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Freeze what ``document`` describes under its name, as the next version of it."""
        tenant = tenant_of(document)
        reads = self._store.reads(tenant)
        try:
            name = _name(document)
            definition = _definition(document, reads)
        except CohortError as error:
            raise BadRequestError(str(error)) from error
        note = self._redactor.text(_short(document, "note", _MOST_NOTE_CHARACTERS), tenant=tenant)
        author = _short(document, "created_by", _MOST_AUTHOR_CHARACTERS)
        with self._turn:
            return self._frozen(reads, name, definition, note, author)

    def _frozen(
        self, reads: Reads, name: str, definition: Definition, note: str, author: str
    ) -> Mapping[str, object]:
        newest = next((one for one in saved_cohorts(reads) if one.name == name), None)
        # As exact as the store keeps it, so that it means the same there.
        moment = self._clock()
        now = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        cohort = Cohort(name=name, definition=definition, frozen_at=now)
        held = _held(reads, cohort)
        if newest and _is_unchanged(newest, definition, held):
            return _answer(newest, is_new=False)
        saved = SavedCohort(
            name=name,
            version=newest.version + 1 if newest else 1,
            definition=definition,
            note=note,
            created_by=author,
            frozen_at=now,
            decisions=held["decisions"],
            conversations=held["conversations"],
        )
        document = json.dumps({"conditions": definition.document(), "held": held})
        row = (reads.tenant, name, saved.version, document, note, author, now)
        self._store.append("saved_cohorts", _COLUMNS, [row])
        return _answer(saved, is_new=True)


def _name(document: Mapping[str, object]) -> str:
    name = document.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadCohortError(
            "'name' must be 1 to 64 letters, digits, '.', '_' or '-', and begin with a letter or "
            "a digit"
        )
    return name


def _definition(document: Mapping[str, object], reads: Reads) -> Definition:
    conditions, named = document.get("conditions"), document.get("cohort")
    if isinstance(named, str) and conditions is None:
        definition = find_cohort(reads, named).definition
    elif isinstance(conditions, dict):
        definition = definition_from(cast("dict[str, object]", conditions))
    else:
        raise BadCohortError(
            "'conditions' must be an object such as {\"model\": \"gpt-4o\"}, or 'cohort' a text"
        )
    if dict(definition.parts).get("text"):
        raise BadCohortError(
            "a condition on 'text' cannot be saved: what customers wrote stays with their "
            "conversations; leave it out"
        )
    return definition


def _short(document: Mapping[str, object], field: str, most: int) -> str:
    value = document.get(field, "")
    if not isinstance(value, str) or len(value) > most:
        raise BadRequestError(f"{field!r} must be a text of at most {most} characters")
    return value.strip()


def _held(reads: Reads, cohort: Cohort) -> dict[str, int]:
    facts: dict[str, Any] = next(reads.table("cohort_facts", cohort.parameters()).records())
    if not facts["decisions"]:
        raise BadRequestError(
            f"no decision meets {str(cohort.definition)!r}: trainingloop cohorts list shows what "
            "there is"
        )
    return {"decisions": int(facts["decisions"]), "conversations": int(facts["conversations"])}


def _is_unchanged(newest: SavedCohort, definition: Definition, held: Mapping[str, int]) -> bool:
    """Whether a new version would hold what the newest one does."""
    was = {"decisions": newest.decisions, "conversations": newest.conversations}
    return newest.definition == definition and was == dict(held)


def _answer(saved: SavedCohort, *, is_new: bool) -> Mapping[str, object]:
    return {
        "name": saved.name,
        "version": saved.version,
        "is_new": is_new,
        "decisions": saved.decisions,
        "conversations": saved.conversations,
        "frozen_at": saved.frozen_at.isoformat(),
    }
