"""Spans in, rows out, through the real embedded engine."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from support.spans import EVERYTHING, START, event_row, model_turn, tool_request, tool_run
from trainingloop.store import Store, open_store, read_names
from trainingloop.store.errors import (
    StoreError,
    StoreInUseError,
    StoreTooNewError,
    StoreUnavailableError,
    UnknownReadError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from trainingloop.store import SpanRow

_PAGE: dict[str, object] = {**EVERYTHING, "limit": 100, "offset": 0}


def _ids(store: Store, tenant: str = "default") -> list[str]:
    table = store.reads(tenant).table("decisions", _PAGE)
    return sorted(str(record["decision_id"]) for record in table.records())


def _calls(store: Store) -> list[tuple[object, object, object]]:
    table = store.reads("default").table("tool_calls_of_thread", {"thread": "c-1"})
    return [(r["tool"], bool(r["is_requested"]), bool(r["is_executed"])) for r in table.records()]


def _settle(store: Store) -> None:
    store.settle(datetime.now(UTC) - timedelta(hours=1))


def test_a_model_turn_becomes_one_decision_with_its_facts(store: Store) -> None:
    """The view reads every fact from the span's attributes."""
    store.insert_spans([model_turn(number=1, text="See you on Friday")])

    (record,) = store.reads("default").table("decision", {"decision": f"{1:016x}"}).records()

    assert record["decision_kind"] == "message"
    assert record["output_text"] == "See you on Friday"
    assert record["model"] == "demo-large"
    assert record["occurred_at"] == START
    assert record["duration_ms"] == 5.0


def test_the_same_batch_twice_is_stored_once(store: Store) -> None:
    """A sender that got no answer may send again."""
    rows = [model_turn(number=1, text="hello"), event_row("inbound", number=2, text="hi")]

    store.insert_spans(rows)
    store.insert_spans(rows)

    events = store.reads("default").table("thread_events", {"thread": "c-1"})
    assert _ids(store) == [f"{1:016x}"]
    assert len(events.rows) == 1


def test_one_tenant_cannot_read_another(store: Store) -> None:
    """Each read answers for its own tenant only, whatever it is asked for."""
    store.insert_spans([model_turn(number=1, tenant="acme"), model_turn(number=2, tenant="zeta")])
    parameters: dict[str, object] = {
        **_PAGE,
        "decision": f"{2:016x}",
        "decisions": [f"{2:016x}"],
        "threads": ["c-1"],
        "run": "",
        "thread": "",
        "responses": [""],
        "reviewers": [""],
        "reviewer": "",
        "queue": "random",
        "seed": 0,
        "as_of": datetime(2100, 1, 1, tzinfo=UTC),
        "days": 0,
        "corrected": 0,
        "rule": "customer_replied",
        "unit": "turn",
        "by": "model",
        "is_narrowed": 1,
        "state": "",
        "ending": "",
        "events": [""],
        "after_at": datetime(2000, 1, 1, tzinfo=UTC),
        "after": "",
        "after_ms": 0,
        "until_ms": 0,
        "decided_after": datetime(2000, 1, 1, tzinfo=UTC),
        "after_key": "",
        "tenant": "zeta",
        **dict.fromkeys(("experiment", "agent", "environment", "any_model"), ""),
        "frozen_at": datetime(2100, 1, 1, tzinfo=UTC),
        "step": 0,
        "ranks": [1],
        "set": "",
        "keys": [""],
        "arm": "",
        **dict.fromkeys(("agreement", "change", "flag", "stratum"), ""),
        **dict.fromkeys(("votes", "vote_reason", "stratum_rule"), ""),
        "stratify_by": ["model", "vote", "outcome"],
        "turns": [0],
        "most": 9,
        **{name: [] for name in ("priced_models", "input_usd", "cached_input_usd", "output_usd")},
    }
    parameters |= {f"other_{name}": value for name, value in parameters.items()}

    answers = {name: store.reads("acme").table(name, parameters) for name in read_names()}

    assert _ids(store, "acme") == [f"{1:016x}"]
    assert not [name for name, table in answers.items() if f"{2:016x}" in str(table.rows)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [model_turn(number=1, calls=[tool_request("k1", "book")])], id="only in the answer"
        ),
        pytest.param([tool_run("book", number=2, call_id="k1")], id="only executed"),
        pytest.param([tool_run("book", number=2)], id="only executed, without an id"),
        pytest.param(
            [
                model_turn(number=1, calls=[tool_request("k1", "book")]),
                tool_run("book", number=2, call_id="k1", seconds=1),
            ],
            id="both, by id",
        ),
        pytest.param(
            [
                model_turn(number=1, calls=[tool_request("k1", "book")]),
                tool_run("book", number=2, seconds=1),
            ],
            id="both, by arguments",
        ),
        pytest.param(
            [
                tool_run("book", number=2, call_id="k1", seconds=1),
                model_turn(number=1, calls=[tool_request("k1", "book")]),
            ],
            id="executed first",
        ),
    ],
)
def test_a_tool_call_is_counted_once_whoever_saw_it(store: Store, rows: list[SpanRow]) -> None:
    """One call is one decision and one tool call, in whatever order its sides arrive."""
    for row in rows:
        store.insert_spans([row])
    _settle(store)

    assert len(_ids(store)) == 1
    assert len(_calls(store)) == 1


