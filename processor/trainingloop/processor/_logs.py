"""The log record processor that redacts in its export worker."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor,
    LogRecordExporter,
    LogRecordExportResult,
)
from opentelemetry.sdk.environment_variables import (
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE,
    OTEL_BLRP_MAX_QUEUE_SIZE,
)

from trainingloop.instrumentation.accounting import LAST_DELIVERY_S
from trainingloop.processor._clone import Cloner
from trainingloop.processor._redactor import Redactor
from trainingloop.processor._spans import batch_size, end_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk._logs import LogRecordProcessor, ReadableLogRecord

_logger = logging.getLogger(__name__)


class RedactingLogProcessor(BatchLogRecordProcessor):
    """Queues log records; a worker thread redacts copies of them and exports those.

    Body, attributes, resource and scope are redacted, also records of GenAI events. ``OTEL_BLRP_*``
    configure queue and delay; the default batch is 64 records.
    """

    def __init__(
        self,
        exporter: LogRecordExporter,
        redactor: Redactor | None = None,
        *,
        max_queue_size: int | None = None,
        schedule_delay_millis: float | None = None,
        max_export_batch_size: int | None = None,
    ) -> None:
        """Start the worker; the arguments are those of `RedactingSpanProcessor`."""
        super().__init__(
            _RedactingLogExporter(exporter, redactor or Redactor()),
            max_queue_size=max_queue_size,
            schedule_delay_millis=schedule_delay_millis,
            max_export_batch_size=batch_size(
                max_export_batch_size,
                max_queue_size,
                (OTEL_BLRP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_QUEUE_SIZE),
            ),
        )

    def shutdown(self) -> None:
        """Export what is queued, as far as that is possible soon, then stop."""
        end_within(self, LAST_DELIVERY_S)


class _RedactingLogExporter(LogRecordExporter):
    """Redacts in the thread it is called from, which is the batch processor's worker."""

    def __init__(self, inner: LogRecordExporter, redactor: Redactor) -> None:
        self._inner = inner
        self._cloner = Cloner(redactor)

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        """Redact and export one batch; never raises."""
        redacted = [copy for copy in map(self._copy, batch) if copy is not None]
        try:
            result = self._inner.export(redacted)
        except Exception as error:  # noqa: BLE001  # an exporter may fail in any way
            _warn(len(redacted), type(error).__name__)
            return LogRecordExportResult.FAILURE
        if result is not LogRecordExportResult.SUCCESS:
            _warn(len(redacted), "not accepted")
        return result

    def shutdown(self) -> None:
        """Stop the exporter."""
        self._inner.shutdown()  # type: ignore[no-untyped-call]  # the SDK leaves it unannotated

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Let the exporter send what it holds itself."""
        return self._inner.force_flush(timeout_millis)

    def _copy(self, record: ReadableLogRecord) -> ReadableLogRecord | None:
        for make in (self._cloner.record, self._cloner.record_skeleton):
            try:
                return make(record)
            except Exception as error:  # noqa: BLE001  # anything may be wrong with a record
                # The type only: the message of an error may quote what it choked on.
                _logger.warning("A log record could not be redacted (%s).", type(error).__name__)
        return None


def _warn(count: int, reason: str) -> None:
    _logger.warning("%d log records could not be exported (%s).", count, reason)


def redacting_log_processor(exporter: LogRecordExporter) -> LogRecordProcessor:
    """The processor for an exporter; the entry point ``trainingloop_redaction`` names it."""
    return RedactingLogProcessor(exporter)
