"""Log records on their way out: the same care as for spans."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    InMemoryLogRecordExporter,
    LogRecordExporter,
    LogRecordExportResult,
)
from opentelemetry.sdk.resources import Resource

from processor.canaries import CANARIES, Canary
from trainingloop.instrumentation import semconv
from trainingloop.processor import RedactingLogProcessor, Redactor, redacting_log_processor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opentelemetry.sdk._logs import ReadableLogRecord

CARD = "4111 1111 1111 1111"


class FailingLogExporter(LogRecordExporter):
    """An exporter that breaks."""

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Fail."""
        raise RuntimeError(CARD)

    def shutdown(self) -> None:
        """Nothing is held."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is held."""
        return True


@pytest.fixture
def exporter() -> InMemoryLogRecordExporter:
    """Where records arrive."""
    return InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]  # unannotated in the SDK


@pytest.fixture
def processor(
    exporter: InMemoryLogRecordExporter, redactor: Redactor
) -> Iterator[RedactingLogProcessor]:
    """The processor under test."""
    processor = RedactingLogProcessor(exporter, redactor)
    yield processor
    processor.shutdown()


@pytest.mark.parametrize("canary", CANARIES, ids=str)
def test_a_canary_in_every_part_of_a_record_is_in_no_byte_that_leaves(
    exporter: InMemoryLogRecordExporter, processor: RedactingLogProcessor, canary: Canary
) -> None:
    """Body, attributes, names, resource and scope are searched as the bytes that are sent."""
    _emit(processor, canary.text)

    processor.force_flush()

    records = exporter.get_finished_logs()
    body = encode_logs(records).SerializeToString()
    assert len(records) == 1
    assert canary.planted.encode() not in body
    assert json.dumps(canary.planted)[1:-1].encode() not in body


def test_a_record_keeps_its_structure_and_carries_its_proof(
    exporter: InMemoryLogRecordExporter, processor: RedactingLogProcessor
) -> None:
    """Times, ids and severity are those of the original; the counts are beside them."""
    _emit(processor, CARD)

    processor.force_flush()

    (record,) = (log.log_record for log in exporter.get_finished_logs())
    attributes = dict(record.attributes or {})
    assert record.timestamp == 100
    assert record.trace_id == 1
    assert record.span_id == 2
    assert record.severity_number is SeverityNumber.INFO
    assert record.body == {"content": "<CARD>", "parts": ["<CARD>", {"x": "<CARD>"}]}
    assert json.loads(str(attributes["json"])) == {"a": "<CARD>"}
    assert attributes[semconv.REDACTION_STATUS] == "ok"


def test_the_original_record_is_not_changed(processor: RedactingLogProcessor) -> None:
    """Another processor beside this one sees what the application logged."""
    record = _emit(processor, CARD)

    processor.force_flush()

    assert CARD in repr(record.body)


def test_a_record_that_cannot_be_redacted_leaves_its_skeleton(
    exporter: InMemoryLogRecordExporter,
    processor: RedactingLogProcessor,
    redactor: Redactor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Time and severity survive; nothing of the content goes out or into a log."""

    def breaking(*_: object, **__: object) -> object:
        raise RuntimeError(CARD)

    monkeypatch.setattr(redactor, "attribute", breaking)
    _emit(processor, CARD)

    processor.force_flush()

    (record,) = (log.log_record for log in exporter.get_finished_logs())
    assert record.body == "<REDACTION_FAILED>"
    assert (record.attributes or {})[semconv.REDACTION_STATUS] == "partial"
    assert "1111" not in caplog.text


def test_a_failed_export_is_said_without_content(
    redactor: Redactor, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log learns how many records are missing, not what was in them."""
    processor = RedactingLogProcessor(FailingLogExporter(), redactor)
    _emit(processor, CARD)

    processor.force_flush()
    processor.shutdown()

    assert "1 log records" in caplog.text
    assert "1111" not in caplog.text


def test_the_entry_point_makes_a_redacting_processor(
    exporter: InMemoryLogRecordExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the instrumentation finds by name redacts with the key of the installation."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "a key of at least sixteen characters")
    processor = redacting_log_processor(exporter)
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(processor)
    provider.get_logger("t").emit(LogRecord(body=CARD))

    processor.shutdown()

    assert [log.log_record.body for log in exporter.get_finished_logs()] == ["<CARD>"]


def _emit(processor: RedactingLogProcessor, text: str) -> LogRecord:
    provider = LoggerProvider(resource=Resource({"team": text}), shutdown_on_exit=False)
    provider.add_log_record_processor(processor)
    record = LogRecord(
        timestamp=100,
        observed_timestamp=101,
        severity_number=SeverityNumber.INFO,
        severity_text=f"info {text}",
        body={"content": text, "parts": [text, {"x": text}]},
        attributes={"json": json.dumps({"a": text}), f"key {text}": 1},
        event_name=f"event {text}",
    )
    record.trace_id, record.span_id = 1, 2
    provider.get_logger(f"scope {text}", attributes={"scope": text}).emit(record)
    return record
