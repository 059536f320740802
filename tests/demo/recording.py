"""One recorded demo, as it came over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from support.otlp_sink import otlp_sink
from trainingloop.demo import DemoSummary, run_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SEED: Final = 7
CONVERSATIONS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a demo said it did, and what arrived of it."""

    summary: DemoSummary
    spans: tuple[Span, ...]
    payload: bytes
    progress: tuple[tuple[int, int], ...]

    def texts(self, attribute: str) -> list[str]:
        """Give the values of one text attribute, in an order that no thread can change."""
        return sorted(
            pair.value.string_value
            for span in self.spans
            for pair in span.attributes
            if pair.key == attribute
        )


def record(conversations: int = CONVERSATIONS, seed: int = SEED) -> Recording:
    """Run a demo into a receiver of its own."""
    progress: list[tuple[int, int]] = []
    with otlp_sink() as sink:
        summary = run_demo(
            endpoint=sink.endpoint,
            conversations=conversations,
            seed=seed,
            progress=lambda done, total: progress.append((done, total)),
            now=NOW,
        )
    return Recording(
        summary=summary,
        spans=tuple(_spans(sink.bodies)),
        payload=b"".join(sink.bodies),
        progress=tuple(progress),
    )


def text_of(span: Span, attribute: str) -> str:
    """Give a text attribute of a span, or an empty text."""
    found = (pair.value.string_value for pair in span.attributes if pair.key == attribute)
    return next(found, "")


def _spans(bodies: list[bytes]) -> Iterator[Span]:
    for body in bodies:
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in group.scope_spans:
                yield from scope.spans
