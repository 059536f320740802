"""Setting the recorder up: redaction first, and never a harm to the agent."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from trainingloop.instrumentation import (
    configure,
    environment,
    record_inbound,
    recorder_stats,
    semconv,
    shutdown,
)
from trainingloop.instrumentation.accounting import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider


@pytest.fixture(autouse=True)
def _shut_down() -> Iterator[None]:
    yield
    shutdown()
    # What these tests lose on purpose is no news at the end of the test run.
    ledger().restart()


def _redact_with(monkeypatch: pytest.MonkeyPatch, *entry_points: EntryPoint) -> None:
    def found(**_: str) -> tuple[EntryPoint, ...]:
        return entry_points

    monkeypatch.setattr("trainingloop.instrumentation._redaction.entry_points", found)


@pytest.mark.parametrize(
    "entry_points",
    [
        (),
        (EntryPoint("spans", "no_such_package:factory", "trainingloop_redaction"),),
        (EntryPoint("spans", "builtins:len", "trainingloop_redaction"),),
    ],
    ids=["missing", "not importable", "not working"],
)
def test_without_redaction_nothing_is_exported(
    monkeypatch: pytest.MonkeyPatch,
    provider: TracerProvider,
    caplog: pytest.LogCaptureFixture,
    entry_points: tuple[EntryPoint, ...],
) -> None:
    """Whatever is wrong with the redaction: one warning, every span counted as lost, none sent."""
    _redact_with(monkeypatch, *entry_points)
    exporter = InMemorySpanExporter()
    before = recorder_stats()

    with caplog.at_level(logging.WARNING):
        configure(tracer_provider=provider, exporter=exporter, instrument_openai=False)
        record_inbound("hi")
        record_inbound("hi")

    after = recorder_stats()
    assert exporter.get_finished_spans() == ()
    assert (after.emitted - before.emitted, after.dropped - before.dropped) == (2, 2)
    assert len([record for record in caplog.records if "exported" in record.message]) == 1


def test_a_damaged_key_file_is_named_in_the_warning(
    monkeypatch: pytest.MonkeyPatch,
    provider: TracerProvider,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """Nothing is exported, and the log says which line of which file is wrong."""
    file = tmp_path / "redaction.key"
    file.write_text("# trainingloop keys\nacme gone\n")
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY")
    exporter = InMemorySpanExporter()

    with caplog.at_level(logging.WARNING):
        configure(tracer_provider=provider, exporter=exporter, instrument_openai=False)
        record_inbound("hi")

    assert exporter.get_finished_spans() == ()
    assert f"cannot be redacted: line 2 of {file} has 2 fields" in caplog.text


def test_a_second_configure_changes_nothing(
    unredacted: None, provider: TracerProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """Configuring twice neither records twice nor raises; it warns."""
    first, second = InMemorySpanExporter(), InMemorySpanExporter()

    configure(tracer_provider=provider, exporter=first, instrument_openai=False)
    with caplog.at_level(logging.WARNING):
        configure(tracer_provider=provider, exporter=second, instrument_openai=False)
    record_inbound("hi")

    assert len(first.get_finished_spans()) == 1
    assert second.get_finished_spans() == ()
    assert "already configured" in caplog.text


def test_shutdown_ends_the_recording(unredacted: None, provider: TracerProvider) -> None:
    """After shutdown() nothing is recorded, and calling it again is harmless."""
    exporter = InMemorySpanExporter()
    configure(tracer_provider=provider, exporter=exporter, instrument_openai=False)

    shutdown()
    shutdown()
    record_inbound("hi")
    with provider.get_tracer("somebody else").start_as_current_span("theirs") as span:
        stamped = dict(getattr(span, "attributes", {}))

    assert exporter.get_finished_spans() == ()
    assert stamped == {}


def test_the_tenant_of_the_process_is_stamped(
    unredacted: None, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The argument comes before the environment, the environment before the default."""
    monkeypatch.setenv(environment.TENANT, "from the environment")
    exporter = InMemorySpanExporter()

    configure(tracer_provider=provider, exporter=exporter, tenant="acme", instrument_openai=False)
    record_inbound("hi")

    (span,) = exporter.get_finished_spans()
    assert (span.attributes or {})[semconv.TENANT_ID] == "acme"


def test_a_queue_smaller_than_a_batch_still_records(
    monkeypatch: pytest.MonkeyPatch, provider: TracerProvider
) -> None:
    """The batch gives way to the queue; the SDK would refuse the pair of them."""
    monkeypatch.delenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "8")
    exporter = InMemorySpanExporter()
    configure(tracer_provider=provider, exporter=exporter)

    record_inbound("hello")
    provider.force_flush()

    assert [span.name for span in exporter.get_finished_spans()] == ["record inbound"]


def test_a_disabled_sdk_records_nothing(
    unredacted: None, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``OTEL_SDK_DISABLED`` is honoured."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    exporter = InMemorySpanExporter()

    configure(tracer_provider=provider, exporter=exporter)
    record_inbound("hi")

    assert exporter.get_finished_spans() == ()


def test_the_legacy_content_switch_still_captures(
    unredacted: None, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``true`` is what most guides say; the library would warn and capture nothing."""
    monkeypatch.setenv(environment.CAPTURE_CONTENT, "true")

    configure(tracer_provider=provider, exporter=InMemorySpanExporter(), instrument_openai=False)

    assert environment.read(environment.CAPTURE_CONTENT) == "SPAN_ONLY"


def test_a_wrong_endpoint_is_explained_and_hurts_nobody(
    unredacted: None, provider: TracerProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """The warning says what was given and what to do; the agent goes on unrecorded."""
    with caplog.at_level(logging.WARNING):
        configure(endpoint="127.0.0.1:4318", tracer_provider=provider)
        record_inbound("hi")

    assert "'127.0.0.1:4318'" in caplog.text
    assert "http://" in caplog.text


class _BrokenExporter(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        raise RuntimeError("broken on purpose")

    def __init__(self) -> None:
        self._is_broken = True

    def shutdown(self) -> None:
        if self._is_broken:
            self._is_broken = False
            raise RuntimeError("broken on purpose")


def test_a_broken_shutdown_hurts_nobody(
    unredacted: None, provider: TracerProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """An exporter that fails even at the end is reported, not raised."""
    configure(tracer_provider=provider, exporter=_BrokenExporter(), instrument_openai=False)
    before = recorder_stats().errors

    with caplog.at_level(logging.WARNING):
        shutdown()

    assert recorder_stats().errors == before + 1


_LOSING_AGENT = """
    from importlib import metadata
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from trainingloop.instrumentation import _redaction, configure, record_inbound

    _redaction.entry_points = lambda **_: ()
    configure(exporter=InMemorySpanExporter(), instrument_openai=False)
    for _ in range({count}):
        record_inbound("a private text")
"""


@pytest.mark.parametrize(("count", "told"), [(0, False), (3, True)])
def test_loss_is_reported_when_the_process_ends(count: int, *, told: bool) -> None:
    """One line with numbers if anything was lost, and none if not."""
    script = textwrap.dedent(_LOSING_AGENT).format(count=count)

    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    line = f"trainingloop lost {count} of {count} recorded spans: {count} dropped"
    assert (line in finished.stderr) is told
    assert "private text" not in finished.stderr
