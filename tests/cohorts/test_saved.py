"""Saving cohorts: frozen, numbered, and never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cohorts.histories import NOW, History
from trainingloop.cohorts import cohort_actions, compare_cohorts, find_cohort, saved_cohorts
from trainingloop.collector.errors import BadRequestError
from trainingloop.processor import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.store import Store

    Save = Callable[..., Mapping[str, object]]


@pytest.fixture
def save(store: Store, history: History) -> Save:
    """Save a cohort of the tenant of the test."""
    action = cohort_actions(store, Redactor())["cohorts"]

    def saved(**document: object) -> Mapping[str, object]:
        return action({"tenant": history.tenant, **document})

    return saved


def held(history: History, name: str) -> object:
    """Return how many decisions a cohort holds now."""
    cohort = find_cohort(history.reads, name)
    return history.reads.table("cohort_facts", cohort.parameters()).rows[0][0]


def test_a_saved_cohort_does_not_grow(history: History, save: Save) -> None:
    """Decisions that come in later are in the conditions, not in the cohort."""
    history.decide("c-1", model="gpt-4o")
    history.write()
    answer = save(name="launch", conditions={"model": "gpt-4o"}, note="autumn", created_by="kim")
    history.decide("c-2", model="gpt-4o")

    history.write()

    (saved,) = saved_cohorts(history.reads)
    assert (answer["name"], answer["version"], answer["decisions"]) == ("launch", 1, 1)
    assert (saved.note, saved.created_by) == ("autumn", "kim")
    assert (held(history, "@launch"), held(history, "model=gpt-4o")) == (1, 2)


def test_a_changed_definition_is_the_next_version(history: History, save: Save) -> None:
    """And the earlier one stays what it was."""
    history.decide("c-1", model="gpt-4o", channel="web")
    history.decide("c-2", model="gpt-4o")
    history.write()
    save(name="launch", conditions={"model": "gpt-4o"})

    answer = save(name="launch", conditions={"model": "gpt-4o", "channel": "web"})

    assert (answer["version"], answer["is_new"]) == (2, True)
    assert [held(history, name) for name in ("@launch", "@launch:2", "@launch:1")] == [1, 1, 2]
    assert [one.version for one in saved_cohorts(history.reads)] == [2, 1]


def test_saving_again_what_has_not_changed_makes_no_version(history: History, save: Save) -> None:
    """It makes one once the conditions hold other decisions."""
    history.decide("c-1", cohort="a")
    history.write()
    save(name="launch", cohort="a")

    again = save(name="launch", cohort="a")
    history.decide("c-2", cohort="a")
    history.write()
    grown = save(name="launch", cohort="a")

    assert (again["version"], again["is_new"]) == (1, False)
    assert (grown["version"], grown["is_new"], grown["decisions"]) == (2, True, 2)


def test_a_saved_cohort_can_be_saved_under_another_name(history: History, save: Save) -> None:
    """Its conditions are taken over, with their times."""
    history.decide("c-1", cohort="a")
    history.write()
    save(name="one", conditions={"cohort": "a", "since": "2026-01-01"})

    save(name="two", cohort="@one:1")

    assert {one.definition for one in saved_cohorts(history.reads)} == {
        find_cohort(history.reads, "since=2026-01-01,cohort=a").definition
    }


def test_a_cohort_that_shrank_is_told_so(history: History, store: Store) -> None:
    """A decision that was sent again counts as having come in again."""
    history.decide("c-1", cohort="a")
    again = history.decide("c-2", cohort="a")
    history.decide("c-3", cohort="b")
    reads = history.write()
    action = cohort_actions(store, Redactor(), clock=lambda: datetime.now(UTC))["cohorts"]
    action({"tenant": history.tenant, "name": "old", "cohort": "a"})
    later = datetime.now(UTC) + timedelta(seconds=1)
    columns = ["tenant_id", "decision_id", "trace_id", "thread_id", "occurred_at", "ingested_at"]
    row = reads.table("decision", {"decision": again})
    found = next(row.records())
    store.append(
        "decisions",
        [*columns, "cohort"],
        [[*(found[name] for name in columns[:-1]), later, "a"]],
    )

    report = compare_cohorts(reads, "@old", "b", as_of=NOW)

    assert report.a.decisions == 1
    assert "@old:1 held 2 decisions when it was saved and 1 count here" in report.notes[-1]


def test_a_note_is_redacted(history: History, save: Save) -> None:
    """As everything that is written."""
    history.decide("c-1", cohort="a")
    history.write()

    save(name="launch", cohort="a", note="ask +1 415 555 0132")

    (saved,) = saved_cohorts(history.reads)
    assert "415" not in saved.note
    assert saved.note.startswith("ask <PHONE_")


def test_another_tenants_cohorts_cannot_be_named(history: History, save: Save) -> None:
    """Nor do its names count."""
    history.decide("c-1", cohort="a")
    history.write()
    save(name="launch", cohort="a")
    other = History(store=history.store, tenant=f"{history.tenant}-other")

    assert saved_cohorts(other.reads) == ()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "'name' must be 1 to 64 letters"),
        ({"name": "no name"}, "'name' must be 1 to 64 letters"),
        ({"name": "x"}, "'conditions' must be an object"),
        ({"name": "x", "conditions": []}, "'conditions' must be an object"),
        ({"name": "x", "conditions": {}}, "no condition was given"),
        ({"name": "x", "conditions": {"colour": "red"}}, "'colour' is no condition"),
        ({"name": "x", "conditions": {"model": 4}}, "the value of 'model' must be a text"),
        ({"name": "x", "conditions": {"text": "refund"}}, "a condition on 'text' cannot be saved"),
        ({"name": "x", "conditions": {"model": "none"}}, "no decision meets 'model=none'"),
        ({"name": "x", "cohort": "nobody"}, "no decision carries the cohort tag"),
        ({"name": "x", "cohort": "a", "note": "n" * 501}, "'note' must be a text"),
        ({"name": "x", "cohort": "a", "created_by": 1}, "'created_by' must be a text"),
        ({"name": "x", "cohort": "a", "tenant": "not a tenant"}, "'tenant' must be"),
    ],
)
def test_a_senseless_request_is_refused_and_nothing_is_saved(
    history: History, save: Save, document: dict[str, object], words: str
) -> None:
    """With what is allowed."""
    history.decide("c-1", cohort="a")
    history.write()

    with pytest.raises(BadRequestError) as refused:
        save(**document)

    assert words in str(refused.value)
    assert saved_cohorts(history.reads) == ()
