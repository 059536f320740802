"""The store: spans in, tenant-scoped reads out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, Self, cast

from trainingloop.store._connection import Connection
from trainingloop.store._migrate import migrate
from trainingloop.store._sql import read_text, statements
from trainingloop.store.address import StoreAddress, parse_address
from trainingloop.store.encoding import encode_spans
from trainingloop.store.owner import Ownership

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainingloop.store.encoding import EncodedSpans
    from trainingloop.store.rows import SpanRow, Table

_REPAIR_MINUTES: Final = 10
_VIEWS: Final = {
    "decisions_mv": ("decisions", "(trace_id, decision_id)"),
    "tool_requests_mv": ("tool_executions", "(trace_id, span_id)"),
    "tool_runs_mv": ("tool_executions", "(trace_id, span_id)"),
    "conversation_events_mv": ("conversation_events", "(trace_id, span_id)"),
}
"""Each materialized view, the table it fills and the span's identity there."""


_UNSET: Final = {"outcome": ""}
"""What a decision filter leaves open when its caller does not know of it."""


class Reads:
    """Every read of one tenant; there is no other way to read decisions."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        self._connection = connection
        self.tenant: Final = tenant

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of ``reads/<name>.sql``, scoped to the tenant.

        Args:
            name: the file's name without ``.sql``.
            parameters: its ``{name:Type}`` binds, all but ``tenant``.

        Raises:
            UnknownReadError: there is no such read.
            StoreUnavailableError: the engine refused.
        """
        binds = {**_UNSET, **(parameters or {}), "tenant": self.tenant}
        return self._connection.query(read_text(name), binds)


class Store:
    """An open store. Threads may share it."""

    def __init__(self, address: StoreAddress) -> None:
        """Open ``address``, taking the directory when it is embedded, and bring its schema up.

        Raises:
            StoreInUseError: another process owns the directory.
            StoreTooNewError: a newer trainingloop wrote it.
            StoreUnavailableError: the engine cannot be reached or started.
        """
        self.address: Final = address
        self._ownership = Ownership(address.directory) if address.directory else None
        self._connection = Connection(address)
        self._settling = threading.Lock()
        try:
            migrate(self._connection, address)
            self._connection.use_database(address.database)
            self._repair()
        except BaseException:
            self.close()
            raise

    def insert_spans(self, rows: Sequence[SpanRow]) -> None:
        """Store ``rows`` as one batch; they and what the views derive are durable on return.

        Raises:
            StoreUnavailableError: nothing can be said of the batch; send it again, duplicates
                collapse.
        """
        self.insert_encoded([encode_spans(rows)])

    def insert_encoded(self, blocks: Sequence[EncodedSpans]) -> None:
        """Store spans that were encoded before, as one batch; see `insert_spans`.

        Raises:
            StoreUnavailableError: as for `insert_spans`.
        """
        if any(blocks):
            self._connection.insert(blocks)

    def newest(self) -> datetime | None:
        """Return when the newest span came in, in UTC; None while there is none."""
        table = self._connection.query(
            "SELECT max(IngestedAt), count() FROM otel_traces SETTINGS final = 0", {}
        )
        newest, spans = table.rows[0]
        return cast("datetime", newest) if spans else None

    def settle(self, since: datetime) -> None:
        """Count each tool call once, in threads that got something since ``since`` (UTC).

        An execution is attached to the request it answers, and an execute_tool span stops being
        a decision of its own when a recorded model turn asked for the call.
        """
        with self._settling:
            for statement in statements("settle"):
                self._connection.query(statement.text, {"since": since})

    def execute(self, sql: str, parameters: Mapping[str, object]) -> Table:
        """Run one statement of our own and return what it answers.

        Args:
            sql: its text, from a ``.sql`` file; values only as ``{name:Type}`` binds.
            parameters: the binds.

        Raises:
            StoreUnavailableError: the engine refused.
        """
        return self._connection.query(sql, parameters)

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert ``rows`` into ``table``; they are durable on return.

        Args:
            table: one of our own tables.
            columns: which of its columns the rows have, in their order.
            rows: a batch: as many at once as there are.

        Raises:
            StoreUnavailableError: nothing can be said of the rows; append them again.
        """
        if rows:
            self._connection.append(table, columns, rows)

    def reads(self, tenant: str) -> Reads:
        """Return the reads of ``tenant``."""
        return Reads(self._connection, tenant)

    def tenants(self) -> list[str]:
        """Return the tenants that have recorded anything, sorted."""
        table = self._connection.query(
            "SELECT DISTINCT tenant_id FROM (SELECT tenant_id FROM decisions UNION ALL "
            "SELECT tenant_id FROM conversation_events) ORDER BY tenant_id",
            {},
        )
        return [str(row[0]) for row in table.rows]

    def ping(self) -> None:
        """Do nothing when the engine answers.

        Raises:
            StoreUnavailableError: it does not.
        """
        self._connection.query("SELECT 1", {})

    def announce(self, *, url: str) -> None:
        """Tell other processes where this one's API answers; a server store needs no such card."""
        if self._ownership:
            self._ownership.announce(url=url)

    def close(self) -> None:
        """Close the engine and give the directory back."""
        self._connection.close()
        if self._ownership:
            self._ownership.release()

    def _repair(self) -> None:
        """Derive again what a killed process had stored as spans but not yet as rows.

        A materialized view is not atomic with its source, so the last batch before a kill can be
        in ``otel_traces`` alone. Batches are seconds long: ten minutes are ample.
        """
        for view, (table, identity) in _VIEWS.items():
            columns, select = self._definition(view)
            self._connection.command(
                f"INSERT INTO {table} ({columns}) {select} "  # noqa: S608  # names of our own
                "AND IngestedAt >= (SELECT max(IngestedAt) FROM otel_traces) "
                f"- INTERVAL {_REPAIR_MINUTES} MINUTE "
                f"AND (TraceId, SpanId) NOT IN (SELECT {identity} FROM {table} SETTINGS final = 0)"
            )

    def _definition(self, view: str) -> tuple[str, str]:
        """Return the columns a view fills and its SELECT, which ends in a WHERE clause."""
        row = self._connection.query(
            "SELECT arrayStringConcat(groupArray(columns.name), ', '), any(tables.as_select) "
            "FROM system.columns INNER JOIN system.tables USING (database, table) "
            "WHERE database = currentDatabase() AND table = {view:String}",
            {"view": view},
        ).rows[0]
        return str(row[0]), str(row[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(dsn: str) -> Store:
    """Open the store at ``dsn``, see `trainingloop.store.address.parse_address`."""
    return Store(parse_address(dsn))
