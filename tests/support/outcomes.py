"""Rows of outcomes and their events, for tests of what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from support.spans import START, model_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.store import Store

_COLUMNS: Final = (
    "tenant_id",
    "rule_id",
    "rule_version",
    "decision_id",
    "thread_id",
    "decided_at",
    "cohort",
    "direction",
    "unit",
    "state",
    "ending",
    "is_attributed",
    "event_ids",
    "event_at",
    "matures_at",
    "detected_at",
    "version",
)
_EVENT_COLUMNS: Final = (
    "tenant_id",
    "thread_id",
    "conversation_id",
    "event_id",
    "event_kind",
    "occurred_at",
    "text",
    "reason",
    "target",
    "outcome",
    "value",
    "source",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule says of the decision of a number, whose conversation is ``c-<thread>``."""

    number: int
    state: str
    thread: int = 1
    rule: str = "customer_replied"
    direction: str = "neutral"
    unit: str = "turn"
    ending: str = ""
    cohort: str = "v1"
    hours: float = 24
    """Its window."""
    seconds: float = 0
    """When it was decided, after `START`."""
    event: str = ""
    is_attributed: bool = True
    tenant: str = "default"
    version: int = 1


def decided(
    store: Store, numbers: Sequence[int], *, tenant: str = "default", cohort: str = "v1"
) -> None:
    """Record decisions, each in a conversation of its own number, at `START`."""
    store.insert_spans(
        [
            model_turn(
                number=number,
                text=f"answer {number}",
                conversation=f"c-{number}",
                tenant=tenant,
                more={"trainingloop.cohort": cohort},
            )
            for number in numbers
        ]
    )


def found(store: Store, outcomes: Sequence[Found]) -> None:
    """Store outcomes, as the sweep would."""
    store.append("decision_outcomes", _COLUMNS, [_row(each) for each in outcomes])


def happened(
    store: Store,
    kind: str,
    *,
    event: str,
    thread: int = 1,
    seconds: float = 60,
    text: str = "",
    source: str = "api",
) -> None:
    """Store an event of a conversation."""
    name = f"c-{thread}"
    at = START + timedelta(seconds=seconds)
    row = ("default", name, name, event, kind, at, text, "", "", "", "", source)
    store.append("conversation_events", _EVENT_COLUMNS, [row])


def _row(each: Found) -> tuple[object, ...]:
    at = START + timedelta(seconds=each.seconds)
    is_late: datetime | None = at + timedelta(minutes=1) if each.event else None
    return (
        each.tenant,
        each.rule,
        "1",
        f"{each.number:016x}",
        f"c-{each.thread}",
        at,
        each.cohort,
        each.direction,
        each.unit,
        each.state,
        each.ending,
        int(each.is_attributed),
        [each.event] if each.event else [],
        is_late,
        at + timedelta(hours=each.hours),
        at,
        each.version,
    )
