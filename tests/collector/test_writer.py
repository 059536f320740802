"""Batches, back-pressure, and stores that fail."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest

from collector.conftest import KEYS
from support.otlp import chat_attributes, otlp_span, request_of
from support.stores import MemoryStore
from trainingloop.collector import Pipeline, WriterLimits
from trainingloop.collector.errors import NotStoredError, OverloadedError
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from trainingloop.processor import Redactor
    from trainingloop.store.encoding import EncodedSpans


def one(number: int) -> ExportTraceServiceRequest:
    """Return a request with one decision."""
    return request_of(otlp_span(chat_attributes(), number=number))


def test_requests_that_come_while_a_batch_is_written_share_the_next_one(
    redactor: Redactor,
) -> None:
    """Each insert costs the engine as much as a thousand rows."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        store.may_insert.clear()
        futures = [pipeline.submit(one(1), source="test")]
        assert store.is_inserting.wait(timeout=10)
        futures += [pipeline.submit(one(number), source="test") for number in range(2, 6)]
        store.may_insert.set()
        outcomes = [future.result(timeout=10) for future in futures]

    assert [outcome.stored for outcome in outcomes] == [1] * 5
    assert [len(batch) for batch in store.batches] == [1, 4]


def test_a_batch_waits_for_a_request_that_is_being_converted(redactor: Redactor) -> None:
    """What has arrived already is worth waiting for, for a moment."""
    store = MemoryStore()
    limits = WriterLimits(linger_s=10)

    with Pipeline(store, redactor, keys=KEYS, limits=limits) as pipeline:
        with pipeline.arriving():
            first = pipeline.submit(one(1), source="test")
            second = pipeline.submit(one(2), source="test")
        first.result(timeout=10)
        second.result(timeout=10)

    assert [len(batch) for batch in store.batches] == [2]


def test_nothing_is_acknowledged_before_it_is_stored(redactor: Redactor) -> None:
    """The answer waits as long as the store does."""
    store = MemoryStore()

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        store.may_insert.clear()
        future = pipeline.submit(one(1), source="test")
        assert store.is_inserting.wait(timeout=10)
        was_done = future.done()
        store.may_insert.set()
        future.result(timeout=10)

    assert not was_done


def test_too_much_waiting_is_refused_and_counted(redactor: Redactor) -> None:
    """A sender is told to come back, before its spans cost anything."""
    store = MemoryStore()
    limits = WriterLimits(pending_rows=1)

    with Pipeline(store, redactor, keys=KEYS, limits=limits) as pipeline:
        store.may_insert.clear()
        future = pipeline.submit(one(1), source="test")
        with pytest.raises(OverloadedError, match="send again later") as caught:
            pipeline.accept(one(2), source="test")
        store.may_insert.set()
        future.result(timeout=10)
        counters = pipeline.counters()

    assert caught.value.retry_after_s >= 1
    assert (counters.stored, counters.refused) == (1, {"overloaded": 1})


def test_a_single_request_above_the_bound_is_taken(redactor: Redactor) -> None:
    """Waiting would never make it smaller."""
    store = MemoryStore()
    request = request_of(*(otlp_span(chat_attributes(), number=n) for n in range(1, 4)))

    with Pipeline(store, redactor, keys=KEYS, limits=WriterLimits(pending_rows=1)) as pipeline:
        outcome = pipeline.accept(request, source="test")

    assert outcome.stored == 3


def test_a_store_that_fails_acknowledges_nothing(redactor: Redactor) -> None:
    """A full disk is the sender's cue to keep what it has; when there is room, it is stored."""
    store = MemoryStore()
    store.failure = StoreUnavailableError("the store's engine refused: 243 NOT_ENOUGH_SPACE")

    with Pipeline(store, redactor, keys=KEYS) as pipeline:
        with pytest.raises(NotStoredError, match="NOT_ENOUGH_SPACE"):
            pipeline.accept(one(1), source="test")
        store.failure = None
        outcome = pipeline.accept(one(1), source="test")
        counters = pipeline.counters()

    assert outcome.stored == 1
    assert (counters.stored, counters.refused) == (1, {"not_stored": 1})


class _PickyStore(MemoryStore):
    """Cannot write batches that hold a certain span."""

    def insert_encoded(self, blocks: Sequence[EncodedSpans]) -> None:
        if any(b"poison" in block.data for block in blocks):
            raise ValueError("secret")
        super().insert_encoded(blocks)


def test_rows_that_cannot_be_written_fail_alone(
    redactor: Redactor, caplog: pytest.LogCaptureFixture
) -> None:
    """The requests they shared a batch with are stored; nothing of them is logged."""
    store = _PickyStore()
    poison = request_of(otlp_span({}, number=9, name="poison"))

    with caplog.at_level(logging.DEBUG), Pipeline(store, redactor, keys=KEYS) as pipeline:
        store.may_insert.clear()
        pipeline.submit(one(1), source="test")
        assert store.is_inserting.wait(timeout=10)
        bad = pipeline.submit(poison, source="test")
        good = pipeline.submit(one(2), source="test")
        store.may_insert.set()
        outcome = good.result(timeout=10)
        error = bad.exception(timeout=10)

    assert outcome.stored == 1
    assert isinstance(error, NotStoredError)
    assert "secret" not in caplog.text
    assert "secret" not in str(error)


def test_closing_stores_what_is_waiting(redactor: Redactor) -> None:
    """A stop loses nothing, and takes nothing new."""
    store = MemoryStore()
    pipeline = Pipeline(store, redactor, keys=KEYS)
    store.may_insert.clear()
    futures = [pipeline.submit(one(number), source="test") for number in (1, 2)]

    closing = threading.Thread(target=pipeline.close)
    closing.start()
    store.may_insert.set()
    closing.join(timeout=10)

    assert [future.result(timeout=10).stored for future in futures] == [1, 1]
    with pytest.raises(OverloadedError):
        pipeline.accept(one(3), source="test")
