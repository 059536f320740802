"""Decisions with what came of them, put straight into a store's tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from trainingloop.store import Reads, Store

START = datetime(2026, 10, 1, 12, tzinfo=UTC)
"""When the first decision of a history is made, unless it is told."""
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""As of when cohorts are compared, unless they are told."""


@dataclass(kw_only=True)
class History:
    """What one tenant recorded; nothing is in the store before `write`."""

    store: Store
    tenant: str
    _known: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    _decisions: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    _outcomes: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    _votes: list[dict[str, object]] = field(default_factory=list[dict[str, object]])

    @property
    def reads(self) -> Reads:
        """The reads of this tenant."""
        return self.store.reads(self.tenant)

    def decide(
        self, thread: str, *, cohort: str = "", at: datetime = START, **columns: object
    ) -> str:
        """Add a decision and return its id."""
        decision = f"{self.tenant}-{len(self._known)}"
        self._known[decision] = {
            "tenant_id": self.tenant,
            "decision_id": decision,
            "trace_id": decision,
            "thread_id": thread,
            "conversation_id": thread,
            "occurred_at": at,
            "duration_ns": 0,
            "decision_kind": "message",
            "operation": "chat",
            "cohort": cohort,
            "status": "ok",
            **columns,
        }
        self._decisions.append(self._known[decision])
        return decision

    def outcome(
        self,
        decision: str,
        rule: str,
        state: str,
        *,
        direction: str = "good",
        unit: str = "conversation",
        matures: timedelta = timedelta(days=3),
        is_attributed: bool = True,
        **columns: object,
    ) -> None:
        """Add what came of a decision, by one rule."""
        decided = self._known[decision]
        at = cast("datetime", decided["occurred_at"])
        self._outcomes.append(
            {
                "tenant_id": self.tenant,
                "rule_id": rule,
                "rule_version": "1",
                "decision_id": decision,
                "thread_id": decided["thread_id"],
                "decided_at": at,
                "cohort": decided["cohort"],
                "direction": direction,
                "unit": unit,
                "state": state,
                "ending": "",
                "is_attributed": int(is_attributed),
                "matures_at": at + matures,
                "detected_at": at,
                "version": 1,
                **columns,
            }
        )

    def vote(self, decision: str, value: int, *, reviewer: str = "r", number: int = 0) -> None:
        """Add a vote on a decision; 0 takes it back."""
        decided = self._known[decision]
        self._votes.append(
            {
                "tenant_id": self.tenant,
                "decision_id": decision,
                "thread_id": decided["thread_id"],
                "decided_at": decided["occurred_at"],
                "reviewer": reviewer,
                "vote_id": f"{reviewer}-{number}",
                "value": value,
                "voted_at": START + timedelta(minutes=number),
            }
        )

    def group(
        self,
        cohort: str,
        conversations: int,
        yes: int,
        *,
        at: datetime | None = None,
        **columns: object,
    ) -> None:
        """Add conversations of one decision each, the first ``yes`` of them with a good outcome."""
        for number in range(conversations):
            thread = f"{cohort}-{columns.get('channel', '')}-{number}"
            moment = at or START + timedelta(hours=number)
            decision = self.decide(thread, cohort=cohort, at=moment, **columns)
            self.outcome(decision, "paid", "yes" if number < yes else "no")

    def write(self) -> Reads:
        """Put all of it into the store, and return the tenant's reads."""
        for table, rows in (
            ("decisions", self._decisions),
            ("decision_outcomes", self._outcomes),
            ("decision_feedback", self._votes),
        ):
            # Rows may differ in their columns: a default of the table stands for the others.
            shapes = dict.fromkeys(tuple(row) for row in rows)
            for columns in shapes:
                found = [list(row.values()) for row in rows if tuple(row) == columns]
                self.store.append(table, columns, found)
            rows.clear()
        return self.reads
