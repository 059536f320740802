"""The rows that cross the store's door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class SpanRow(NamedTuple):
    """One span, in the columns of the OpenTelemetry Collector's ClickHouse exporter.

    A NamedTuple and not a dataclass: thousands a second are transposed into columns with
    ``zip(*rows)``. Times are nanoseconds since 1970; ids are lower-case hex.
    """

    timestamp_ns: int
    trace_id: str
    span_id: str
    parent_span_id: str
    trace_state: str
    span_name: str
    span_kind: str
    service_name: str
    resource_attributes: dict[str, str]
    scope_name: str
    scope_version: str
    span_attributes: dict[str, str]
    duration_ns: int
    status_code: str
    status_message: str
    events_timestamp_ns: list[int]
    events_name: list[str]
    events_attributes: list[dict[str, str]]
    links_trace_id: list[str]
    links_span_id: list[str]
    links_trace_state: list[str]
    links_attributes: list[dict[str, str]]


SPAN_COLUMNS: tuple[tuple[str, str], ...] = (
    ("Timestamp", "DateTime64(9)"),
    ("TraceId", "String"),
    ("SpanId", "String"),
    ("ParentSpanId", "String"),
    ("TraceState", "String"),
    ("SpanName", "LowCardinality(String)"),
    ("SpanKind", "LowCardinality(String)"),
    ("ServiceName", "LowCardinality(String)"),
    ("ResourceAttributes", "Map(LowCardinality(String), String)"),
    ("ScopeName", "String"),
    ("ScopeVersion", "String"),
    ("SpanAttributes", "Map(LowCardinality(String), String)"),
    ("Duration", "UInt64"),
    ("StatusCode", "LowCardinality(String)"),
    ("StatusMessage", "String"),
    ("Events.Timestamp", "Array(DateTime64(9))"),
    ("Events.Name", "Array(LowCardinality(String))"),
    ("Events.Attributes", "Array(Map(LowCardinality(String), String))"),
    ("Links.TraceId", "Array(String)"),
    ("Links.SpanId", "Array(String)"),
    ("Links.TraceState", "Array(String)"),
    ("Links.Attributes", "Array(Map(LowCardinality(String), String))"),
)
"""Name and type of each column of ``otel_traces``, in the order of `SpanRow`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The answer of a read: column names and rows in their order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def records(self) -> Iterator[dict[str, object]]:
        """Yield each row as a mapping by column name."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))
