"""The clock that spreads a demo over weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from trainingloop.demo._calendar import Calendar, CalendarExporter, to_ns
from trainingloop.instrumentation import semconv

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
START = NOW - timedelta(days=10)


class Ticks:
    """A real clock that a test moves by hand."""

    def __init__(self) -> None:
        self.at = 1_000

    def __call__(self) -> int:
        """Give the time."""
        return self.at


def test_a_conversation_starts_when_it_was_planned() -> None:
    """The clock shows the planned start, whatever the real time is."""
    clock = Calendar(NOW, real_ns=Ticks()).open("c", START)

    assert clock.now_ns() == to_ns(START)


def test_a_jump_moves_what_comes_after_it_only() -> None:
    """Spans that ended before the customer's pause keep their time."""
    ticks = Ticks()
    clock = Calendar(NOW, real_ns=ticks).open("c", START)
    ticks.at += 500
    before = clock.now_ns()
    ticks.at += 500

    has_jumped = clock.jump(120)

    assert has_jumped
    assert clock.shown_ns(1_500) == before
    assert clock.now_ns() >= before + 120 * 1_000_000_000


def test_nothing_happens_after_now() -> None:
    """A pause that would end in the future is refused, and long spans end at now."""
    ticks = Ticks()
    clock = Calendar(NOW, real_ns=ticks).open("c", NOW - timedelta(minutes=1))

    has_jumped = clock.jump(120)
    ticks.at += 10**12

    assert not has_jumped
    assert clock.now_ns() == to_ns(NOW)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 10**9), st.one_of(st.none(), st.floats(0, 10**5))), max_size=30
    )
)
def test_time_never_goes_back(steps: list[tuple[int, float | None]]) -> None:
    """Whatever jumps there are: later in reality is not earlier in the demo."""
    ticks = Ticks()
    clock = Calendar(NOW, real_ns=ticks).open("c", START)
    moments: list[int] = []

    for wait_ns, pause in steps:
        ticks.at += wait_ns + 1
        moments.append(ticks.at)
        if pause is not None:
            ticks.at += 1
            clock.jump(pause)

    shown = [clock.shown_ns(moment) for moment in moments]
    assert shown == sorted(shown)


def test_spans_and_their_events_are_moved_and_nothing_else_changes() -> None:
    """The exporter behind gets the same span at another time."""
    calendar, memory = Calendar(NOW), InMemorySpanExporter()
    calendar.open("c-1", START)
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(CalendarExporter(calendar, memory)))

    with provider.get_tracer("test").start_as_current_span(
        "chat", attributes={semconv.CONVERSATION_ID: "c-1", "kept": 1}
    ) as span:
        span.add_event("noted", {"n": 2})
    provider.shutdown()

    (moved,) = memory.get_finished_spans()
    assert moved.start_time is not None
    assert moved.end_time is not None
    assert to_ns(START) <= moved.start_time <= moved.events[0].timestamp <= moved.end_time
    assert moved.end_time < to_ns(START + timedelta(hours=1))
    assert moved.context == span.get_span_context()
    assert dict(moved.attributes or {}) == {semconv.CONVERSATION_ID: "c-1", "kept": 1}
    assert dict(moved.events[0].attributes or {}) == {"n": 2}


def test_a_span_of_no_conversation_keeps_its_time() -> None:
    """What the demo did not plan is passed on as it is."""
    calendar, memory = Calendar(NOW), InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(CalendarExporter(calendar, memory)))

    with provider.get_tracer("test").start_as_current_span("other") as span:
        pass
    provider.shutdown()

    (kept,) = memory.get_finished_spans()
    assert kept.start_time == getattr(span, "start_time", None)
