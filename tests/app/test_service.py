"""The service over a real store: what the pages build on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from support.spans import START, event_row, model_turn, tool_request, tool_run
from trainingloop.analytics_app._filters import EVER, Filters, Period
from trainingloop.analytics_app._service import Decisions
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.store import Store

_ALL = Filters(span="all")


def test_the_extent_is_that_of_everything(store: Store) -> None:
    """From the first decision to the last, whatever range is looked at."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in (1, 9)])

    extent = Decisions(store.reads("default")).extent()

    assert extent.decisions == 2
    assert extent.first_at == START + timedelta(seconds=1)
    assert extent.last_at == START + timedelta(seconds=9)


def test_a_period_does_not_contain_its_end(store: Store) -> None:
    """Two neighbouring periods count nothing twice."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in (1, 2)])
    decisions = Decisions(store.reads("default"))
    first, second = (START + timedelta(seconds=n) for n in (1, 2))

    total = decisions.totals(Period(since=first, until=second)).decisions

    assert total == 1


def test_facets_come_most_frequent_first(store: Store) -> None:
    """With their counts."""
    store.insert_spans(
        [
            model_turn(number=1, text="hello"),
            model_turn(number=2, calls=[tool_request("call-1", "book")], seconds=1),
            model_turn(number=3, text="bye", seconds=2),
        ]
    )

    facets = Decisions(store.reads("default")).facets(EVER)

    assert [(v.value, v.decisions) for v in facets["kind"]] == [("message", 2), ("tool_call", 1)]
    assert [v.value for v in facets["tool"]] == ["book"]


def test_a_page_holds_its_share_of_the_list(store: Store) -> None:
    """No decision is on two pages, and none on neither."""
    store.insert_spans([model_turn(number=n, text="hello", seconds=n) for n in range(1, 6)])
    decisions = Decisions(store.reads("default"))

    pages = [decisions.page(_ALL, EVER, number=n, rows=2) for n in (1, 2, 3)]

    ids = [int(name, 16) for page in pages for name in page["decision_id"]]
    assert ids == [5, 4, 3, 2, 1]


def test_a_decision_tells_whether_it_was_in_a_conversation(store: Store) -> None:
    """Else its thread is its trace, and the page says so."""
    row = model_turn(number=1, text="hello")
    alone = {k: v for k, v in row.span_attributes.items() if k != semconv.CONVERSATION_ID}
    store.insert_spans([row._replace(span_attributes=alone)])

    decision = Decisions(store.reads("default")).decision(f"{1:016x}")

    assert decision is not None
    assert not decision.has_conversation
    assert decision.thread_id == decision.trace_id


def test_what_is_not_there_is_none(store: Store) -> None:
    """Not an empty decision, not an empty conversation."""
    decisions = Decisions(store.reads("default"))

    assert decisions.decision("nope") is None
    assert decisions.thread("nope") is None


def test_a_thread_has_its_decisions_events_and_calls(store: Store) -> None:
    """Of this conversation and no other."""
    store.insert_spans(
        [
            event_row("inbound", number=1, text="hi"),
            model_turn(number=2, calls=[tool_request("call-1", "book")], seconds=1),
            tool_run("book", number=3, call_id="call-1", seconds=2),
            model_turn(number=4, text="elsewhere", conversation="c-2"),
        ]
    )
    store.settle(START - timedelta(days=9999))

    thread = Decisions(store.reads("default")).thread("c-1")

    assert thread is not None
    assert [d.decision_id for d in thread.decisions] == [f"{2:016x}"]
    assert [e.kind for e in thread.events] == ["inbound"]
    (call,) = thread.tool_calls
    assert (call.tool, call.result, call.is_executed) == ("book", "done", True)
