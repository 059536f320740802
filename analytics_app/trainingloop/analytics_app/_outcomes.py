"""Everything the pages read of outcomes, typed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from trainingloop.analytics_app._outcomes_records import (
    NO_FURTHER_INBOUND,
    Evidence,
    EvidenceEvent,
    Outcome,
    Rate,
    SeenRule,
    Waiting,
    Worker,
)
from trainingloop.statistics import Moments, rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trainingloop.analytics_app._filters import Period
    from trainingloop.analytics_app._outcomes_records import Part, Question, Step
    from trainingloop.analytics_app._service import Reads

_SUMS: Final = ("clusters", "units", "total", "sum_y2", "sum_m2", "sum_ym")


class Outcomes:
    """What came of the decisions of one tenant, for the pages.

    Args:
        reads: the reads of that tenant, straight from a store or through a cache.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def worker(self) -> Worker:
        """Whether outcomes are being worked out, and as of when."""
        (row,) = self._records("outcome_worker", {})
        return Worker(
            has_swept=bool(row["sweeps"]),
            newest_started_at=row["newest_started_at"],
            has_outcomes=bool(row["has_outcomes"]),
        )

    def rules(self, period: Period) -> tuple[SeenRule, ...]:
        """The rules that have said something in a time range."""
        return tuple(
            SeenRule(
                rule_id=str(row["rule_id"]),
                direction=str(row["rule_direction"]),
                unit=str(row["rule_unit"]),
                versions=tuple(row["rule_versions"]),
                outcomes=int(row["outcomes"]),
            )
            for row in self._records("outcome_rules", period.parameters())
        )

    def rate(self, question: Question) -> Rate | None:
        """How often it came true in all; None when there is nothing to count at all."""
        rates = self._rates("outcome_rates", question, "")
        return rates[0] if rates else None

    def rates_over_time(self, question: Question, step: Step) -> tuple[Rate, ...]:
        """How often it came true, day by day or week by week."""
        return self._rates("outcome_rates", question, step)

    def rates_by_version(self, question: Question, part: Part) -> tuple[Rate, ...]:
        """How often it came true by version, the most used first."""
        read = "outcome_rates" if part == "cohort" else "outcome_rates_by_version"
        found = self._rates(read, question, part)
        return tuple(sorted(found, key=lambda each: -(each.estimate.n + each.pending)))

    def waiting(self, question: Question) -> Waiting:
        """What is not known yet."""
        (row,) = self._records("outcome_first_matures", question.parameters())
        return Waiting(
            pending=int(row["pending"]),
            first_matures_at=row["first_matures_at"],
            overdue=int(row["overdue"]),
        )

    def endings(self, question: Question, step: Step) -> pd.DataFrame:
        """How conversations ended, day by day or week by week."""
        asked = {**question.parameters(), "rule": NO_FURTHER_INBOUND, "by": step}
        table = self._reads.table("outcome_endings", asked)
        return pd.DataFrame(list(table.rows), columns=list(table.columns))

    def evidence_count(self, question: Question, *, state: str, ending: str) -> int:
        """How many decisions are behind a rate; "" leaves all states and endings."""
        asked = {**question.parameters(), "state": state, "ending": ending}
        (row,) = self._records("outcome_evidence_count", asked)
        return int(row["decisions"])

    def evidence(
        self, question: Question, *, state: str, ending: str, number: int, rows: int
    ) -> tuple[Evidence, ...]:
        """One page of the decisions behind a rate, newest first; pages count from 1."""
        limits = {"limit": rows, "offset": (number - 1) * rows}
        asked = {**question.parameters(), "state": state, "ending": ending, **limits}
        return self.with_evidence(tuple(map(_outcome, self._records("outcome_evidence", asked))))

    def with_evidence(self, outcomes: Sequence[Outcome]) -> tuple[Evidence, ...]:
        """``outcomes`` with what was said before them and what came after."""
        if not outcomes:
            return ()
        said = self._said(outcomes)
        events = self._events(outcomes)
        return tuple(_evidence(outcome, said, events) for outcome in outcomes)

    def of_decision(self, decision_id: str, decided_at: datetime) -> tuple[Outcome, ...]:
        """What came of one decision, by rule."""
        asked = {"decision": decision_id, **_around([decided_at])}
        return tuple(map(_outcome, self._records("outcomes_of_decision", asked)))

    def of_thread(
        self, thread_id: str, *, first_at: datetime, last_at: datetime
    ) -> tuple[Outcome, ...]:
        """What came of the decisions of a conversation, which lie between two times."""
        asked = {"thread": thread_id, **_around([first_at, last_at])}
        return tuple(map(_outcome, self._records("outcomes_of_thread", asked)))

    def known_of(self, decided: Mapping[str, datetime]) -> dict[str, tuple[str, ...]]:
        """By decision, what is known to have come of it, such as ``customer_replied: yes``.

        Args:
            decided: when each of the decisions that are asked for was made.
        """
        if not decided:
            return {}
        asked = {"decisions": sorted(decided), **_around(list(decided.values()))}
        found: dict[str, tuple[str, ...]] = {}
        for row in self._records("outcomes_of_decisions", asked):
            name = str(row["decision_id"])
            found[name] = (*found.get(name, ()), f"{row['rule_id']}: {row['state']}")
        return found

    def _rates(self, read: str, question: Question, by: str) -> tuple[Rate, ...]:
        rows = self._records(read, {**question.parameters(), "by": by})
        return tuple(map(_rate, rows))

    def _said(self, outcomes: Sequence[Outcome]) -> dict[str, Mapping[str, Any]]:
        ids = sorted({outcome.decision_id for outcome in outcomes})
        asked = {"decisions": ids, **_around([outcome.decided_at for outcome in outcomes])}
        rows = self._records("outcome_evidence_decisions", asked)
        return {str(row["decision_id"]): row for row in rows}

    def _events(self, outcomes: Sequence[Outcome]) -> dict[str, EvidenceEvent]:
        events = sorted({name for outcome in outcomes for name in outcome.event_ids})
        if not events:
            return {}
        threads = sorted({outcome.thread_id for outcome in outcomes})
        rows = self._records("outcome_evidence_events", {"threads": threads, "events": events})
        return {str(row["event_id"]): _event(row) for row in rows}

    def _records(self, name: str, parameters: Mapping[str, object]) -> Iterable[dict[str, Any]]:
        return self._reads.table(name, parameters).records()


