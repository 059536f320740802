"""Reads the outcomes of a decision with what they rest on, and has them put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol, cast

from trainingloop.outcomes._explanation import Evidence, Explanation, OutcomeExplanation
from trainingloop.outcomes._wording import Decided, Judged, headline, sentences
from trainingloop.outcomes.errors import UnknownDecisionError
from trainingloop.outcomes.rules import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.outcomes._rule import Rule, Rules
    from trainingloop.store import Table

_NOT_YET: Final = (
    "Nothing has been worked out for this decision yet: the worker of trainingloop serve does so "
    "within a minute, trainingloop outcomes run at once."
)


class TenantReads(Protocol):
    """The reads of one tenant."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


def explain(
    reads: TenantReads, decision_id: str, now: datetime, rules: Rules = BUILT_IN
) -> Explanation:
    """What came of a decision and why, in words a support lead understands.

    Args:
        reads: the reads of the tenant whose decision it is.
        decision_id: the decision.
        now: the time as of which is spoken.
        rules: what the rules are called; only their titles are taken from here.

    Raises:
        UnknownDecisionError: The tenant has no such decision.
    """
    found = list(reads.table("outcome_explain_decision", {"decision": decision_id}).records())
    if not found:
        raise UnknownDecisionError(
            f"no decision {decision_id!r} is stored here: trainingloop decisions lists their ids"
        )
    decided = _decided(found[0])
    thread = str(found[0]["thread_id"])
    rows = list(
        reads.table("outcome_explain_rows", {"decision": decision_id, "thread": thread}).records()
    )
    context = _context(reads, thread, decided, rows)
    known = _by_id(rules)
    return Explanation(
        decision_id=decision_id,
        thread_id=thread,
        kind=decided.kind,
        decided_at=decided.decided_at,
        ended_at=decided.ended_at,
        outcomes=tuple(
            _explained(row, known.get(rule) or rules.reported(rule), decided, context, now)
            for rule, row in sorted(_by_rule(rows).items(), key=lambda item: _place(item[0], known))
        ),
        note="" if rows else _NOT_YET,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What else happened in the thread."""

    events: Mapping[str, Evidence]
    counted: Mapping[str, str]
    """The next decision that a rule counts, by rule."""


def _context(
    reads: TenantReads, thread: str, decided: Decided, rows: Sequence[Mapping[str, object]]
) -> _Context:
    if not rows:
        return _Context(events={}, counted={})
    ids = sorted({event for row in rows for event in _texts(row["event_ids"])})
    events = reads.table("outcome_explain_events", {"thread": thread, "events": ids})
    after = decided.decided_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    counted = reads.table("outcome_explain_counted", {"thread": thread, "decided_after": after})
    return _Context(
        events={str(record["event_id"]): _evidence(record) for record in events.records()},
        counted={
            str(record["rule_id"]): str(record["decision_id"]) for record in counted.records()
        },
    )


def _explained(
    row: Mapping[str, object], rule: Rule, decided: Decided, context: _Context, now: datetime
) -> OutcomeExplanation:
    evidence = tuple(
        context.events[event] for event in _texts(row["event_ids"]) if event in context.events
    )
    is_attributed = bool(row["is_attributed"])
    matures_at, ending = _time(row["matures_at"]), str(row["ending"])
    judged = Judged(
        decided=decided,
        rule=rule,
        state=str(row["state"]),
        ending=ending,
        is_attributed=is_attributed,
        matures_at=matures_at,
        evidence=evidence[0] if evidence else None,
        ended_by=_ended_by(ending, context, decided, matures_at),
        counted_for="" if is_attributed else context.counted.get(rule.id, ""),
        now=now,
    )
    return OutcomeExplanation(
        rule_id=rule.id,
        rule_version=str(row["rule_version"]),
        title=rule.title,
        direction=str(row["direction"]),
        unit=str(row["unit"]),
        state=judged.state,
        ending=ending,
        is_attributed=is_attributed,
        counted_for=judged.counted_for,
        event_at=None if row["event_at"] is None else _time(row["event_at"]),
        matures_at=matures_at,
        detected_at=_time(row["detected_at"]),
        evidence=evidence,
        headline=headline(judged),
        sentences=sentences(judged),
    )


def _ended_by(ending: str, context: _Context, decided: Decided, until: datetime) -> Evidence | None:
    """The event that tells the ending: the first after the decision, else the last before it."""
    kinds = {"resolved_by_human": ("escalation", "close"), "unknown": (), "": ()}
    fitting = [
        event
        for event in context.events.values()
        if event.kind in kinds.get(ending, ("close",)) and event.occurred_at <= until
    ]
    later = [event for event in fitting if event.occurred_at > decided.decided_at]
    return later[0] if later else (fitting[-1] if fitting else None)


def _decided(record: Mapping[str, object]) -> Decided:
    return Decided(
        kind=str(record["decision_kind"]),
        decided_at=_time(record["occurred_at"]),
        ended_at=_time(record["ended_at"]),
        recorded_at=_time(record["ingested_at"]),
    )


def _evidence(record: Mapping[str, object]) -> Evidence:
    return Evidence(
        event_id=str(record["event_id"]),
        kind=str(record["event_kind"]),
        occurred_at=_time(record["occurred_at"]),
        recorded_at=_time(record["ingested_at"]),
        source=str(record["source"]),
        text=str(record["text"]),
        reason=str(record["reason"]),
        target=str(record["target"]),
        outcome=str(record["outcome"]),
        value=str(record["value"]),
        decision_id=str(record["decision_id"]),
    )


def _by_id(rules: Rules) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules.rules}


def _by_rule(rows: Sequence[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    return {str(row["rule_id"]): row for row in rows}


def _place(rule: str, known: Mapping[str, Rule]) -> tuple[int, str]:
    """Where a rule stands: as in the rules, then the reported outcomes by name."""
    ids = list(known)
    return (ids.index(rule) if rule in known else len(ids), rule)


def _texts(value: object) -> list[str]:
    return [str(item) for item in cast("Sequence[object]", value)]


def _time(value: object) -> datetime:
    moment = cast("datetime", value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
