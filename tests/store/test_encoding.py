"""Spans as bytes: what was encoded is what the engine stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.spans import model_turn
from trainingloop.store.encoding import encode_spans
from trainingloop.store.rows import SPAN_COLUMNS, SpanRow

if TYPE_CHECKING:
    from trainingloop.store import Store

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
_MAPS = st.dictionaries(_TEXTS, _TEXTS, max_size=4)
_TIMES = st.integers(10**18, 2 * 10**18)
_EVENTS = st.lists(st.tuples(_TIMES, _TEXTS, _MAPS), max_size=3)
_LINKS = st.lists(st.tuples(_TEXTS, _TEXTS, _TEXTS, _MAPS), max_size=3)


@st.composite
def _rows(draw: st.DrawFn) -> SpanRow:
    events, links = draw(_EVENTS), draw(_LINKS)
    return SpanRow(
        timestamp_ns=draw(_TIMES),
        trace_id=draw(_TEXTS),
        span_id=draw(_TEXTS),
        parent_span_id=draw(_TEXTS),
        trace_state=draw(_TEXTS),
        span_name=draw(_TEXTS),
        span_kind=draw(_TEXTS),
        service_name=draw(_TEXTS),
        resource_attributes=draw(_MAPS),
        scope_name=draw(_TEXTS),
        scope_version=draw(_TEXTS),
        span_attributes=draw(_MAPS),
        duration_ns=draw(st.integers(0, 2**64 - 1)),
        status_code=draw(_TEXTS),
        status_message=draw(_TEXTS),
        events_timestamp_ns=[event[0] for event in events],
        events_name=[event[1] for event in events],
        events_attributes=[event[2] for event in events],
        links_trace_id=[link[0] for link in links],
        links_span_id=[link[1] for link in links],
        links_trace_state=[link[2] for link in links],
        links_attributes=[link[3] for link in links],
    )


def _stored(store: Store) -> list[tuple[object, ...]]:
    # No read answers whole spans: this is what the tables themselves hold.
    columns = ", ".join(
        f"toUnixTimestamp64Nano({name})"
        if name == "Timestamp"
        else f"arrayMap(t -> toUnixTimestamp64Nano(t), {name})"
        if name == "Events.Timestamp"
        else name
        for name, _ in SPAN_COLUMNS
    )
    query = f"SELECT {columns} FROM otel_traces SETTINGS final = 0"  # our names
    return list(store._connection.query(query, {}).rows)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(_rows(), min_size=1, max_size=3))
def test_every_column_of_every_row_comes_back(store: Store, rows: list[SpanRow]) -> None:
    """Texts of any length and script, times, maps, and lists of them."""
    store._connection.command("TRUNCATE TABLE otel_traces")

    store.insert_encoded([encode_spans([row]) for row in rows])

    assert sorted(_stored(store), key=str) == sorted((tuple(row) for row in rows), key=str)


def test_half_a_surrogate_pair_costs_one_character(store: Store) -> None:
    """It has no encoding; the decision is stored all the same."""
    row = model_turn(number=1)._replace(status_message="a\ud800b")

    store.insert_encoded([encode_spans([row])])

    assert [stored[14] for stored in _stored(store)] == ["a?b"]


def test_no_rows_are_no_insert(store: Store) -> None:
    """An empty request has nothing to store."""
    store.insert_encoded([encode_spans([])])

    assert store.newest() is None


def test_the_newest_span_tells_when_it_came(store: Store) -> None:
    """Settling begins there after a start."""
    store.insert_spans([model_turn(number=1)])

    newest = store.newest()

    assert newest is not None
    assert newest.utcoffset() is not None
