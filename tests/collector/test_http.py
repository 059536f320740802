"""OTLP/HTTP over real sockets."""

from __future__ import annotations

import gzip
import http.client
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from google.protobuf import json_format
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]  # ships stubs without a marker
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from support.otlp import chat_attributes, otlp_span, request_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.collector import Receivers
    from trainingloop.store import Store

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    receivers: Receivers,
    body: bytes | Iterator[bytes],
    *,
    content_type: str = PROTOBUF,
    path: str = "/v1/traces",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request and return its answer."""
    connection = http.client.HTTPConnection(receivers.host, receivers.http_port, timeout=60)
    try:
        connection.request(
            method, path, body=body, headers={"Content-Type": content_type, **(headers or {})}
        )
        response = connection.getresponse()
        return Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=response.read(),
        )
    finally:
        connection.close()


def decisions(store: Store, tenant: str = "default") -> int:
    """Return how many decisions ``tenant`` has."""
    (record,) = store.reads(tenant).table("overview_extent").records()
    return int(str(record["decisions"]))


def one_decision() -> bytes:
    """Return a body with one decision."""
    return request_of(otlp_span(chat_attributes(), number=1)).SerializeToString()


def test_a_protobuf_request_is_stored_before_it_is_acknowledged(
    receivers: Receivers, store: Store
) -> None:
    """200 means that the decision is durable and can be read."""
    answer = send(receivers, one_decision())

    assert answer.status == 200
    assert answer.headers["content-type"] == PROTOBUF
    assert ExportTraceServiceResponse.FromString(answer.body) == ExportTraceServiceResponse()
    assert decisions(store) == 1


def test_a_gzip_request_is_stored(receivers: Receivers, store: Store) -> None:
    """Senders compress by default."""
    answer = send(receivers, gzip.compress(one_decision()), headers={"Content-Encoding": "gzip"})

    assert answer.status == 200
    assert decisions(store) == 1


def test_a_json_request_is_stored_with_its_hex_ids(receivers: Receivers, store: Store) -> None:
    """OTLP/JSON writes ids in hex, numbers as numbers or texts, and may have unknown fields."""
    document: dict[str, object] = {
        "resourceSpans": [
            {
                "resource": {"attributes": []},
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": "5B8EFFF798038103D269B633813FC60C",
                                "spanId": "eee19b7ec3c1b174",
                                "name": "chat",
                                "kind": 3,
                                "startTimeUnixNano": "1793534400000000000",
                                "endTimeUnixNano": 1793534401000000000,
                                "aFieldOfTheFuture": {"x": 1},
                                "attributes": [
                                    {
                                        "key": "gen_ai.operation.name",
                                        "value": {"stringValue": "chat"},
                                    },
                                    {
                                        "key": "gen_ai.usage.input_tokens",
                                        "value": {"intValue": "7"},
                                    },
                                ],
                            }
                        ]
                    }
                ],
            }
        ]
    }

    answer = send(receivers, json.dumps(document).encode(), content_type=JSON)

    assert (answer.status, json.loads(answer.body)) == (200, {})
    assert answer.headers["content-type"] == JSON
    (record,) = store.reads("default").table("decision", {"decision": "eee19b7ec3c1b174"}).records()
    assert record["trace_id"] == "5b8efff798038103d269b633813fc60c"
    assert record["input_tokens"] == 7


def test_an_empty_request_succeeds(receivers: Receivers) -> None:
    """OTLP asks for it."""
    answer = send(receivers, b"")

    assert answer.status == 200


def test_a_bad_span_does_not_cost_its_batch(receivers: Receivers, store: Store) -> None:
    """The rest is stored, and the sender is told how many were not, and why."""
    bad = otlp_span(chat_attributes(), number=2)
    bad.trace_id = b""
    body = request_of(otlp_span(chat_attributes(), number=1), bad).SerializeToString()

    answer = send(receivers, body)

    response = ExportTraceServiceResponse.FromString(answer.body)
    assert answer.status == 200
    assert response.partial_success.rejected_spans == 1
    assert "1 with an invalid trace or span id" in response.partial_success.error_message
    assert decisions(store) == 1


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xff\xff", PROTOBUF),
        (b"\x0a\x05ab", PROTOBUF),
        (b"{", JSON),
        (b"[]", JSON),
        (b'{"resourceSpans": 5}', JSON),
        (b'{"resourceSpans": [{"scopeSpans": "a secret"}]}', JSON),
        (b"[" * 100_000, JSON),
    ],
)
def test_a_malformed_body_is_refused_without_quoting_it(
    receivers: Receivers, body: bytes, content_type: str
) -> None:
    """400, with a google.rpc.Status in the type of the request."""
    answer = send(receivers, body, content_type=content_type)

    status = Status()
    if content_type == JSON:
        json_format.Parse(answer.body, status)
    else:
        status.ParseFromString(answer.body)
    assert answer.status == 400
    assert answer.headers["content-type"] == content_type
    assert status.code == 3
    assert "no valid OTLP" in status.message
    assert "secret" not in status.message


def test_text_that_is_no_utf_8_is_malformed(receivers: Receivers, store: Store) -> None:
    """Protobuf text is UTF-8; nothing of such a request is stored."""
    body = one_decision().replace(b"See you", b"See \xff\xfeu")

    answer = send(receivers, body)

    assert answer.status == 400
    assert decisions(store) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Encoding": "br"}],
)
def test_what_is_not_understood_is_415(receivers: Receivers, headers: dict[str, str]) -> None:
    """Another content type or encoding is told what is understood."""
    answer = send(receivers, one_decision(), headers=headers)

    assert answer.status == 415
    assert b"send " in answer.body


def test_a_gzip_bomb_is_refused_early(receivers: Receivers) -> None:
    """Unpacking stops at the limit, however small the body was."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(70 * 1024**2)) + packer.flush()

    answer = send(receivers, bomb, headers={"Content-Encoding": "gzip"})

    assert len(bomb) < 100_000
    assert answer.status == 413


@pytest.mark.parametrize("cut", [10, -4])
def test_broken_gzip_is_malformed(receivers: Receivers, cut: int) -> None:
    """A body that was cut off is not half stored."""
    answer = send(
        receivers, gzip.compress(one_decision())[:cut], headers={"Content-Encoding": "gzip"}
    )

    assert answer.status == 400


def test_a_body_of_100_mb_is_refused_with_an_answer(receivers: Receivers) -> None:
    """The sender reads 413 and not a broken connection."""
    chunk = bytes(1024**2)

    answer = send(
        receivers,
        (chunk for _ in range(100)),
        headers={"Content-Length": str(100 * 1024**2)},
    )

    assert answer.status == 413


def test_another_method_is_405(receivers: Receivers) -> None:
    """Only POST means anything here."""
    assert send(receivers, b"", method="GET").status == 405


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/metrics"])
def test_other_signals_are_told_that_only_traces_are_stored(
    receivers: Receivers, path: str
) -> None:
    """An SDK that exports all three is told which exporter to turn off."""
    answer = send(receivers, b"", path=path)

    assert answer.status == 404
    assert b"only traces are stored" in answer.body
