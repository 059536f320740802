"""The span processor that redacts in its export worker, and accounts for every span."""

from __future__ import annotations

import itertools
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from opentelemetry.sdk.environment_variables import (
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    OTEL_BSP_MAX_QUEUE_SIZE,
)
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.accounting import LAST_DELIVERY_S, ledger
from trainingloop.processor._clone import Cloner
from trainingloop.processor._redactor import Redactor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.trace import ReadableSpan, Span
    from opentelemetry.trace import SpanContext

_logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 64
"""Receivers refuse requests above a few megabytes, and one model call can be 100 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ticket:
    """A span in the queue, with its number: a gap between numbers is a span that was lost."""

    span: ReadableSpan
    number: int
    context: SpanContext | None


class RedactingSpanProcessor(SpanProcessor):
    """Queues ended spans; a worker thread redacts copies of them and gives those to an exporter.

    The application's thread only appends to a bounded queue. The originals are never changed:
    another processor beside this one still sees them as they are, and redacts nothing.
    ``OTEL_BSP_*`` configure queue and delay; the default batch is 64 spans.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        redactor: Redactor | None = None,
        *,
        max_queue_size: int | None = None,
        schedule_delay_millis: float | None = None,
        max_export_batch_size: int | None = None,
        last_delivery_s: float = LAST_DELIVERY_S,
    ) -> None:
        """Start the worker.

        Args:
            exporter: Receives redacted spans only.
            redactor: Default: one with the key of this installation.
            max_queue_size: Beyond it the oldest span is dropped, and counted.
            schedule_delay_millis: How long a span waits for company.
            max_export_batch_size: How many spans go out at once.
            last_delivery_s: How long the shutdown may take, whatever the receiver does.
        """
        self._last_delivery_s = last_delivery_s
        self._exporter = _RedactingExporter(exporter, redactor or Redactor())
        self._numbers = itertools.count()
        self._process_id = os.getpid()
        self._is_shut_down = False
        self._inner = BatchSpanProcessor(
            self._exporter,
            max_queue_size=max_queue_size,
            schedule_delay_millis=schedule_delay_millis,
            max_export_batch_size=batch_size(
                max_export_batch_size,
                max_queue_size,
                (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BSP_MAX_QUEUE_SIZE),
            ),
        )

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing to do before the span has ended."""

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span; never raises, never waits."""
        if span.context is None or not span.context.trace_flags.sampled:
            return
        if self._is_shut_down:
            ledger().add(emitted=1, dropped=1)
            return
        if os.getpid() != self._process_id:
            self._start_over()
        ledger().add(emitted=1, queued=1)
        ticket = _Ticket(span=span, number=next(self._numbers), context=span.context)
        # The batch processor only looks at the context and hands the object on.
        self._inner.on_end(cast("ReadableSpan", ticket))

    def shutdown(self) -> None:
        """Export what is queued, then stop; what could not be exported in time is counted."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        end_within(self._inner, self._last_delivery_s)
        self._exporter.settle(next(self._numbers))

    def force_flush(self, timeout_millis: int | None = None) -> bool:
        """Export what is queued now, and wait for it."""
        return self._inner.force_flush(timeout_millis)

    def _start_over(self) -> None:
        """In the child of a fork: the parent accounts for what was in the queue."""
        self._process_id = os.getpid()
        self._numbers = itertools.count()
        self._exporter.start_over()


class _RedactingExporter(SpanExporter):
    """Redacts in the thread it is called from, which is the batch processor's worker."""

    def __init__(self, inner: SpanExporter, redactor: Redactor) -> None:
        self._inner = inner
        self._cloner = Cloner(redactor)
        self.start_over()

    def start_over(self) -> None:
        """Forget the numbers of earlier spans."""
        self._taken = 0
        self._dropped = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Redact and export one batch; never raises."""
        tickets = cast("Sequence[_Ticket]", spans)
        self._taken += len(tickets)
        self.settle(max(ticket.number for ticket in tickets) + 1)
        redacted = self._redacted(tickets)
        result = self._exported(redacted)
        # Queued until here: the process may end while a receiver lets us wait.
        count = len(redacted)
        if result is SpanExportResult.SUCCESS:
            ledger().add(exported=count, queued=-count)
        else:
            ledger().add(failed=count, queued=-count)
        return result

    def settle(self, issued: int) -> None:
        """Count as lost what has a number below ``issued`` and never arrived here.

        The queue gives up its oldest span first, so whatever is missing will not come later. Two
        threads may swap neighbours; the next batch then takes the difference back.
        """
        dropped = issued - self._taken
        newly = dropped - self._dropped
        if newly:
            self._dropped = dropped
            ledger().add(dropped=newly, queued=-newly)

    def shutdown(self) -> None:
        """Stop the exporter."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Let the exporter send what it holds itself."""
        return self._inner.force_flush(timeout_millis)

    def _redacted(self, tickets: Sequence[_Ticket]) -> list[ReadableSpan]:
        stats = ledger().snapshot()
        stamps = {semconv.RECORDER_EMITTED: stats.emitted, semconv.RECORDER_DROPPED: stats.lost}
        redacted: list[ReadableSpan] = []
        self._prepare(tickets)
        for ticket in tickets:
            copy = self._copy(ticket.span, stamps)
            if copy is not None:
                redacted.append(copy)
        dropped = len(tickets) - len(redacted)
        ledger().add(redacted=len(redacted), dropped=dropped, queued=-dropped)
        return redacted

    def _prepare(self, tickets: Sequence[_Ticket]) -> None:
        try:
            self._cloner.prepare(ticket.span for ticket in tickets)
        except Exception as error:  # noqa: BLE001  # each span is still redacted by itself
            _logger.warning("A batch could not be looked at first (%s).", type(error).__name__)
            ledger().add(errors=1)

    def _copy(self, span: ReadableSpan, stamps: dict[str, int]) -> ReadableSpan | None:
        """A redacted copy, else a skeleton, else nothing: one bad span never costs the others."""
        for make in (self._cloner.span, self._cloner.skeleton):
            try:
                return make(span, stamps)
            except Exception as error:  # noqa: BLE001  # anything may be wrong with a span
                # The type only: the message of an error may quote what it choked on.
                _logger.warning("A span could not be redacted (%s).", type(error).__name__)
                ledger().add(errors=1)
        return None

    def _exported(self, spans: list[ReadableSpan]) -> SpanExportResult:
        if not spans:
            return SpanExportResult.SUCCESS
        try:
            result = self._inner.export(spans)
        except Exception as error:  # noqa: BLE001  # an exporter may fail in any way
            _logger.warning(
                "%d spans could not be exported (%s).", len(spans), type(error).__name__
            )
            return SpanExportResult.FAILURE
        if result is not SpanExportResult.SUCCESS:
            _logger.warning("%d spans were not accepted by their receiver.", len(spans))
        return result


def end_within(processor: BatchSpanProcessor | BatchLogRecordProcessor, seconds: float) -> None:
    """Shut a processor down, and wait for its last deliveries no longer than that.

    Its own shutdown waits half a minute for a receiver that is not there; an agent ends sooner.
    """
    batches = processor._batch_processor  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # the only door to its time limit
    batches.shutdown(timeout_millis=round(seconds * 1000))


def batch_size(
    given: int | None, max_queue_size: int | None, variables: tuple[str, str]
) -> int | None:
    """The batch to ask the SDK for: ours, unless a caller or the environment says otherwise."""
    if given is not None or os.environ.get(variables[0]):
        return given
    queue = max_queue_size or os.environ.get(variables[1], "")
    # The SDK refuses a batch larger than the queue, and reports a queue that is no number.
    if isinstance(queue, str):
        queue = int(queue) if queue.isdigit() else BATCH_SIZE
    return min(BATCH_SIZE, queue) or None


def redacting_span_processor(exporter: SpanExporter) -> SpanProcessor:
    """The processor for an exporter; the entry point ``trainingloop_redaction`` names it."""
    return RedactingSpanProcessor(exporter)
