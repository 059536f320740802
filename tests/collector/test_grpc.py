"""OTLP/gRPC over real sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo  # type: ignore[import-untyped]  # ships stubs without a marker
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]  # ships stubs without a marker
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from collector.conftest import KEYS
from support.otlp import chat_attributes, otlp_span, request_of
from support.stores import MemoryStore
from trainingloop.collector import Pipeline, Receivers, WriterLimits
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from trainingloop.processor import Redactor
    from trainingloop.store import Store

_METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def export(
    receivers: Receivers, body: bytes, *, compression: grpc.Compression | None = None
) -> ExportTraceServiceResponse:
    """Send one request."""
    options = [("grpc.max_send_message_length", -1)]
    untyped = cast("Any", grpc)
    with untyped.insecure_channel(f"127.0.0.1:{receivers.grpc_port}", options) as channel:
        call = channel.unary_unary(
            _METHOD,
            request_serializer=None,
            response_deserializer=ExportTraceServiceResponse.FromString,
        )
        return cast("ExportTraceServiceResponse", call(body, timeout=60, compression=compression))


def one_decision() -> bytes:
    """Return a body with one decision."""
    return request_of(otlp_span(chat_attributes(), number=1)).SerializeToString()


@pytest.mark.parametrize("compression", [None, grpc.Compression.Gzip])
def test_a_request_is_stored_before_it_is_acknowledged(
    receivers: Receivers, store: Store, compression: grpc.Compression | None
) -> None:
    """Plain or compressed, OK means durable."""
    answer = export(receivers, one_decision(), compression=compression)

    (record,) = store.reads("default").table("overview_extent").records()
    assert answer == ExportTraceServiceResponse()
    assert record["decisions"] == 1


def test_a_bad_span_does_not_cost_its_batch(receivers: Receivers) -> None:
    """The sender is told how many were rejected."""
    bad = otlp_span(chat_attributes(), number=2)
    bad.trace_id = b""
    body = request_of(otlp_span(chat_attributes(), number=1), bad).SerializeToString()

    answer = export(receivers, body)

    assert answer.partial_success.rejected_spans == 1
    assert "invalid trace or span id" in answer.partial_success.error_message


def test_a_malformed_request_is_an_invalid_argument(receivers: Receivers) -> None:
    """And not an internal error, which senders would repeat."""
    with pytest.raises(grpc.RpcError) as caught:
        export(receivers, b"\xff\xff")

    assert cast("Any", caught.value).code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_request_above_the_limit_is_not_to_be_repeated(receivers: Receivers) -> None:
    """RESOURCE_EXHAUSTED without RetryInfo, also when it was small on the wire."""
    with pytest.raises(grpc.RpcError) as caught:
        export(receivers, bytes(65 * 1024**2), compression=grpc.Compression.Gzip)

    error = cast("Any", caught.value)
    trailers = {name for name, _ in error.trailing_metadata() or ()}
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "google.rpc.retryinfo-bin" not in trailers


def _refused(redactor: Redactor, store: MemoryStore, limits: WriterLimits) -> Any:
    """Return the error a sender gets whose request cannot be taken now."""
    with (
        Pipeline(store, redactor, keys=KEYS, limits=limits) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
    ):
        if not store.failure:
            store.may_insert.clear()
            pipeline.submit(request_of(otlp_span({}, number=1)), source="test")
            assert store.is_inserting.wait(timeout=10)
        with pytest.raises(grpc.RpcError) as caught:
            export(receivers, one_decision())
        store.may_insert.set()
    return cast("Any", caught.value)


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (None, grpc.StatusCode.RESOURCE_EXHAUSTED),
        (StoreUnavailableError("full"), grpc.StatusCode.UNAVAILABLE),
    ],
    ids=["overloaded", "not-stored"],
)
def test_a_refusal_says_when_to_retry_in_both_trailers(
    redactor: Redactor, failure: Exception | None, code: grpc.StatusCode
) -> None:
    """Senders read RetryInfo from one or the other."""
    store = MemoryStore()
    store.failure = failure

    error = _refused(redactor, store, WriterLimits(pending_rows=1))

    trailers = dict(error.trailing_metadata())
    retry = RetryInfo.FromString(trailers["google.rpc.retryinfo-bin"])
    status = Status.FromString(trailers["grpc-status-details-bin"])
    assert error.code() is code
    assert retry.retry_delay.seconds >= 1
    assert status.details[0].type_url.endswith("google.rpc.RetryInfo")


def _broken_clock() -> int:
    raise ArithmeticError("nobody thought of this")


def test_an_unexpected_error_is_unavailable(redactor: Redactor) -> None:
    """Senders drop for good what is answered with INTERNAL."""
    with (
        Pipeline(MemoryStore(), redactor, keys=KEYS, clock=_broken_clock) as pipeline,
        Receivers(pipeline, http_port=0, grpc_port=0) as receivers,
        pytest.raises(grpc.RpcError) as caught,
    ):
        export(receivers, one_decision())

    error = cast("Any", caught.value)
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert "google.rpc.retryinfo-bin" in dict(error.trailing_metadata())
    assert "nobody thought" not in error.details()
