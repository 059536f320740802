"""The Overview: full, empty and failing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from support.outcomes import Found, decided, found
from support.pages import FailingStore, UnreachableStore, links, open_page, told
from support.spans import model_turn, tool_request, tool_run
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from app.conftest import ShowStore
    from trainingloop.store import Store

_PROOF = {
    semconv.REDACTION_VERSION: "1",
    semconv.REDACTION_STATUS: "ok",
    semconv.REDACTION_COUNT: "3",
    semconv.REDACTION_ENTITIES: json.dumps({"PHONE": 2, "EMAIL": 1}),
    semconv.RECORDER_EMITTED: "10",
    semconv.RECORDER_DROPPED: "2",
}


def test_totals_count_each_kind_of_decision(store: Store) -> None:
    """The figures at the top are those of the store."""
    store.insert_spans(
        [
            model_turn(number=1, text="hello"),
            model_turn(number=2, text="hello again"),
            model_turn(number=3, calls=[tool_request("call-1", "book")]),
        ]
    )

    page = open_page(range="all")

    figures = {metric.label: metric.value for metric in page.metric}
    assert figures["Decisions"] == "3"
    assert figures["Messages"] == "2"
    assert figures["Tool calls"] == "1"
    assert figures["Conversations"] == "1"


def test_outcomes_stand_with_what_is_not_known_yet(store: Store) -> None:
    """A rate, what it is made of, and beside it what is pending; the way to more of it."""
    decided(store, [1, 2])
    found(
        store,
        [
            Found(number=1, state="yes", event="e-1"),
            Found(number=2, thread=2, state="pending", hours=24 * 365 * 100),
        ],
    )

    page = open_page(range="all")

    assert "1 of 1 AI turns in 1 conversation" in told(page)
    assert "1 not known yet" in told(page)
    assert "Look closer?tenant=default&range=all&rule=customer_replied" in links(page)


def test_no_outcome_is_said_to_be_none(store: Store) -> None:
    """Where the worker has not run, nothing looks like a rate of zero."""
    decided(store, [1])

    page = open_page(range="all")

    assert "worker has not run yet" in page.info[0].value


def test_versions_and_tools_are_listed(store: Store) -> None:
    """Each version that decided and each tool that was called has its row."""
    store.insert_spans(
        [
            model_turn(number=1, calls=[tool_request("call-1", "book")]),
            tool_run("book", number=2, call_id="call-1"),
        ]
    )
    store.settle(datetime(2000, 1, 1, tzinfo=UTC))

    page = open_page(range="all")

    versions, tools = page.dataframe[0].value, page.dataframe[1].value
    assert list(versions["model"]) == ["demo-large"]
    assert list(tools["tool"]) == ["book"]
    assert list(tools["calls"]) == [1]


def test_loss_is_accounted_for_each_recording_process(store: Store) -> None:
    """Emitted, dropped, stored and missing add up in front of the reader."""
    store.insert_spans([model_turn(number=1, text="hello", more=_PROOF)])

    page = open_page(range="all")

    (losses,) = [frame.value for frame in page.dataframe if "emitted" in frame.value]
    (row,) = losses.to_dict("records")
    assert (row["emitted"], row["dropped"], row["stored"], row["missing"]) == (10, 2, 1, 7)


def test_the_gateways_own_counters_are_told(store: Store) -> None:
    """What was rejected or refused here is as visible as what was stored."""
    store.insert_spans([model_turn(number=1, text="hello")])

    page = open_page(range="all")

    assert "12 (http 12)" in told(page)
    assert "1 (no_trace_id 1)" in told(page)
    assert "2 (overloaded 2)" in told(page)


def test_redaction_is_summed_by_type(store: Store) -> None:
    """Types and counts only: never a value."""
    store.insert_spans([model_turn(number=1, text="hello", more=_PROOF)])

    page = open_page(range="all")

    assert "PHONE 2" in told(page)
    assert "EMAIL 1" in told(page)
    assert not page.warning


def test_decisions_without_proof_are_warned_of(store: Store) -> None:
    """A decision that nobody redacted does not pass for one that was clean."""
    store.insert_spans([model_turn(number=1, text="hello")])

    page = open_page(range="all")

    assert "carry no redaction proof" in page.warning[0].value


def test_an_empty_store_tells_how_to_begin(store: Store) -> None:
    """The first look shows two commands with this gateway's address, no empty charts."""
    page = open_page()

    commands = "\n".join(code.value for code in page.code)
    assert "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9318" in commands
    assert "opentelemetry-instrument python agent.py" in commands
    assert not page.metric
    assert not page.exception


def test_a_range_without_decisions_points_to_where_they_are(store: Store) -> None:
    """Old decisions are one click away, not seemingly lost."""
    store.insert_spans([model_turn(number=1, text="hello")])

    page = open_page(since="2001-01-01", until="2001-01-02")

    assert "no decision in this time range" in page.info[0].value
    assert "2026-11-01 12:00:00" in told(page)
    assert "Show all time?tenant=default&range=all" in links(page)


def test_a_failed_read_is_shown_as_a_failure(show: ShowStore) -> None:
    """Never as an empty store."""
    show(FailingStore())

    page = open_page()

    assert "could not be read" in page.error[0].value
    assert "210 NETWORK_ERROR" in told(page)
    assert "trainingloop doctor" in told(page)
    assert "No decision" not in told(page)


def test_a_store_that_cannot_name_its_tenants_is_a_failure(show: ShowStore) -> None:
    """The frame around the pages fails as clearly as they do."""
    show(UnreachableStore())

    page = open_page()

    assert "could not be read" in page.error[0].value
    assert not page.exception


def test_links_keep_tenant_and_filters(store: Store) -> None:
    """Whoever moves on looks at the same things."""
    store.insert_spans([model_turn(number=1, text="hello", tenant="acme")])

    page = open_page(tenant="acme", range="all", model="demo-large")

    assert "Decisions?tenant=acme&model=demo-large&range=all" in links(page)


def test_the_tenant_can_be_chosen(store: Store) -> None:
    """The choice goes into the URL and changes what is shown."""
    store.insert_spans(
        [
            model_turn(number=1, text="hello", tenant="acme"),
            model_turn(number=2, text="hello", tenant="zenith", conversation="c-2"),
            model_turn(number=3, text="hello", tenant="zenith", conversation="c-3"),
        ]
    )
    page = open_page(range="all")

    page.selectbox(key="controls.tenant").select("zenith").run()

    assert page.query_params == {"tenant": "zenith", "range": "all"}
    assert page.metric[0].value == "2"
