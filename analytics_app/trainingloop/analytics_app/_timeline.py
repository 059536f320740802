"""A conversation in the order it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app._format import pause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from trainingloop.analytics_app._records import Thread, ThreadDecision, ThreadEvent, ToolCall

PAUSE: Final = timedelta(minutes=30)
"""From how long on a pause is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The customer wrote."""

    at: datetime
    text: str
    channel: str = ""
    is_derived: bool = False
    """Whether it is known only from what a decision answered."""
    event_id: str = ""
    """The event it was recorded as, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The assistant decided, with the tool calls it asked for."""

    at: datetime
    decision: ThreadDecision
    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A tool ran that no recorded decision asked for."""

    at: datetime
    call: ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The conversation was handed over or closed."""

    at: datetime
    event: ThreadEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Nothing happened for a while."""

    at: datetime
    text: str


Item = Said | Decided | Ran | Happened | Pause


def timeline(thread: Thread) -> list[Item]:
    """Everything that happened in ``thread``, in time order, with dividers where it paused."""
    inbound = [event for event in thread.events if event.kind == "inbound"]
    items: list[Item] = [
        *map(_said, inbound),
        *([] if inbound else _derived(thread.decisions)),
        *(_happenings(thread.events)),
        *(_decisions(thread)),
        *(_stray_calls(thread)),
    ]
    # The sort is stable: what is said at the moment of the decision it led to comes before it.
    items.sort(key=lambda item: item.at)
    return list(_with_pauses(items))


def _said(event: ThreadEvent) -> Said:
    return Said(
        at=event.occurred_at,
        text=event.text,
        channel=event.channel,
        is_derived=event.is_derived,
        event_id=event.event_id,
    )


def _derived(decisions: Sequence[ThreadDecision]) -> Iterator[Said]:
    """The customer's messages as the decisions knew them; one answers many decisions of a turn."""
    last = ""
    for decision in decisions:
        if decision.input_text and decision.input_text != last:
            last = decision.input_text
            yield Said(at=decision.occurred_at, text=last, is_derived=True)


def _happenings(events: Sequence[ThreadEvent]) -> Iterator[Happened]:
    return (
        Happened(at=event.occurred_at, event=event) for event in events if event.kind != "inbound"
    )


def _decisions(thread: Thread) -> Iterator[Decided]:
    calls = _calls_by_owner(thread)
    for decision in thread.decisions:
        own = tuple(calls.get(decision.decision_id, ()))
        yield Decided(at=decision.occurred_at, decision=decision, calls=own)


def _stray_calls(thread: Thread) -> Iterator[Ran]:
    known = {decision.decision_id for decision in thread.decisions}
    for owner, calls in _calls_by_owner(thread).items():
        if owner not in known:
            yield from (Ran(at=call.called_at, call=call) for call in calls)


def _calls_by_owner(thread: Thread) -> dict[str, list[ToolCall]]:
    """The calls by the decision that asked for them, else by the span that ran them."""
    calls: dict[str, list[ToolCall]] = {}
    for call in thread.tool_calls:
        calls.setdefault(call.decision_id or call.execution_id, []).append(call)
    return calls


def _with_pauses(items: Sequence[Item]) -> Iterator[Item]:
    before: datetime | None = None
    for item in items:
        if before is not None and item.at - before >= PAUSE:
            yield Pause(at=item.at, text=f"{pause(item.at - before)} pause")
        before = item.at
        yield item
