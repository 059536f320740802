"""Spans on their way out: every part redacted, in the worker, every span accounted for."""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import TYPE_CHECKING

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState

from processor.canaries import CANARIES, Canary
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.accounting import RecorderStats, ledger
from trainingloop.processor import RedactingSpanProcessor, Redactor, redacting_span_processor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

CARD = "4111 1111 1111 1111"


class RecordingExporter(InMemorySpanExporter):
    """Keeps spans, the threads that brought them, and how many came at once."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[str] = set()
        self.sizes: list[int] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Keep them."""
        self.threads.add(threading.current_thread().name)
        self.sizes.append(len(spans))
        return super().export(spans)


class FailingExporter(SpanExporter):
    """A receiver that refuses, or an exporter that breaks."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Fail."""
        if self._error is not None:
            raise self._error
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Nothing is held."""


@pytest.fixture
def exporter() -> RecordingExporter:
    """Where spans arrive."""
    return RecordingExporter()


@pytest.fixture
def processor(exporter: RecordingExporter, redactor: Redactor) -> Iterator[RedactingSpanProcessor]:
    """The processor under test, with a ledger that starts at nothing."""
    ledger().restart()
    processor = RedactingSpanProcessor(exporter, redactor)
    yield processor
    processor.shutdown()
    ledger().restart()


@pytest.mark.parametrize("canary", CANARIES, ids=str)
def test_a_canary_in_every_part_of_a_span_is_in_no_byte_that_leaves(
    exporter: RecordingExporter, processor: RedactingSpanProcessor, canary: Canary
) -> None:
    """What is sent is searched as bytes, so a part nobody thought of is searched too."""
    _record_everywhere(processor, canary.text)

    processor.force_flush()

    spans = exporter.get_finished_spans()
    body = encode_spans(spans).SerializeToString()
    planted = canary.planted.encode()
    assert len(spans) == 1
    assert planted not in body
    assert json.dumps(canary.planted)[1:-1].encode() not in body


def test_a_span_keeps_its_structure(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """Ids, times, kind, order of events, models and usage are those of the original."""
    _record_everywhere(processor, CARD)

    processor.force_flush()

    (span,) = exporter.get_finished_spans()
    attributes = dict(span.attributes or {})
    assert span.name == "chat <CARD>"
    assert span.context is not None
    assert span.context.is_valid
    assert span.start_time == 100
    assert span.end_time == 200
    assert [event.name for event in span.events] == ["event <CARD>", "exception"]
    assert span.events[0].timestamp == 150
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "failed on <CARD>"
    assert attributes[semconv.REQUEST_MODEL] == "gpt-4o-2024-05-13"
    assert attributes[semconv.INPUT_TOKENS] == 4111
    assert span.resource.attributes["service.name"] == "booking"
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.version == "1.2.3.4"


def test_messages_stay_valid_json(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """A history can be read after its redaction."""
    _record_everywhere(processor, CARD)

    processor.force_flush()

    (span,) = exporter.get_finished_spans()
    messages = json.loads(str((span.attributes or {})[semconv.INPUT_MESSAGES]))
    assert messages[0]["parts"][0]["content"] == "<CARD>"
    assert json.loads(messages[1]["parts"][0]["arguments"]) == {"note": "<CARD>", "n": 1}


def test_every_span_carries_its_proof(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """Version, status and counts by kind, and what the recorder had lost until then."""
    tracer = _provider(processor).get_tracer("t")
    with tracer.start_as_current_span("x", attributes={"a": CARD, "b": "ada@example.com"}):
        pass

    processor.force_flush()

    (span,) = exporter.get_finished_spans()
    attributes = dict(span.attributes or {})
    assert attributes[semconv.REDACTION_STATUS] == "ok"
    assert attributes[semconv.REDACTION_COUNT] == 2
    assert json.loads(str(attributes[semconv.REDACTION_ENTITIES])) == {"CARD": 1, "EMAIL": 1}
    assert attributes[semconv.RECORDER_EMITTED] == 1
    assert attributes[semconv.RECORDER_DROPPED] == 0


def test_a_decision_is_fingerprinted_before_its_content_is_redacted(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """The hash of a prompt is that of the prompt, not of its tokens."""
    tracer = _provider(processor).get_tracer("t")
    system = json.dumps([{"type": "text", "content": "Be kind."}])
    attributes = {semconv.OPERATION_NAME: "chat", semconv.SYSTEM_INSTRUCTIONS: system}
    with tracer.start_as_current_span("chat", attributes=attributes):
        pass

    processor.force_flush()

    (span,) = exporter.get_finished_spans()
    assert semconv.PROMPT_HASH in (span.attributes or {})
    assert (span.attributes or {})[semconv.DECISION_KIND] == "message"


def test_tokens_belong_to_the_tenant_of_the_span(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """Two tenants of one process share no token."""
    tracer = _provider(processor).get_tracer("t")
    for tenant in ("acme", "globex"):
        attributes = {semconv.TENANT_ID: tenant, "mail": "ada@example.com"}
        tracer.start_span("x", attributes=attributes).end()

    processor.force_flush()

    first, second = (dict(span.attributes or {}) for span in exporter.get_finished_spans())
    assert first["mail"] != second["mail"]


def test_the_original_span_is_not_changed(processor: RedactingSpanProcessor) -> None:
    """Another processor beside this one sees what the application recorded."""
    span = _provider(processor).get_tracer("t").start_span("x", attributes={"a": CARD})
    span.end()

    processor.force_flush()

    assert getattr(span, "attributes", {})["a"] == CARD


def test_redaction_runs_in_the_worker(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """The application's thread only queues."""
    tracer = _provider(processor).get_tracer("t")
    for _ in range(64):
        tracer.start_span("x", attributes={"a": CARD}).end()
    processor.shutdown()

    assert len(exporter.get_finished_spans()) == 64
    assert threading.current_thread().name not in exporter.threads


