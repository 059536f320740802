"""Finding the redaction that stands in front of every exporter.

The recorder may not import the processor (imports go one way), so it asks for entry points. Where
there is none, nothing leaves the process.
"""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final, cast

from opentelemetry.sdk._logs import LogRecordProcessor
from opentelemetry.sdk.trace import SpanProcessor

from trainingloop.instrumentation.accounting import ledger
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context
    from opentelemetry.sdk._logs import ReadWriteLogRecord
    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.trace import ReadableSpan, Span
    from opentelemetry.sdk.trace.export import SpanExporter

_logger = logging.getLogger(__name__)

GROUP: Final = "trainingloop_redaction"
SPANS: Final = "spans"
LOGS: Final = "logs"


class WithheldSpans(SpanProcessor):
    """Exports nothing and counts what it holds back."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing to do before the span has ended."""

    def on_end(self, span: ReadableSpan) -> None:
        """Count the span as lost."""
        if span.context is not None and span.context.trace_flags.sampled:
            ledger().add(emitted=1, dropped=1)


class WithheldLogs(LogRecordProcessor):
    """Exports no log record."""

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Forget the record."""

    def shutdown(self) -> None:
        """Nothing is held."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is held."""
        del timeout_millis
        return True


def redacting_span_processor(exporter: SpanExporter) -> SpanProcessor:
    """A processor that redacts and then exports; without redaction one that exports nothing."""
    factory = cast("Callable[[SpanExporter], SpanProcessor]", _load(SPANS))
    try:
        return factory(exporter)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it: export nothing
        _warn("spans", error)
        return WithheldSpans()


def redacting_log_processor(exporter: LogRecordExporter) -> LogRecordProcessor:
    """The same for log records."""
    factory = cast("Callable[[LogRecordExporter], LogRecordProcessor]", _load(LOGS))
    try:
        return factory(exporter)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it: export nothing
        _warn("log records", error)
        return WithheldLogs()


def _load(name: str) -> object:
    """The factory under the name; when it cannot be loaded, one that fails with the reason."""
    found = list(entry_points(group=GROUP, name=name))

    def missing(_exporter: object) -> object:
        raise LookupError(f"no entry point {name!r} in group {GROUP!r}")

    if not found:
        return missing
    try:
        return cast("object", found[0].load())
    except Exception as error:  # noqa: BLE001  # an import may fail in any way
        reason = error

        def broken(_exporter: object) -> object:
            raise reason

        return broken


def _warn(what: str, error: Exception) -> None:
    if isinstance(error, TrainingLoopError):
        # A setting, such as the key file: the message says what to do.
        _logger.warning("No %s will be exported, because they cannot be redacted: %s", what, error)
        return
    _logger.warning(
        "No %s will be exported, because the redaction in front of the exporter could not be "
        "made (%s). It is looked for among the entry points of group %r: reinstall trainingloop.",
        what,
        type(error).__name__,
        GROUP,
    )
