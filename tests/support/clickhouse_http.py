"""ClickHouse's HTTP interface over the embedded engine, as far as clickhouse-connect needs it.

No ClickHouse server can be installed where the tests run. This stands in for the network half of
one, so that the client's HTTP path, its settings, binds and inserts are the real ones; the engine
behind it is the real one as well.
"""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# chdb and lz4 leave types out of their signatures.

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import chdb
import lz4.frame  # type: ignore[import-untyped]  # it has no types

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

_SETTINGS = {"final", "max_threads", "throw_on_max_partitions_per_insert_block"}


class _Engine:
    """One connection for all requests: an embedded engine is one process, one lock is enough."""

    def __init__(self, folder: Path) -> None:
        # chdb's own annotations differ between installations: the call is typed here instead.
        connect = cast("Callable[[str], Any]", chdb.connect)
        self._connection = connect(str(folder))
        self._lock = threading.Lock()

    def run(self, sql: str, fields: dict[str, str], body: bytes) -> bytes:
        parameters = {
            key.removeprefix("param_"): value
            for key, value in fields.items()
            if key.startswith("param_")
        }
        with self._lock, tempfile.NamedTemporaryFile() as file:
            self._connection.query(f"USE {fields.get('database', 'default')}")
            for name in _SETTINGS & fields.keys():
                self._connection.query(f"SET {name} = {fields[name]}")
            if body and sql.lstrip().upper().startswith("INSERT") and " FORMAT " in sql.upper():
                head, _, form = sql.rpartition(" FORMAT ")
                file.write(body)
                file.flush()
                sql = f"{head} FROM INFILE '{file.name}' FORMAT {form}"
            result = self._connection.query(sql, "TabSeparated", params=parameters)
            return bytes(result.bytes())

    def close(self) -> None:
        self._connection.close()


def _statement(query: str | None, body: bytes) -> tuple[str, bytes]:
    """Tell the statement from the rows, which follow an INSERT's first FORMAT line."""
    if query is not None:
        return query, body
    head, separator, rows = body.partition(b" FORMAT RowBinary\n")
    if separator and head.startswith(b"INSERT"):
        return head.decode() + " FORMAT RowBinary", rows
    return body.decode(), b""


def _form(content_type: str, body: bytes) -> dict[str, str]:
    """Read the fields of a form: long parameters travel in one."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    return {
        str(part.get_param("name", header="Content-Disposition")): str(part.get_payload())
        for part in message.walk()
        if not part.is_multipart()
    }


class _Server(ThreadingHTTPServer):
    def __init__(self, engine: _Engine) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.engine = engine


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = self._body()
        if self.headers.get("Content-Encoding") == "lz4":
            body = bytes(lz4.frame.decompress(body))
        self._answer(body)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks: list[bytes] = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, body: bytes) -> None:
        server = self.server
        assert isinstance(server, _Server)
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        fields = {key: values[0] for key, values in query.items()}
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            fields |= _form(kind, body)
            body = b""
        sql, rows = _statement(fields.get("query"), body)
        try:
            answer, status = server.engine.run(sql, fields, rows), 200
        except Exception as error:  # noqa: BLE001  # a server answers whatever went wrong
            answer, status = str(error).encode(), 500
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        del format, args


@contextmanager
def clickhouse_http(folder: Path) -> Generator[int]:
    """Serve the engine at ``folder`` over HTTP and yield the port."""
    engine = _Engine(folder)
    server = _Server(engine)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.close()