def _around(times: Sequence[datetime]) -> dict[str, object]:
    """A range that holds ``times``: the store keeps nanoseconds, which Python cuts off."""
    second = timedelta(seconds=1)
    return {"since": min(times) - second, "until": max(times) + second}


def _rate(row: Mapping[str, Any]) -> Rate:
    sums = {name: row[name] for name in _SUMS}
    return Rate(
        name=str(row["name"]),
        version=str(row["version"]),
        estimate=rate(Moments(**sums)),
        yes=int(row["total"]),
        pending=int(row["pending"]),
    )


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(
        decision_id=str(row["decision_id"]),
        thread_id=str(row["thread_id"]),
        decided_at=row["decided_at"],
        rule_id=str(row["rule_id"]),
        rule_version=str(row["rule_version"]),
        cohort=str(row["cohort"]),
        direction=str(row["direction"]),
        unit=str(row["unit"]),
        state=str(row["state"]),
        ending=str(row["ending"]),
        is_attributed=bool(row["is_attributed"]),
        event_ids=tuple(row["event_ids"]),
        event_at=cast("datetime | None", row["event_at"]),
        matures_at=row["matures_at"],
    )


def _event(row: Mapping[str, Any]) -> EvidenceEvent:
    return EvidenceEvent(
        event_id=str(row["event_id"]),
        kind=str(row["event_kind"]),
        occurred_at=row["occurred_at"],
        text=str(row["text_preview"]),
        reason=str(row["reason"]),
        target=str(row["target"]),
        outcome=str(row["outcome"]),
        value=str(row["value"]),
        is_derived=row["source"] == "derived",
    )


def _evidence(
    outcome: Outcome,
    said: Mapping[str, Mapping[str, Any]],
    events: Mapping[str, EvidenceEvent],
) -> Evidence:
    row = said.get(outcome.decision_id, {})
    return Evidence(
        outcome=outcome,
        decision_kind=str(row.get("decision_kind", "")),
        input_preview=str(row.get("input_preview", "")),
        output_preview=str(row.get("output_preview", "")),
        tool_names=tuple(row.get("tool_names", ())),
        events=tuple(events[name] for name in outcome.event_ids if name in events),
    )
