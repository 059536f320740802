"""Decisions and events as the store keeps them, put straight into its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.store import Store

START: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    """The moment so many hours after `START`."""
    return START + timedelta(hours=hours)


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row of ``decisions``."""

    id: str
    at: datetime
    thread: str = "c-1"
    tenant: str = "acme"
    seconds: float = 0
    kind: str = "message"
    cohort: str = "v1"
    channel: str = "chat"
    prompt_hash: str = "p"
    user_messages: int = 0
    input_text: str = ""
    tools: tuple[str, ...] = ()
    version: int = 0
    is_deleted: bool = False
    ingested_at: datetime = START


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of ``conversation_events``."""

    id: str
    kind: str
    at: datetime
    thread: str = "c-1"
    tenant: str = "acme"
    reason: str = ""
    target: str = ""
    outcome: str = ""
    value: str = ""
    decision_id: str = ""
    source: str = "otlp"
    version: int = 0
    is_deleted: bool = False
    ingested_at: datetime = START


def put(store: Store, rows: Sequence[Decision | Event]) -> None:
    """Store rows, in as few batches as there are tables."""
    store.append(
        "decisions",
        ("tenant_id", "decision_id", "trace_id", "thread_id", "occurred_at", "duration_ns",
         "decision_kind", "cohort", "channel", "prompt_hash", "user_messages", "input_text",
         "tool_names", "version", "is_deleted", "ingested_at"),
        [
            (row.tenant, row.id, row.thread, row.thread, row.at, int(row.seconds * 1e9),
             row.kind, row.cohort, row.channel, row.prompt_hash, row.user_messages,
             row.input_text, list(row.tools), row.version, int(row.is_deleted), row.ingested_at)
            for row in rows if isinstance(row, Decision)
        ],
    )  # fmt: skip
    store.append(
        "conversation_events",
        ("tenant_id", "event_id", "thread_id", "event_kind", "occurred_at", "reason", "target",
         "outcome", "value", "decision_id", "source", "version", "is_deleted", "ingested_at"),
        [
            (row.tenant, row.id, row.thread, row.kind, row.at, row.reason, row.target,
             row.outcome, row.value, row.decision_id, row.source, row.version, int(row.is_deleted),
             row.ingested_at)
            for row in rows if isinstance(row, Event)
        ],
    )  # fmt: skip
