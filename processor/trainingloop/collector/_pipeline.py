"""From an OTLP request to durable decisions."""

from __future__ import annotations

import time
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, Self

from trainingloop.collector._counters import Counters, Tally
from trainingloop.collector._processes import ConvertingProcesses, Converts
from trainingloop.collector._settler import Settler, Settles
from trainingloop.collector._spans import Converter, Rejection
from trainingloop.collector._writer import BatchWriter, TakesSpans, WriterLimits
from trainingloop.collector.errors import NotStoredError, OverloadedError, RefusedError
from trainingloop.instrumentation.environment import TENANT_RULE, is_tenant
from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.instrumentation.keys import load_keyring

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from contextlib import AbstractContextManager

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from trainingloop.collector._second_net import Redacts
    from trainingloop.instrumentation.keys import Keyring
    from trainingloop.store import Reads
    from trainingloop.store.address import StoreAddress


class SpanStore(TakesSpans, Settles, Protocol):
    """What the collector needs of a `trainingloop.store.Store`."""

    @property
    def address(self) -> StoreAddress:
        """Where it is."""
        ...

    def ping(self) -> None:
        """Do nothing when the engine answers, else raise a StoreUnavailableError."""
        ...

    def tenants(self) -> list[str]:
        """Return the tenants that have recorded anything."""
        ...

    def reads(self, tenant: str) -> Reads:
        """Return the reads of ``tenant``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one request."""

    stored: int
    rejected: int = 0
    message: str = ""
    """Why spans were rejected, for the sender; empty when none were."""


class Pipeline:
    """Normalises, redacts and stores requests. Threads may share it.

    Args:
        store: where decisions go.
        redactor: the second net; a `trainingloop.processor.Redactor`.
        default_tenant: whose spans are that name no tenant.
        keys: make the pseudonyms of customers; those of this installation when not given.
        limits: how much waits for the store, and how long.
        processes: how many others convert; 0 converts in the thread that submits.
        clock: nanoseconds since 1970.
    """

    def __init__(
        self,
        store: SpanStore,
        redactor: Redacts,
        *,
        default_tenant: str = "default",
        keys: Keyring | None = None,
        limits: WriterLimits | None = None,
        processes: int = 0,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        if not is_tenant(default_tenant):
            raise ConfigurationError(f"{default_tenant!r} is no tenant: use {TENANT_RULE}")
        self.store: Final = store
        self._tally = Tally()
        self.converting_threads: Final = processes + 1
        """How many threads are worth submitting with: each process and the next request."""
        converter = Converter(
            redactor, keys=keys or load_keyring(), default_tenant=default_tenant, clock=clock
        )
        self._processes = ConvertingProcesses(converter, processes) if processes else None
        self._converter: Converts = self._processes or converter
        self._writer = BatchWriter(store, limits or WriterLimits())
        self._settler = Settler(store, self._tally)

    def accept(self, request: ExportTraceServiceRequest, *, source: str) -> Outcome:
        """Store what ``request`` holds and return once that is durable.

        Args:
            request: spans, redacted or not.
            source: who hands it over, for the counters, such as ``http`` or ``import``.

        Raises:
            OverloadedError: too much is waiting; nothing was stored.
            NotStoredError: the store failed; send it again, duplicates collapse.
        """
        return self.submit(request, source=source).result()

    def submit(self, request: ExportTraceServiceRequest, *, source: str) -> Future[Outcome]:
        """Convert ``request`` and return what will become of it.

        Raises:
            OverloadedError: too much is waiting; nothing will be stored.
            NotStoredError: the process that converted it died; nothing will be stored.
        """
        size_bytes = request.ByteSize()
        spans = sum(
            len(scope_spans.spans)
            for resource_spans in request.resource_spans
            for scope_spans in resource_spans.scope_spans
        )
        self._tally.receive(source, spans)
        with self._counting_refusals(spans):
            # Before the work of converting; the writer looks again when it takes the rows.
            self._writer.check_room(rows=spans, size_bytes=size_bytes)
        with self._counting_refusals(spans):
            converted = self._converter.convert(request)
        stored, rejected = len(converted.spans), converted.rejected.total()
        outcome = Outcome(stored=stored, rejected=rejected, message=_told(converted.rejected))
        self._tally.reject({reason.name.lower(): n for reason, n in converted.rejected.items()})
        self._tally.add(caught=converted.caught, failures=converted.failures)
        promise: Future[Outcome] = Future()
        promise.set_running_or_notify_cancel()
        if not stored:
            promise.set_result(outcome)
            return promise
        with self._counting_refusals(stored):
            done = self._writer.submit(converted.spans, size_bytes=size_bytes)
        done.add_done_callback(
            lambda done: self._answer(promise, done, outcome, converted.has_tool_calls)
        )
        return promise

    def arriving(self) -> AbstractContextManager[None]:
        """Have the next batch wait for the request that is submitted within, for a moment."""
        return self._writer.arriving()

    def settle(self) -> None:
        """Count each tool call once, now; this happens by itself within about a second."""
        self._settler.settle()

    def counters(self) -> Counters:
        """Return what became of every span so far."""
        return self._tally.snapshot()

    def count_malformed(self) -> None:
        """Count a request that could not be read."""
        self._tally.add(malformed=1)

    def close(self) -> None:
        """Store what is waiting, settle, and end. The store stays open."""
        self._writer.close()
        if self._processes:
            self._processes.close()
        self._settler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _counting_refusals(self, spans: int) -> Generator[None]:
        try:
            yield
        except RefusedError as error:
            self._tally.refuse(_refusal(error), spans)
            raise

    def _answer(
        self,
        promise: Future[Outcome],
        done: Future[None],
        outcome: Outcome,
        has_tool_calls: bool,
    ) -> None:
        error = done.exception()
        if error is not None:
            self._tally.refuse(_refusal(error), outcome.stored)
            promise.set_exception(error)
            return
        self._tally.add(stored=outcome.stored)
        if has_tool_calls:
            self._settler.wake()
        promise.set_result(outcome)


def _refusal(error: BaseException) -> str:
    if isinstance(error, OverloadedError):
        return "overloaded"
    return "not_stored" if isinstance(error, NotStoredError) else "failed"


def _told(rejected: Mapping[Rejection, int]) -> str:
    """Return the reasons as a sentence; it quotes nothing of the spans."""
    if not rejected:
        return ""
    reasons = "; ".join(f"{count} with {reason.value}" for reason, count in rejected.items())
    return f"{sum(rejected.values())} spans were rejected: {reasons}"