def test_a_span_that_cannot_be_redacted_leaves_its_skeleton(
    exporter: RecordingExporter,
    processor: RedactingSpanProcessor,
    redactor: Redactor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One bad span never costs its batch, and nothing of it goes out or into a log."""
    whole = redactor.text

    def breaking(text: str, **options: object) -> str:
        if text == "bad":
            raise RuntimeError(CARD)
        return whole(text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(redactor, "text", breaking)
    tracer = _provider(processor).get_tracer("t")
    for name in ("good", "bad", "good"):
        attributes = {semconv.OPERATION_NAME: "chat", "a": CARD, semconv.TENANT_ID: "acme"}
        tracer.start_span(name, attributes=attributes).end()

    processor.force_flush()

    spans = exporter.get_finished_spans()
    bad = dict(spans[1].attributes or {})
    assert [span.name for span in spans] == ["good", "<REDACTION_FAILED>", "good"]
    assert bad[semconv.REDACTION_STATUS] == "partial"
    assert bad[semconv.TENANT_ID] == "acme"
    assert bad[semconv.OPERATION_NAME] == "chat"
    assert "a" not in bad
    assert b"1111" not in encode_spans(spans).SerializeToString()
    assert "1111" not in caplog.text


@pytest.mark.parametrize("error", [None, RuntimeError(CARD)], ids=["refused", "raised"])
def test_a_failed_export_is_counted_and_said(
    redactor: Redactor, error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Lost spans show up in the numbers and in the log, without their content."""
    ledger().restart()
    processor = RedactingSpanProcessor(FailingExporter(error), redactor)
    tracer = _provider(processor).get_tracer("t")
    for _ in range(3):
        tracer.start_span(CARD, attributes={"a": CARD}).end()

    processor.force_flush()

    stats = ledger().snapshot()
    processor.shutdown()
    ledger().restart()
    assert stats == RecorderStats(emitted=3, redacted=3, failed=3)
    assert "3 spans" in caplog.text
    assert "1111" not in caplog.text


def test_a_full_queue_drops_the_oldest_and_counts_them(
    exporter: RecordingExporter, redactor: Redactor, caplog: pytest.LogCaptureFixture
) -> None:
    """The application never waits, and no loss is silent."""
    ledger().restart()
    processor = RedactingSpanProcessor(
        exporter,
        redactor,
        max_queue_size=8,
        max_export_batch_size=8,
        schedule_delay_millis=60_000,
    )
    blocker = _Blocker(processor)
    tracer = _provider(processor).get_tracer("t")
    with blocker, caplog.at_level(logging.CRITICAL):
        for number in range(20):
            tracer.start_span(f"span {number}").end()
    processor.force_flush()

    stats = ledger().snapshot()
    processor.shutdown()
    ledger().restart()
    names = [span.name for span in exporter.get_finished_spans()]
    assert stats.emitted == 20
    assert stats.exported == len(names)
    assert stats.dropped == 20 - len(names) > 0
    assert stats.queued == 0
    assert names[-1] == "span 19"


def test_spans_after_the_end_are_counted_as_lost(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """A span that ends after the shutdown cannot be sent, and is not forgotten."""
    tracer = _provider(processor).get_tracer("t")
    tracer.start_span("early").end()
    processor.shutdown()

    tracer.start_span("late").end()

    stats = ledger().snapshot()
    assert [span.name for span in exporter.get_finished_spans()] == ["early"]
    assert stats == RecorderStats(emitted=2, redacted=1, exported=1, dropped=1)


class _SilentReceiver(SpanExporter):
    """Takes a batch and does not answer until it is told to."""

    def __init__(self) -> None:
        self.has_taken = threading.Event()
        self.may_answer = threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Wait."""
        self.has_taken.set()
        self.may_answer.wait(timeout=60)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is held."""


def test_an_agent_ends_soon_when_its_receiver_does_not_answer(redactor: Redactor) -> None:
    """What was under way and what was queued is accounted for: nothing disappears."""
    ledger().restart()
    receiver = _SilentReceiver()
    processor = RedactingSpanProcessor(
        receiver, redactor, max_export_batch_size=2, last_delivery_s=0.2
    )
    tracer = _provider(processor).get_tracer("t")
    for _ in range(2):
        tracer.start_span("under way").end()
    assert receiver.has_taken.wait(timeout=10)
    for _ in range(3):
        tracer.start_span("queued").end()

    before = time.monotonic()
    processor.shutdown()
    took_s = time.monotonic() - before

    stats = ledger().snapshot()
    receiver.may_answer.set()
    while ledger().snapshot().queued and time.monotonic() < before + 60:
        threading.Event().wait(0.01)
    ledger().restart()
    assert took_s < 5
    assert (stats.emitted, stats.queued, stats.lost) == (5, 2, 3)


def test_spans_that_are_not_sampled_cost_nothing(
    exporter: RecordingExporter, processor: RedactingSpanProcessor
) -> None:
    """They are neither queued nor counted."""
    provider = TracerProvider(sampler=ALWAYS_OFF)
    provider.add_span_processor(processor)
    provider.get_tracer("t").start_span("x").end()

    processor.force_flush()

    assert exporter.get_finished_spans() == ()
    assert ledger().snapshot() == RecorderStats()


def test_the_entry_point_makes_a_redacting_processor(
    exporter: RecordingExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the instrumentation finds by name redacts with the key of the installation."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "a key of at least sixteen characters")
    ledger().restart()
    processor = redacting_span_processor(exporter)
    provider = TracerProvider()
    provider.add_span_processor(processor)
    provider.get_tracer("t").start_span(CARD).end()

    provider.shutdown()

    assert [span.name for span in exporter.get_finished_spans()] == ["<CARD>"]
    ledger().restart()


@pytest.mark.parametrize(
    ("batch", "queue", "most"),
    [(None, None, 64), ("10", None, 10), (None, "5", 5), ("nonsense", None, 512)],
)
def test_batches_are_small_unless_the_environment_says_otherwise(
    exporter: RecordingExporter,
    redactor: Redactor,
    monkeypatch: pytest.MonkeyPatch,
    batch: str | None,
    queue: str | None,
    most: int,
) -> None:
    """A receiver refuses requests above a few megabytes; ``OTEL_BSP_*`` are honoured."""
    for name, value in (("EXPORT_BATCH", batch), ("QUEUE", queue)):
        if value is not None:
            monkeypatch.setenv(f"OTEL_BSP_MAX_{name}_SIZE", value)
    ledger().restart()
    processor = RedactingSpanProcessor(exporter, redactor, schedule_delay_millis=60_000)
    tracer = _provider(processor).get_tracer("t")
    with _Blocker(processor):
        for _ in range(min(600, int(queue or 600))):
            tracer.start_span("x").end()

    processor.shutdown()

    ledger().restart()
    assert max(exporter.sizes) == most


class _Blocker:
    """Keeps the worker from taking spans, as a slow receiver would."""

    def __init__(self, processor: RedactingSpanProcessor) -> None:
        self._lock = processor._inner._batch_processor._export_lock

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _provider(processor: RedactingSpanProcessor) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def _record_everywhere(processor: RedactingSpanProcessor, text: str) -> None:
    """One span with the text in every place a span has."""
    state = TraceState([("vendor", "4111111111111111")])
    context = SpanContext(1, 2, is_remote=True, trace_flags=TraceFlags(1), trace_state=state)
    resource = Resource(
        {
            "service.name": "booking",
            "process.command_line": f"agent.py {text}",
            "process.command_args": ["agent.py", text],
            "team": text,
        }
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer(f"scope {text}", "1.2.3.4", attributes={"scope": text})
    messages = [
        {"role": "user", "parts": [{"type": "text", "content": text}]},
        {
            "role": "assistant",
            "parts": [{"type": "tool_call", "arguments": json.dumps({"note": text, "n": 1})}],
        },
    ]
    span = tracer.start_span(
        f"chat {text}",
        attributes={
            semconv.OPERATION_NAME: "chat",
            semconv.REQUEST_MODEL: "gpt-4o-2024-05-13",
            semconv.INPUT_TOKENS: 4111,
            semconv.INPUT_MESSAGES: json.dumps(messages),
            semconv.TOOL_CALL_ARGUMENTS: json.dumps({"note": text}),
            f"key {text}": 1,
            "plain": text,
            "list": [text, text],
            "map": {"in": {"deep": [text]}, text: 1},
            "bytes": text.encode(),
            "card": 4111111111111111,
            "url.full": f"https://example.com/?q={text}",
            "db.query.text": f"SELECT 1 -- {text}",
        },
        links=[Link(context, {"note": text})],
        start_time=100,
    )
    span.add_event(f"event {text}", {"note": text}, timestamp=150)
    span.record_exception(ValueError(text))
    span.set_status(Status(StatusCode.ERROR, f"failed on {text}"))
    span.end(end_time=200)
