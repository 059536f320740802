"""A conversation in the order it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trainingloop.analytics_app._records import Thread, ThreadDecision, ThreadEvent, ToolCall
from trainingloop.analytics_app._timeline import Decided, Happened, Pause, Ran, Said, timeline

_START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _at(seconds: float) -> datetime:
    return _START + timedelta(seconds=seconds)


def _decision(number: int, *, seconds: float, heard: str = "") -> ThreadDecision:
    return ThreadDecision(
        decision_id=str(number),
        occurred_at=_at(seconds),
        duration_ms=5,
        kind="message",
        operation="chat",
        model="demo-large",
        cohort="",
        playbook="",
        playbook_rules="",
        status="ok",
        error_type="",
        input_text=heard,
        output_text="hello",
        reason="",
        tool_calls="",
        channel="",
        customer="",
    )


def _event(kind: str, *, seconds: float, is_derived: bool = False) -> ThreadEvent:
    return ThreadEvent(
        event_id=f"{kind}-{seconds}",
        kind=kind,
        occurred_at=_at(seconds),
        text=kind,
        reason="",
        target="",
        outcome="",
        value="",
        channel="",
        is_derived=is_derived,
    )


def _call(*, asked_by: str = "", run_by: str = "", seconds: float = 0) -> ToolCall:
    return ToolCall(
        decision_id=asked_by,
        execution_id=run_by,
        call_id="call-1",
        tool="book",
        arguments="{}",
        result="done",
        status="ok",
        error_type="",
        duration_ms=5,
        called_at=_at(seconds),
        is_executed=bool(run_by),
    )


def _kinds(thread: Thread) -> list[str]:
    return [type(item).__name__ for item in timeline(thread)]


def _thread(
    *decisions: ThreadDecision,
    events: tuple[ThreadEvent, ...] = (),
    calls: tuple[ToolCall, ...] = (),
) -> Thread:
    return Thread(thread_id="c-1", decisions=decisions, events=events, tool_calls=calls)


def test_events_and_decisions_are_in_time_order() -> None:
    """Whatever table they come from."""
    thread = _thread(
        _decision(1, seconds=2),
        events=(_event("inbound", seconds=1), _event("escalation", seconds=3)),
    )

    assert [type(item) for item in timeline(thread)] == [Said, Decided, Happened]


def test_a_call_stands_with_the_decision_that_asked_for_it() -> None:
    """And not a second time where it ran."""
    thread = _thread(_decision(1, seconds=0), calls=(_call(asked_by="1", run_by="2", seconds=9),))

    (decided,) = timeline(thread)

    assert isinstance(decided, Decided)
    assert [call.tool for call in decided.calls] == ["book"]


def test_a_call_that_nobody_recorded_asking_for_stands_where_it_ran() -> None:
    """It is not lost for want of a decision."""
    thread = _thread(_decision(1, seconds=0), calls=(_call(run_by="2", seconds=9),))

    items = timeline(thread)

    assert [type(item) for item in items] == [Decided, Ran]


def test_a_customers_message_is_derived_once() -> None:
    """Several decisions of one turn answer the same message."""
    thread = _thread(
        _decision(1, seconds=0, heard="Is Friday free?"),
        _decision(2, seconds=1, heard="Is Friday free?"),
        _decision(3, seconds=9, heard="Thank you"),
    )

    said = [item for item in timeline(thread) if isinstance(item, Said)]

    assert [(item.text, item.is_derived) for item in said] == [
        ("Is Friday free?", True),
        ("Thank you", True),
    ]
    assert _kinds(thread)[0] == "Said"


def test_nothing_is_derived_where_inbound_messages_were_recorded() -> None:
    """They are the better source."""
    thread = _thread(
        _decision(1, seconds=1, heard="Is Friday free?"), events=(_event("inbound", seconds=0),)
    )

    assert _kinds(thread) == ["Said", "Decided"]


def test_a_long_pause_is_an_item_of_its_own() -> None:
    """A short one is not."""
    thread = _thread(
        _decision(1, seconds=0), _decision(2, seconds=60), _decision(3, seconds=60 + 4 * 3600)
    )

    items = timeline(thread)

    assert [type(item) for item in items] == [Decided, Decided, Pause, Decided]
    assert items[2] == Pause(at=_at(60 + 4 * 3600), text="4 h pause")


def test_a_message_that_the_worker_derived_is_marked_so() -> None:
    """What nobody reported never passes for a recorded message."""
    thread = _thread(events=(_event("inbound", seconds=1, is_derived=True),))

    (said,) = timeline(thread)

    assert isinstance(said, Said)
    assert (said.is_derived, said.event_id) == (True, "inbound-1")
