"""``record_outcome``: what came of a conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from trainingloop.instrumentation import conversation, record_outcome, semconv

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


@pytest.mark.parametrize(("value", "told"), [(True, "yes"), (False, "no")])
def test_an_outcome_is_an_event_of_its_conversation(
    spans: InMemorySpanExporter, value: bool, told: str
) -> None:
    """It names itself, says whether it came about, and which decision it is about."""
    with conversation("c-1", tenant="acme"):
        record_outcome("order_paid", value, event_id="o-1", decision_id="00000000000000ff")

    (span,) = spans.get_finished_spans()
    found = {
        name.removeprefix("trainingloop.event."): found
        for name, found in (span.attributes or {}).items()
        if name.startswith("trainingloop.event.")
    }
    assert span.name == "record outcome"
    assert (span.attributes or {})[semconv.CONVERSATION_ID] == "c-1"
    assert found == {
        "kind": "outcome",
        "id": "o-1",
        "outcome": "order_paid",
        "value": told,
        "decision_id": "00000000000000ff",
    }


def test_an_outcome_may_be_told_later(spans: InMemorySpanExporter) -> None:
    """The span is at the time it came about; without a decision it names none."""
    paid_at = datetime(2026, 11, 20, 10, tzinfo=UTC)

    with conversation("c-1"):
        record_outcome("order_paid", occurred_at=paid_at)

    (span,) = spans.get_finished_spans()
    assert span.start_time == span.end_time == int(paid_at.timestamp()) * 10**9
    assert semconv.EVENT_DECISION_ID not in (span.attributes or {})
    assert (span.attributes or {})[semconv.EVENT_VALUE] == "yes"
