"""``otel-collector.yaml`` in the Go Collector it is written for, in front of a real ``serve``."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (
    OTLPSpanExporter as GrpcSpanExporter,
)
from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
    OTLPSpanExporter as HttpSpanExporter,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from collector_go.harness import CONFIG, Collector, Serve, Sink, free_port, wait_until
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

pytestmark = pytest.mark.collector

_OUTAGE_S = 30
# The configuration's longest pause between two tries, 10 s, with its jitter of half, doubled.
_DELIVERY_S = 30
_MIB = 1 << 20  # also the smallest queue: it must hold one batch of min_size
# Invented. The SDK here is the stock one, without our redaction, so this leaves it in clear.
_EMAIL = "ana.silva@example.com"


def test_configuration_is_valid(binary: Path) -> None:
    """The Collector accepts the file as it stands, without a word about deprecated names."""
    check = subprocess.run(
        [str(binary), "validate", "--config", str(CONFIG)], capture_output=True, text=True
    )

    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_refused_span_is_sent_again_until_accepted(
    protocol: Literal["http", "grpc"], binary: Path, tmp_path: Path
) -> None:
    """A span that trainingloop answers 503 for arrives once, when it accepts again."""
    sink, port = Sink(), free_port()
    collector = _collector(binary, tmp_path, f"http://127.0.0.1:{port}")
    sink.status = 503

    with sink.listening(port), collector.running():
        _send(collector, "chat refused-first", protocol=protocol)
        wait_until(lambda: sink.refused >= 2, within_s=_DELIVERY_S, what="a second try")
        sink.status = 200
        wait_until(lambda: _is_drained(collector), within_s=_DELIVERY_S, what="an empty queue")

    assert sink.span_names == ["chat refused-first"]


def test_accepted_span_survives_kill_of_the_collector(binary: Path, tmp_path: Path) -> None:
    """A span the Collector said yes to is delivered after kill -9 and a restart."""
    sink, port = Sink(), free_port()
    collector = _collector(binary, tmp_path, f"http://127.0.0.1:{port}")
    with collector.running() as process:
        _send(collector, "chat before the crash")
        process.kill()

    with sink.listening(port), collector.running():
        wait_until(lambda: bool(sink.span_names), within_s=_DELIVERY_S, what="the kept span")

    assert sink.span_names == ["chat before the crash"]


def test_full_queue_makes_senders_wait(binary: Path, tmp_path: Path) -> None:
    """With room for two spans and trainingloop away, all six are accepted in the end, none lost."""
    sink, port = Sink(), free_port()
    names = [f"chat {number}" for number in range(6)]
    collector = Collector(
        binary=binary,
        directory=tmp_path,
        endpoint=f"http://127.0.0.1:{port}",
        queue_bytes=_MIB,
    )
    size_bytes = int(0.4 * _MIB)

    with collector.running(), ThreadPoolExecutor(len(names)) as pool:
        answers = [pool.submit(_post, collector, _span(name, size_bytes)) for name in names]
        wait_until(lambda: _queued(collector) >= 2 * size_bytes, within_s=10, what="a full queue")
        with sink.listening(port):
            statuses = [answer.result(timeout=2 * _DELIVERY_S) for answer in answers]
            wait_until(lambda: _is_drained(collector), within_s=_DELIVERY_S, what="all spans")

    assert statuses == [200] * len(names)
    assert sorted(sink.span_names) == names


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_decision_sent_through_the_collector_is_stored(
    protocol: Literal["http", "grpc"], binary: Path, tmp_path: Path
) -> None:
    """A model turn of the stock SDK becomes one decision, redacted, in the store behind it."""
    serve = Serve(directory=tmp_path)
    collector = _collector(binary, tmp_path, serve.endpoint)

    with serve.running(), collector.running():
        trace_id = _send(collector, "chat gpt-4o", protocol=protocol)
        wait_until(lambda: _is_drained(collector), within_s=_DELIVERY_S, what="an empty queue")
        stored = _of_trace(serve, trace_id)

    assert [row["decision_kind"] for row in stored] == ["message"]
    assert _EMAIL not in json.dumps(stored)
    assert "I am <EMAIL_" in json.dumps(stored)


@pytest.mark.slow
def test_decision_sent_while_serve_is_down_is_stored_once(binary: Path, tmp_path: Path) -> None:
    """What is sent during an outage of 30 s is in the store afterwards, exactly once."""
    serve = Serve(directory=tmp_path)
    collector = _collector(binary, tmp_path, serve.endpoint)
    with serve.running():
        pass

    with collector.running():
        trace_id = _send(collector, "chat gpt-4o")
        back_at = time.monotonic() + _OUTAGE_S
        wait_until(
            lambda: time.monotonic() > back_at, within_s=2 * _OUTAGE_S, what="the outage's end"
        )
        assert collector.metric("otelcol_exporter_queue_size") > 0
        with serve.running():
            wait_until(lambda: _is_drained(collector), within_s=_DELIVERY_S, what="an empty queue")
            stored = _of_trace(serve, trace_id)

    assert len(stored) == 1


def _collector(binary: Path, tmp_path: Path, endpoint: str) -> Collector:
    return Collector(binary=binary, directory=tmp_path, endpoint=endpoint)


def _is_drained(collector: Collector) -> bool:
    """Whether something was delivered and nothing waits; the queue counts what is under way."""
    return _queued(collector) == 0 and collector.metric("otelcol_exporter_sent_spans") > 0


def _queued(collector: Collector) -> float:
    return collector.metric("otelcol_exporter_queue_size")


def _send(collector: Collector, name: str, *, protocol: Literal["http", "grpc"] = "http") -> str:
    """Send one model turn, see it accepted, and give its trace id."""
    span = _span(name)
    exporter = _exporter(collector, protocol)
    try:
        assert exporter.export([span]) is SpanExportResult.SUCCESS
    finally:
        exporter.shutdown()
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def _post(collector: Collector, span: ReadableSpan) -> int:
    """Send once and give the status: the SDK's exporter would try again and hide a refusal."""
    request = Request(
        f"http://127.0.0.1:{collector.http_port}/v1/traces",
        data=encode_spans([span]).SerializeToString(),
        headers={"Content-Type": "application/x-protobuf"},
    )
    try:
        with urlopen(request, timeout=2 * _DELIVERY_S) as answer:
            return cast("int", answer.status)
    except HTTPError as refusal:
        with refusal:
            return refusal.code


