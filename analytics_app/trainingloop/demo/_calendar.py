"""Spreads a demo of seconds over weeks: the spans' times are moved before they leave.

The agent runs through a conversation without waiting. Each conversation has a clock that maps
the real time to the time it is meant to happen at. It goes as fast as the real one, and *jumps*
where a real agent would wait: for the customer's next message, for a model, for a tool. It never
goes back, so that a child stays inside its parent and no span ends before it starts.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from datetime import datetime

_NS: Final = 1_000_000_000


def to_ns(moment: datetime) -> int:
    """Give a moment in nanoseconds since 1970."""
    return int(moment.timestamp() * 1_000_000) * 1_000


class ConversationClock:
    """The time of one conversation: moved by its thread, read by the exporter's."""

    def __init__(self, starts_ns: int, latest_ns: int, real_ns: Callable[[], int]) -> None:
        self._real_ns = real_ns
        self._latest_ns = latest_ns
        self._lock = threading.Lock()
        self._real: list[int] = [real_ns()]
        self._shown: list[int] = [starts_ns]

    def now_ns(self) -> int:
        """Give what this clock shows now."""
        return self.shown_ns(self._real_ns())

    def jump(self, seconds: float) -> bool:
        """Go forward at once, and tell whether that still lies in the past."""
        with self._lock:
            real = self._real_ns()
            shown = self._shown_ns(real) + int(seconds * _NS)
            if shown >= self._latest_ns:
                return False
            self._real.append(real)
            self._shown.append(shown)
            return True

    def shown_ns(self, real_ns: int) -> int:
        """Give what this clock showed at a real moment."""
        with self._lock:
            return self._shown_ns(real_ns)

    def _shown_ns(self, real_ns: int) -> int:
        at = max(0, bisect_right(self._real, real_ns) - 1)
        shown = self._shown[at] + (real_ns - self._real[at])
        return min(shown, self._latest_ns)


_running: ContextVar[ConversationClock | None] = ContextVar("demo_clock", default=None)


@contextmanager
def running(clock: ConversationClock) -> Generator[None]:
    """Let what this thread does in the block take place at this clock's time."""
    token = _running.set(clock)
    try:
        yield
    finally:
        _running.reset(token)


def spend(seconds: float) -> None:
    """Let time pass in the conversation of this thread, without waiting for it."""
    clock = _running.get()
    if clock is not None:
        clock.jump(seconds)


class Calendar:
    """The clocks of all conversations of one demo."""

    def __init__(self, now: datetime, *, real_ns: Callable[[], int] = time.time_ns) -> None:
        self._now_ns = to_ns(now)
        self._real_ns = real_ns
        self._clocks: dict[str, ConversationClock] = {}

    def open(self, conversation_id: str, starts_at: datetime) -> ConversationClock:
        """Give a new conversation its clock; it never shows a time after the demo's now."""
        clock = ConversationClock(to_ns(starts_at), self._now_ns, self._real_ns)
        self._clocks[conversation_id] = clock
        return clock

    def moved(self, span: ReadableSpan) -> ReadableSpan:
        """Give the span at the time it is meant to have happened."""
        clock = self._clocks.get(str((span.attributes or {}).get(semconv.CONVERSATION_ID)))
        if clock is None or span.start_time is None or span.end_time is None:
            return span
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=span.attributes,
            events=[_moved_event(event, clock) for event in span.events],
            links=span.links,
            kind=span.kind,
            status=span.status,
            start_time=clock.shown_ns(span.start_time),
            end_time=clock.shown_ns(span.end_time),
            instrumentation_scope=span.instrumentation_scope,
        )


def _moved_event(event: Event, clock: ConversationClock) -> Event:
    return Event(event.name, event.attributes, clock.shown_ns(event.timestamp))


class CalendarExporter(SpanExporter):
    """Moves every span to its time, then hands it to the exporter behind it."""

    def __init__(self, calendar: Calendar, behind: SpanExporter) -> None:
        self._calendar = calendar
        self._behind = behind

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export the spans at the times they are meant to have happened."""
        return self._behind.export([self._calendar.moved(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the exporter behind this one down."""
        self._behind.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the exporter behind this one."""
        return self._behind.force_flush(timeout_millis)