def test_equal_calls_are_matched_in_their_order(store: Store) -> None:
    """Two runs without ids answer two equal requests, not the same one twice."""
    calls = [tool_request("k1", "book"), tool_request("k2", "book")]
    store.insert_spans(
        [
            model_turn(number=1, calls=calls),
            tool_run("book", number=2, seconds=1),
            tool_run("book", number=3, seconds=2),
        ]
    )

    _settle(store)

    assert _calls(store) == [("book", True, True), ("book", True, True)]
    assert _ids(store) == [f"{1:016x}"]


def test_settling_again_changes_nothing(store: Store) -> None:
    """Settling is safe to repeat, also after its spans were sent a second time."""
    rows = [
        model_turn(number=1, calls=[tool_request("k1", "book")]),
        tool_run("book", number=2, seconds=1),
    ]
    store.insert_spans(rows)
    _settle(store)
    before = (_ids(store), _calls(store))

    store.insert_spans(rows)
    _settle(store)

    assert (_ids(store), _calls(store)) == before


def test_years_of_history_fit_in_one_batch(store: Store) -> None:
    """An import may span more partitions than the engine allows by default."""
    rows = [model_turn(number=n, seconds=-86400 * 30.0 * n) for n in range(1, 30)]

    store.insert_spans(rows)

    assert len(_ids(store)) == 29


def test_a_second_owner_is_told_who_has_the_directory(store: Store, dsn: str) -> None:
    """Another process gets the owner's pid and address and changes nothing."""
    store.announce(url="http://127.0.0.1:4318")
    program = f"from trainingloop.store import open_store; open_store({dsn!r})"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 1
    assert "StoreInUseError" in done.stderr
    assert "which answers at http://127.0.0.1:4318" in done.stderr
    assert "use another --store" in done.stderr


def test_a_store_can_be_reopened(dsn: str) -> None:
    """What was stored is there after closing and opening again."""
    with open_store(dsn) as first:
        first.insert_spans([model_turn(number=1)])

    with open_store(dsn) as second:
        assert _ids(second) == [f"{1:016x}"]


def test_rows_a_killed_process_left_behind_are_derived_at_start(dsn: str) -> None:
    """A span that reached the raw table but not the view is repaired on opening."""
    with open_store(dsn) as first:
        first.insert_spans([model_turn(number=1), event_row("inbound", number=2)])
        for table in ("decisions", "conversation_events"):
            first._connection.command(f"TRUNCATE TABLE {table}")

    with open_store(dsn) as second:
        events = second.reads("default").table("thread_events", {"thread": "c-1"})
        assert _ids(second) == [f"{1:016x}"]
        assert len(events.rows) == 1


def test_a_store_of_a_newer_version_is_refused(dsn: str) -> None:
    """The message says to upgrade."""
    with open_store(dsn) as first:
        first._connection.command(
            "INSERT INTO schema_migrations (number, name, checksum) "
            f"SELECT 9999, '9999_from_the_future', '{'0' * 64}'"
        )

    with pytest.raises(StoreTooNewError, match="upgrade trainingloop"):
        open_store(dsn)


def test_a_store_with_another_history_is_refused(dsn: str) -> None:
    """A migration applied with another text is no basis for this version."""
    with open_store(dsn) as first:
        first._connection.command(
            "INSERT INTO schema_migrations (number, name, checksum) "
            f"SELECT 3, '0003_create_decisions', '{'0' * 64}'"
        )

    with pytest.raises(StoreError, match="do not belong together"):
        open_store(dsn)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A store below a file says what to do."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailableError, match="give a folder this user can write"):
        open_store(f"chdb://{tmp_path / 'file' / 'store'}")


def test_a_read_without_a_file_is_named(store: Store) -> None:
    """The message lists the reads there are."""
    with pytest.raises(UnknownReadError, match="overview_totals"):
        store.reads("default").table("everything")


def test_a_read_refused_by_the_engine_does_not_quote_its_values(store: Store) -> None:
    """An engine's error text may repeat a parameter; ours does not."""
    with pytest.raises(StoreUnavailableError) as caught:
        store.reads("default").table("decisions", {"text": "secret words"})

    assert "secret words" not in str(caught.value)


def test_tenants_are_listed(store: Store) -> None:
    """Every tenant that recorded anything is known."""
    store.insert_spans([model_turn(number=1, tenant="zeta"), model_turn(number=2, tenant="acme")])

    assert store.tenants() == ["acme", "zeta"]


def test_a_second_owner_in_the_same_process_is_refused(store: Store, dsn: str) -> None:
    """The lock is per open store, not per process."""
    with pytest.raises(StoreInUseError):
        open_store(dsn)
