"""The JSON API, its client, and what else the receivers do."""

from __future__ import annotations

import http.client
import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from collector.conftest import KEYS
from collector.test_http import JSON, PROTOBUF, one_decision, send
from support.otlp import START_NS, chat_attributes, otlp_span, request_of
from support.spans import EVERYTHING
from support.stores import MemoryStore
from trainingloop.collector import Pipeline, Receivers, RemoteStore, WriterLimits
from trainingloop.collector.errors import (
    NotStoredError,
    OverloadedError,
    PortInUseError,
    RemoteStoreError,
)
from trainingloop.store.errors import StoreUnavailableError, UnknownReadError

if TYPE_CHECKING:
    from trainingloop.processor import Redactor
    from trainingloop.store import Store


def test_a_full_disk_is_503_with_a_time_to_retry(redactor: Redactor) -> None:
    """Nothing is acknowledged, and the sender keeps what it has."""
    store = MemoryStore()
    store.failure = StoreUnavailableError("the store's engine refused: 243 NOT_ENOUGH_SPACE")

    with (
        Pipeline(store, redactor, keys=KEYS) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        answer = send(receivers, one_decision())

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == PROTOBUF


def test_overload_is_429_with_a_time_to_retry(redactor: Redactor) -> None:
    """The request costs nothing more, and may come again."""
    store = MemoryStore()

    with (
        Pipeline(store, redactor, keys=KEYS, limits=WriterLimits(pending_rows=1)) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        store.may_insert.clear()
        pipeline.submit(request_of(otlp_span({}, number=1)), source="test")
        assert store.is_inserting.wait(timeout=10)
        answer = send(receivers, one_decision())
        store.may_insert.set()

    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1


def _broken_clock() -> int:
    raise ArithmeticError("nobody thought of this")


@pytest.mark.parametrize("kind", [PROTOBUF, JSON])
def test_an_unexpected_error_is_503_with_a_time_to_retry(redactor: Redactor, kind: str) -> None:
    """Senders drop for good what is answered with 500."""
    with (
        Pipeline(MemoryStore(), redactor, keys=KEYS, clock=_broken_clock) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        answer = send(receivers, b"{}" if kind == JSON else one_decision(), content_type=kind)

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == kind
    assert b"nobody thought" not in answer.body


def test_a_request_that_stopping_does_not_wait_for_is_503(redactor: Redactor) -> None:
    """A body that is still on its way: its sender keeps it for the next process."""
    with Pipeline(MemoryStore(), redactor, keys=KEYS) as pipeline:
        receivers = Receivers(pipeline, http_port=0, grpc_port=0, grace_s=1)
        receivers.start()
        connection = http.client.HTTPConnection(receivers.host, receivers.http_port, timeout=60)
        connection.putrequest("POST", "/v1/traces")
        connection.putheader("Content-Type", PROTOBUF)
        connection.putheader("Content-Length", "1000")
        connection.putheader("Expect", "100-continue")
        connection.endheaders(b"the beginning")
        # That the request is being read is only told by the interim answer.
        assert connection.sock.recv(12) == b"HTTP/1.1 100"
        receivers.stop()
        received = connection.sock.recv(10_000)
        connection.close()

    assert b"HTTP/1.1 503" in received
    assert b"\r\nretry-after: " in received


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_a_busy_port_is_named_with_its_option(pipeline: Pipeline, protocol: str) -> None:
    """The message says which port, and how to choose another one; the other port is closed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        http_port, grpc_port = (port, 0) if protocol == "http" else (0, port)
        receivers = Receivers(pipeline, http_port=http_port, grpc_port=grpc_port)

        with pytest.raises(PortInUseError, match=rf"port {port} .*--otlp-{protocol}-port"):
            receivers.start()

    receivers.stop()


def test_health_tells_ports_store_and_counters(receivers: Receivers) -> None:
    """One answer says whether decisions can be stored, and what became of them."""
    send(receivers, one_decision())

    health = RemoteStore(receivers.url).health()

    assert health["status"] == "ok"
    assert health["store"] == {"engine": "chdb", "is_reachable": True}
    assert health["ports"] == {
        "otlp_http": receivers.http_port,
        "otlp_grpc": receivers.grpc_port,
    }
    counters = health["counters"]
    assert isinstance(counters, dict)
    assert (counters["received"], counters["stored"]) == (1, 1)


def test_health_is_503_when_the_store_does_not_answer(redactor: Redactor) -> None:
    """A probe sees it by the status alone."""
    store = MemoryStore()
    store.failure = StoreUnavailableError("gone")

    with (
        Pipeline(store, redactor, keys=KEYS) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        answer = send(receivers, b"", path="/api/v1/health", method="GET")

    assert answer.status == 503
    assert json.loads(answer.body)["status"] == "unavailable"


def test_a_remote_read_is_the_twin_of_a_local_one(receivers: Receivers, store: Store) -> None:
    """The same columns and the same values, times included."""
    remote = RemoteStore(receivers.url)
    remote.send(request_of(otlp_span(chat_attributes(), number=1)))
    parameters: dict[str, object] = {**EVERYTHING, "limit": 10, "offset": 0}

    far = remote.reads("default").table("decisions", parameters)
    near = store.reads("default").table("decisions", parameters)

    assert far == near
    assert len(far.rows) == 1
    assert next(far.records())["occurred_at"] == datetime.fromtimestamp(START_NS / 1e9, UTC)


def test_a_remote_store_takes_spans_and_says_what_became_of_them(
    receivers: Receivers, store: Store
) -> None:
    """The outcome is that of the pipeline."""
    bad = otlp_span({}, number=2)
    bad.span_id = b""

    outcome = RemoteStore(receivers.url).send(
        request_of(otlp_span(chat_attributes(), number=1), bad)
    )

    assert (outcome.stored, outcome.rejected) == (1, 1)
    assert "invalid trace or span id" in outcome.message
    assert RemoteStore(receivers.url).tenants() == ["default"]


def test_a_remote_tenant_cannot_read_another(receivers: Receivers) -> None:
    """The tenant of the request is the tenant of the read."""
    span = otlp_span({**chat_attributes(), "trainingloop.tenant.id": "acme"}, number=1)
    remote = RemoteStore(receivers.url)
    remote.send(request_of(span))

    parameters: dict[str, object] = {"decision": f"{1:016x}", "tenant": "acme"}
    own = remote.reads("acme").table("decision", parameters)
    other = remote.reads("zeta").table("decision", parameters)

    assert (len(own.rows), len(other.rows)) == (1, 0)


def test_a_read_nobody_knows_is_told_apart(receivers: Receivers) -> None:
    """Never SQL: only the names of reads."""
    with pytest.raises(UnknownReadError, match="no read is called"):
        RemoteStore(receivers.url).reads("default").table("SELECT 1")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"tenant": "a"}', "text/plain"),
        (b"{", JSON),
        (b"[]", JSON),
        (b"{}", JSON),
        (b'{"tenant": "a b"}', JSON),
        (b'{"tenant": "a", "parameters": []}', JSON),
        (b" " * (1024**2 + 1), JSON),
    ],
)
def test_a_bad_read_is_400_and_says_why(
    receivers: Receivers, body: bytes, content_type: str
) -> None:
    """As an error object, with a code and a message."""
    answer = send(receivers, body, content_type=content_type, path="/api/v1/reads/decision")

    error = json.loads(answer.body)["error"]
    assert answer.status == 400
    assert error["code"] == "bad_request"
    assert error["message"]


def test_a_read_without_its_parameters_is_an_error_object(receivers: Receivers) -> None:
    """What the engine refuses is told as such."""
    with pytest.raises(StoreUnavailableError, match="refused"):
        RemoteStore(receivers.url).reads("default").table("decision", {})


def test_refusals_reach_the_sender_as_the_errors_of_the_pipeline(redactor: Redactor) -> None:
    """Near or far, a caller handles the same errors."""
    store = MemoryStore()
    request = request_of(otlp_span(chat_attributes(), number=1))

    with (
        Pipeline(store, redactor, keys=KEYS, limits=WriterLimits(pending_rows=1)) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        remote = RemoteStore(receivers.url)
        store.failure = StoreUnavailableError("full")
        with pytest.raises(NotStoredError):
            remote.send(request)
        store.failure = None
        store.is_inserting.clear()
        store.may_insert.clear()
        pipeline.submit(request, source="test")
        assert store.is_inserting.wait(timeout=10)
        with pytest.raises(OverloadedError):
            remote.send(request)
        store.may_insert.set()


def test_nobody_there_is_an_error_that_says_so() -> None:
    """It asks whether serve is still running."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])

    with pytest.raises(RemoteStoreError, match="still running"):
        RemoteStore(f"http://127.0.0.1:{port}").tenants()


@pytest.mark.parametrize("url", ["127.0.0.1:4318", "https://example.com", "http://"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    """It says what an address looks like."""
    with pytest.raises(RemoteStoreError, match="http://host:port"):
        RemoteStore(url)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:4318", 200),
        ("localhost", 200),
        ("[::1]:4318", 200),
        ("attacker.example.com", 403),
        ("127.0.0.1.example.com:4318", 403),
        ("", 403),
    ],
)
def test_a_name_that_resolves_to_this_machine_is_refused(
    receivers: Receivers, host: str, status: int
) -> None:
    """A web page may not read decisions by DNS rebinding."""
    connection = http.client.HTTPConnection(receivers.host, receivers.http_port, timeout=30)
    connection.putrequest("GET", "/api/v1/health", skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()

    response = connection.getresponse()
    response.read()
    connection.close()

    assert response.status == status


def test_stopping_frees_the_ports(pipeline: Pipeline) -> None:
    """The next one can listen at once."""
    first = Receivers(pipeline, http_port=0, grpc_port=0)
    first.start()
    first.stop()

    with Receivers(pipeline, http_port=first.http_port, grpc_port=first.grpc_port) as second:
        answer = send(second, one_decision())

    assert answer.status == 200
