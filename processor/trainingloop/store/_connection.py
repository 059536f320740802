"""One clickhouse-connect client for each thread, on the embedded engine or a server.

The only module that imports ``clickhouse_connect``.
"""

# pyright: reportUnknownMemberType=false
# clickhouse-connect leaves type arguments out of the signatures of its own methods.

from __future__ import annotations

import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Final

from trainingloop.store.encoding import FORMAT
from trainingloop.store.errors import StoreError, StoreUnavailableError
from trainingloop.store.rows import SPAN_COLUMNS, Table

try:
    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import ClickHouseError
except ImportError as error:
    raise ImportError(
        "the store needs clickhouse-connect: pip install 'trainingloop[server]' for a ClickHouse "
        "server, 'trainingloop[local]' for the embedded one"
    ) from error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clickhouse_connect.driver.client import Client

    from trainingloop.store.address import StoreAddress
    from trainingloop.store.encoding import EncodedSpans

MEMORY_LIMIT_BYTES: Final = int(os.environ.get("TRAININGLOOP_STORE_MEMORY_MB", "1024")) * 1024**2
_MARK_CACHE_BYTES: Final = 64 * 1024**2
_SETTINGS: Final = {
    # Reads see each key once, whatever merges are still to come.
    "final": 1,
    # An import may carry years of history in one batch.
    "throw_on_max_partitions_per_insert_block": 0,
    "max_threads": 2,
}
# Its warnings repeat the errors that are raised, with a stack trace for the user to read.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())
_COLUMN_NAMES: Final = [name for name, _ in SPAN_COLUMNS]


class Connection:
    """Runs SQL; clients are made on demand, one a thread, because a client is one lock."""

    def __init__(self, address: StoreAddress) -> None:
        self._address = address
        self._threads = threading.local()
        self._clients: list[Client] = []
        self._guard = threading.Lock()
        self._database = "default"

    def use_database(self, name: str) -> None:
        """Resolve unqualified table names in ``name`` from now on, in every thread."""
        self._database = name
        self.close()

    def command(self, sql: str) -> None:
        """Run a statement that answers nothing."""
        with _translated():
            self._client().command(sql)

    def query(self, sql: str, parameters: Mapping[str, object]) -> Table:
        """Run ``sql`` with its ``{name:Type}`` binds and return what it answers."""
        with _translated():
            result = self._client().query(sql, parameters=dict(parameters), tz_mode="aware")
            return Table(
                columns=tuple(result.column_names),
                rows=tuple(tuple(row) for row in result.result_rows),
            )

    def insert(self, blocks: Sequence[EncodedSpans]) -> None:
        """Store encoded spans as one batch; they are durable when this returns."""
        with _translated():
            self._client().raw_insert(
                "otel_traces",
                column_names=_COLUMN_NAMES,
                insert_block=b"".join(block.data for block in blocks),
                fmt=FORMAT,
            )

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Store rows of one of our own tables; they are durable when this returns."""
        with _translated():
            self._client().insert(table, rows, column_names=columns)

    def close(self) -> None:
        """Close every client, of all threads."""
        with self._guard:
            clients, self._clients = self._clients, []
            self._threads = threading.local()
        for client in clients:
            with contextlib.suppress(ClickHouseError):
                client.close()

    def _client(self) -> Client:
        client: Client | None = getattr(self._threads, "client", None)
        if client is None:
            client = self._connect()
            self._threads.client = client
            with self._guard:
                self._clients.append(client)
        return client

    def _connect(self) -> Client:
        if self._address.engine == "clickhouse":
            return _server_client(self._address, self._database)
        return _embedded_client(self._address, self._database)


def _server_client(address: StoreAddress, database: str) -> Client:
    try:
        return clickhouse_connect.get_client(
            host=address.host,
            port=address.port,
            username=address.user,
            password=address.password,
            secure=address.is_secure,
            database=database,
            settings=_SETTINGS,
            autogenerate_session_id=False,
        )
    except ClickHouseError as error:
        raise StoreUnavailableError(
            f"cannot use the ClickHouse server at {address.host}:{address.port} as "
            f"{address.user!r} ({_detail(error)}): check that it runs, its HTTP port, user and "
            "password"
        ) from error


def _embedded_client(address: StoreAddress, database: str) -> Client:
    try:
        return clickhouse_connect.get_client(
            interface="chdb",
            path=str(address.directory / "engine") if address.directory else "",
            database=database,
            settings=_SETTINGS,
            chdb_options={
                # The defaults are 90 % of the machine's memory and a 5 GB mark cache.
                "max_server_memory_usage": MEMORY_LIMIT_BYTES,
                "mark_cache_size": _MARK_CACHE_BYTES,
            },
        )
    except ImportError as error:
        raise StoreError(
            "the embedded store needs chDB: pip install 'trainingloop[local]', "
            "or point --store at a server with clickhouse://"
        ) from error


class _translated(contextlib.AbstractContextManager[None]):  # noqa: N801  # reads as a verb
    """Turns what the client raises into the store's own errors."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, ClickHouseError | OSError):
            raise StoreUnavailableError(_summary(error)) from error


def _summary(error: BaseException) -> str:
    """Keep the engine's code and name; its text may quote values of the statement."""
    return f"the store's engine refused: {_detail(error)}"


def _detail(error: BaseException) -> str:
    text = str(error)
    code = text.partition("Code: ")[2].partition(".")[0].strip()
    name = text.rpartition("(")[2].partition(")")[0] if "(" in text else ""
    detail = " ".join(part for part in (code, name if name.isupper() else "") if part)
    return detail or type(error).__name__
