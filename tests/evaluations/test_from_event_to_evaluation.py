"""The whole way: a business tells what came of it, a sweep finds out, another system is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter

from support.otlp import START_NS, chat_attributes, otlp_span, request_of
from support.otlp_sink import otlp_sink
from trainingloop.collector import Pipeline
from trainingloop.collector.events import event_actions
from trainingloop.evaluations._sender import Sender
from trainingloop.instrumentation.keys import Keyring
from trainingloop.outcomes import sweep
from trainingloop.outcomes.rules import load_rules
from trainingloop.processor import Redactor
from trainingloop.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

KEYS = Keyring.of(b"a key for tests only, 32 bytes ok")
DECIDED = datetime.fromtimestamp(START_NS / 1e9, tz=UTC)


def nanoseconds(moment: datetime) -> int:
    """Return a time as a clock gives it."""
    return int(moment.timestamp()) * 10**9


def test_what_a_business_reports_reaches_the_system_that_has_the_traces(tmp_path: Path) -> None:
    """An outcome told over HTTP, found by a sweep, sent once; its correction is sent after it."""
    now = DECIDED + timedelta(days=10)
    redactor = Redactor(key=b"a key for tests only, 32 bytes ok", engine="fast")
    paid = {
        "tenant": "default",
        "conversation_id": "c-1",
        "kind": "outcome",
        "outcome": "order_paid",
        "value": False,
        "id": "payment-1",
        "occurred_at": (DECIDED + timedelta(days=1)).isoformat(),
    }
    with (
        otlp_sink() as sink,
        open_store(f"chdb://{tmp_path / 'store'}") as store,
        Pipeline(store, redactor, keys=KEYS) as pipeline,
    ):
        sender = Sender(
            store, OTLPLogExporter(endpoint=f"{sink.endpoint}/v1/logs"), lambda: nanoseconds(now)
        )
        report = event_actions(pipeline, redactor, keys=KEYS, clock=lambda: nanoseconds(now))
        pipeline.accept(request_of(otlp_span(chat_attributes(), number=1)), source="test")
        report["events"](paid)
        sweep(store, load_rules(None), now)
        is_sent = sender.send_new()
        corrected = {"id": "payment-2", "value": True, "occurred_at": now.isoformat()}
        report["events"](paid | corrected)
        sweep(store, load_rules(None), now + timedelta(minutes=1))
        is_corrected = sender.send_new() and sender.send_new()
        sender.close()

        found = [log for log in sink.logs if "order" in str(log.attributes)]
    assert (is_sent, is_corrected) == (True, True)
    assert [log.attributes["gen_ai.evaluation.score.label"] for log in found] == ["no", "yes"]
    assert {log.span_id for log in found} == {f"{1:016x}"}
