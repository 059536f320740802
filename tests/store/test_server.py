"""A server by DSN: the same store over ClickHouse's HTTP interface.

The server is a stand-in for the network half (see `support.clickhouse_http`); client, SQL and
engine are the real ones. A real server or cluster could not be run here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from support.clickhouse_http import clickhouse_http
from support.spans import EVERYTHING, event_row, model_turn, tool_request, tool_run
from trainingloop.store import open_store
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_server_stores_and_answers_like_the_embedded_engine(tmp_path: Path) -> None:
    """Migrations, inserts, settling, binds and reads all go through the HTTP client."""
    with (
        clickhouse_http(tmp_path / "server") as port,
        open_store(f"clickhouse://ann:secret@127.0.0.1:{port}/loop") as store,
    ):
        rows = [
            model_turn(number=1, calls=[tool_request("k1", "book")]),
            tool_run("book", number=2, seconds=1),
            event_row("inbound", number=3, text="it's me"),
        ]
        store.insert_spans(rows)
        store.insert_spans(rows)
        store.settle(datetime.now(UTC) - timedelta(hours=1))
        reads = store.reads("default")
        decisions = reads.table("decisions", {**EVERYTHING, "limit": 10, "offset": 0})
        calls = reads.table("tool_calls_of_thread", {"thread": "c-1"})
        events = reads.table("thread_events", {"thread": "c-1"})
        tenants = store.tenants()

    assert [record["decision_id"] for record in decisions.records()] == [f"{1:016x}"]
    assert [(r["tool"], r["is_executed"]) for r in calls.records()] == [("book", 1)]
    assert [record["text"] for record in events.records()] == ["it's me"]
    assert tenants == ["default"]


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    """The message says where, as whom and what to check."""
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1:1 as 'ann'") as caught:
        open_store("clickhouse://ann:hunter2@127.0.0.1:1/loop")

    assert "hunter2" not in str(caught.value)
