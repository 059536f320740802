"""A recorder whose spans the tests can look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from trainingloop.instrumentation import configure, shutdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _known_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine gets into a span, and nothing of a test into the user's files."""
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "a key for tests only")
    monkeypatch.setenv("TRAININGLOOP_CODE_VERSION", "test-1")
    monkeypatch.delenv("TRAININGLOOP_TENANT", raising=False)
    monkeypatch.delenv("OTEL_RESOURCE_ATTRIBUTES", raising=False)
    # Set here so that what the recorder sets by default is undone after the test.
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")


@pytest.fixture
def unredacted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a processor that exports at once in the place of the redaction."""
    monkeypatch.setattr(
        "trainingloop.instrumentation._redaction.redacting_span_processor", SimpleSpanProcessor
    )


@pytest.fixture
def provider() -> Iterator[TracerProvider]:
    """A provider of the test's own."""
    made = TracerProvider(resource=Resource.create({}), shutdown_on_exit=False)
    yield made
    made.shutdown()


@pytest.fixture
def spans(unredacted: None, provider: TracerProvider) -> Iterator[InMemorySpanExporter]:
    """Record through the public door; yields the exporter that keeps every ended span."""
    exporter = InMemorySpanExporter()
    configure(tracer_provider=provider, exporter=exporter)
    yield exporter
    shutdown()
