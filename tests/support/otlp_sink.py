"""An OTLP/HTTP receiver that keeps what it is sent, for tests of whole processes."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSpan:
    """A span as it came over the wire."""

    name: str
    attributes: dict[str, object]
    resource: dict[str, object]
    status_message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLog:
    """A log record as it came over the wire."""

    event_name: str
    trace_id: str
    span_id: str
    time_unix_nano: int
    attributes: dict[str, object]
    resource: dict[str, object]


class OtlpSink:
    """The receiver, its address and what it got."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        """Of spans."""
        self.log_bodies: list[bytes] = []
        self.refusals: list[int] = []
        """Statuses the next requests are answered with, in this order; they are not kept."""
        self.refused = 0
        self.content_types: set[str] = set()
        self.encodings: set[str] = set()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def endpoint(self) -> str:
        """The base URL an exporter takes."""
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def spans(self) -> list[ReceivedSpan]:
        """Every span received so far."""
        return [
            ReceivedSpan(
                name=span.name,
                attributes=_mapping(span.attributes),
                resource=_mapping(of_resource.resource.attributes),
                status_message=span.status.message,
            )
            for body in self.bodies
            for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for of_scope in of_resource.scope_spans
            for span in of_scope.spans
        ]

    @property
    def logs(self) -> list[ReceivedLog]:
        """Every log record received so far."""
        return [
            ReceivedLog(
                event_name=record.event_name,
                trace_id=record.trace_id.hex(),
                span_id=record.span_id.hex(),
                time_unix_nano=record.time_unix_nano,
                attributes=_mapping(record.attributes),
                resource=_mapping(of_resource.resource.attributes),
            )
            for body in self.log_bodies
            for of_resource in ExportLogsServiceRequest.FromString(body).resource_logs
            for of_scope in of_resource.scope_logs
            for record in of_scope.log_records
        ]

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


@contextmanager
def otlp_sink() -> Generator[OtlpSink]:
    """Run a receiver on a free local port."""
    sink = OtlpSink()
    sink.start()
    try:
        yield sink
    finally:
        sink.close()


def _handler_for(sink: OtlpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            encoding = self.headers.get("content-encoding", "identity")
            sink.encodings.add(encoding)
            sink.content_types.add(self.headers.get("content-type", ""))
            status = sink.refusals.pop(0) if sink.refusals else 200
            if status == 200:
                kept = sink.log_bodies if self.path == "/v1/logs" else sink.bodies
                kept.append(gzip.decompress(body) if encoding == "gzip" else body)
            else:
                sink.refused += 1
            # Empty answers are the same bytes, whatever was sent.
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep the tests' output clean."""

    return Handler


def _mapping(pairs: Iterable[KeyValue]) -> dict[str, object]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return _mapping(value.kvlist_value.values)
    return getattr(value, kind) if kind is not None else None
