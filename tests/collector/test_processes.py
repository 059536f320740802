"""Converting in processes of their own: the same decisions, and what happens when one dies."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from collector.conftest import KEYS
from support.otlp import chat_attributes, otlp_span, request_of
from support.stores import MemoryStore
from trainingloop.collector import Pipeline
from trainingloop.collector.errors import NotStoredError
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from trainingloop.processor import Redactor


def one(number: int) -> ExportTraceServiceRequest:
    """Return a request with one decision that holds personal data."""
    answer = "Write to rider@example.com or call +1 415 555 0100"
    return request_of(otlp_span(chat_attributes(answer), number=number))


def children() -> set[int]:
    """Return the processes this one has started and not seen end."""
    listed = Path("/proc/self/task").glob("*/children")
    return {int(child) for names in listed for child in names.read_text().split()}


@pytest.fixture
def store() -> MemoryStore:
    """A store that remembers rows."""
    return MemoryStore()


@pytest.fixture
def pipeline(store: MemoryStore, redactor: Redactor) -> Iterator[Pipeline]:
    """A pipeline that converts in one other process."""
    if not Path("/proc/self/task").exists():
        pytest.skip("processes are found by way of /proc")
    with Pipeline(store, redactor, keys=KEYS, processes=1) as opened:
        yield opened


def test_another_process_makes_the_rows_this_one_would(
    store: MemoryStore, pipeline: Pipeline, redactor: Redactor
) -> None:
    """Redacted with the same key, to the same tokens."""
    here = MemoryStore()

    with Pipeline(here, redactor, keys=KEYS) as alone:
        alone.accept(one(1), source="test")
    pipeline.accept(one(1), source="test")

    assert store.rows == here.rows
    assert "rider" not in str(store.rows)


def test_rejected_spans_are_counted_across_processes(pipeline: Pipeline) -> None:
    """What the other process found comes back with the rows."""
    spans = (otlp_span({}, number=1), otlp_span({"trainingloop.tenant.id": "a b"}, number=2))

    outcome = pipeline.accept(request_of(*spans), source="test")

    assert (outcome.stored, outcome.rejected) == (1, 1)
    assert pipeline.counters().rejected == {"tenant": 1}


def test_a_process_that_was_killed_is_replaced(store: MemoryStore, pipeline: Pipeline) -> None:
    """Between two requests nobody notices, and what was acknowledged stays."""
    before = children()
    pipeline.accept(one(1), source="test")

    for child in before:
        os.kill(child, signal.SIGKILL)
    outcomes = [_sent(pipeline, number) for number in range(2, 5)]

    assert outcomes.count(False) <= 1
    assert len(store.rows) == 1 + outcomes.count(True)


def test_a_process_that_dies_over_a_request_acknowledges_nothing(
    store: MemoryStore, pipeline: Pipeline
) -> None:
    """The sender is told to send again; the next request gets a new process."""
    pipeline.accept(one(1), source="test")
    (child,) = children()

    os.kill(child, signal.SIGSTOP)
    answers: list[bool] = []
    sender = threading.Thread(target=lambda: answers.append(_sent(pipeline, 2)))
    sender.start()
    os.kill(child, signal.SIGKILL)
    sender.join(timeout=30)
    next_one = pipeline.accept(one(3), source="test")
    counters = pipeline.counters()

    assert next_one.stored == 1
    assert len(store.rows) == 2 + answers.count(True)
    assert counters.stored == len(store.rows)
    assert counters.refused == ({} if answers == [True] else {"not_stored": 1})


def test_closing_ends_the_processes(store: MemoryStore, redactor: Redactor) -> None:
    """Nothing is left behind, and nothing is taken any more."""
    before = children()
    pipeline = Pipeline(store, redactor, keys=KEYS, processes=2)
    pipeline.accept(one(1), source="test")
    started = children() - before

    pipeline.close()

    assert len(started) == 2
    assert children() == before


def test_a_store_that_fails_is_told_as_ever(store: MemoryStore, pipeline: Pipeline) -> None:
    """Converted elsewhere or here, it is durable or it is refused."""
    store.failure = StoreUnavailableError("no space")

    with pytest.raises(NotStoredError, match="no space"):
        pipeline.accept(one(1), source="test")

    assert not store.rows


def _sent(pipeline: Pipeline, number: int) -> bool:
    """Whether a request was acknowledged."""
    try:
        return pipeline.accept(one(number), source="test").stored == 1
    except NotStoredError:
        return False
