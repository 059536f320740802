"""Groups what concurrent senders sent into batches, and says when a batch is durable."""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.collector.errors import NotStoredError, OverloadedError
from trainingloop.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from trainingloop.store.encoding import EncodedSpans

_logger = logging.getLogger(__name__)

_RETRY_AFTER_S: Final = 5
_BATCH_BYTES: Final = 32 * 1024**2
_LOOK_AGAIN_S: Final = 0.005


class TakesSpans(Protocol):
    """What the writer needs of a `trainingloop.store.Store`."""

    def insert_encoded(self, blocks: Sequence[EncodedSpans]) -> None:
        """Store spans as one batch; they are durable on return."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterLimits:
    """How much waits, and for how long."""

    batch_rows: int = 4_000
    """A batch is written as soon as it has this many rows."""
    linger_s: float = 1.0
    """How long a smaller batch waits for requests that have arrived and are being converted.

    It waits for nothing else: a request that is alone is written at once.
    """
    pending_rows: int = 50_000
    pending_bytes: int = 256 * 1024**2
    """What may wait in total, in bytes of OTLP, before senders are refused."""


@dataclass(slots=True, kw_only=True)
class _Submission:
    spans: EncodedSpans
    size_bytes: int
    done: Future[None] = field(default_factory=Future[None])


class BatchWriter:
    """One thread that writes; its senders wait on futures."""

    def __init__(self, store: TakesSpans, limits: WriterLimits) -> None:
        self._store = store
        self._limits = limits
        self._queue: queue.SimpleQueue[_Submission | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending_rows = 0
        self._pending_bytes = 0
        self._arriving = 0
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="trainingloop-writer", daemon=True)
        self._thread.start()

    def submit(self, spans: EncodedSpans, *, size_bytes: int) -> Future[None]:
        """Return a future that is done once ``spans`` are durable.

        Raises:
            OverloadedError: too much is waiting already.
        """
        submission = _Submission(spans=spans, size_bytes=size_bytes)
        # From here on it cannot be cancelled by who waits for it.
        submission.done.set_running_or_notify_cancel()
        with self._lock:
            self._refuse_when_full(len(spans), size_bytes)
            self._pending_rows += len(spans)
            self._pending_bytes += size_bytes
            self._queue.put(submission)
        return submission.done

    @contextmanager
    def arriving(self) -> Generator[None]:
        """Have the batch that is being gathered wait for what this block will submit.

        Each batch costs the engine as much as some thousand rows, so company is worth waiting for.
        """
        with self._lock:
            self._arriving += 1
        try:
            yield
        finally:
            with self._lock:
                self._arriving -= 1

    def check_room(self, *, rows: int, size_bytes: int) -> None:
        """Do nothing when that much may be submitted now.

        Raises:
            OverloadedError: too much is waiting already.
        """
        with self._lock:
            self._refuse_when_full(rows, size_bytes)

    def close(self) -> None:
        """Write what is waiting and end."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    def _refuse_when_full(self, rows: int, size_bytes: int) -> None:
        if self._is_closed:
            raise OverloadedError("the collector is stopping: send again", retry_after_s=2)
        is_full = (
            self._pending_rows + rows > self._limits.pending_rows
            or self._pending_bytes + size_bytes > self._limits.pending_bytes
        )
        # A lone request is taken whatever its size: waiting would never make it smaller.
        if is_full and self._pending_rows:
            raise OverloadedError(
                f"{self._pending_rows} spans are waiting to be stored: send again later"
            )

    def _run(self) -> None:
        is_open = True
        while is_open:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            is_open = self._gather(batch)
            self._write(batch)

    def _gather(self, batch: list[_Submission]) -> bool:
        """Add company to ``batch``; False when the end was seen."""
        rows = len(batch[0].spans)
        size_bytes = batch[0].size_bytes
        deadline = time.monotonic() + self._limits.linger_s
        while rows < self._limits.batch_rows and size_bytes < _BATCH_BYTES:
            try:
                submission = self._queue.get(timeout=_LOOK_AGAIN_S if self._arriving else 0)
            except queue.Empty:
                if not self._arriving or time.monotonic() > deadline:
                    return True
                continue
            if submission is None:
                return False
            batch.append(submission)
            rows += len(submission.spans)
            size_bytes += submission.size_bytes
        return True

    def _write(self, batch: list[_Submission]) -> None:
        try:
            self._store.insert_encoded([submission.spans for submission in batch])
        except StoreError as error:
            self._finish(batch, _not_stored(error))
        except Exception as error:  # noqa: BLE001  # the writer outlives whatever one batch holds
            _logger.warning("a batch of %d was not stored: %s", len(batch), type(error).__name__)
            self._write_apart(batch, error)
        else:
            self._finish(batch, None)

    def _write_apart(self, batch: list[_Submission], error: Exception) -> None:
        """Find out whose rows cannot be written, so that the others' are."""
        if len(batch) == 1:
            self._finish(batch, _not_stored(error))
            return
        for submission in batch:
            self._write([submission])

    def _finish(self, batch: list[_Submission], error: NotStoredError | None) -> None:
        with self._lock:
            self._pending_rows -= sum(len(submission.spans) for submission in batch)
            self._pending_bytes -= sum(submission.size_bytes for submission in batch)
        for submission in batch:
            if error is None:
                submission.done.set_result(None)
            else:
                submission.done.set_exception(error)


def _not_stored(error: Exception) -> NotStoredError:
    reason = str(error) if isinstance(error, StoreError) else type(error).__name__
    return NotStoredError(
        f"nothing of this request was stored ({reason}): send again later",
        retry_after_s=_RETRY_AFTER_S,
    )