def _span(name: str, size_bytes: int = 0) -> ReadableSpan:
    finished = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(finished))
    tracer = provider.get_tracer("collector-test")
    attributes = {**_model_turn(), "padding": "x" * size_bytes}
    tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes).end()
    provider.shutdown()
    (span,) = finished.get_finished_spans()
    return span


def _exporter(collector: Collector, protocol: Literal["http", "grpc"]) -> SpanExporter:
    if protocol == "http":
        return HttpSpanExporter(endpoint=f"http://127.0.0.1:{collector.http_port}/v1/traces")
    return GrpcSpanExporter(endpoint=f"http://127.0.0.1:{collector.grpc_port}", insecure=True)


def _model_turn() -> dict[str, str]:
    question = {"role": "user", "parts": [{"type": "text", "content": f"I am {_EMAIL}"}]}
    answer = {"role": "assistant", "parts": [{"type": "text", "content": "Good morning."}]}
    return {
        semconv.OPERATION_NAME: semconv.OPERATION_CHAT,
        semconv.REQUEST_MODEL: "gpt-4o",
        semconv.CONVERSATION_ID: "c-17",
        semconv.TENANT_ID: "acme",
        semconv.INPUT_MESSAGES: json.dumps([question]),
        semconv.OUTPUT_MESSAGES: json.dumps([answer]),
    }


def _of_trace(serve: Serve, trace_id: str) -> list[dict[str, object]]:
    return [row for row in serve.decisions() if row["trace_id"] == trace_id]
