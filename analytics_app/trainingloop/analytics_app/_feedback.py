"""What the pages read about feedback, typed: one method for each thing a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from trainingloop.feedback import (
    Agreement,
    ClusterSums,
    PairCounts,
    PanelCounts,
    cohens_kappa,
    krippendorffs_alpha,
    share_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trainingloop.analytics_app._filters import Filters, Period
    from trainingloop.analytics_app._service import Reads
    from trainingloop.feedback import Share

_MOST_PAIRS: Final = 20
# A bucket that holds too few votes has an interval that says nothing.
_MOST_SINGLE_DAYS: Final = timedelta(days=15)
_WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What a reviewer said of a decision at one time."""

    decision_id: str
    reviewer: str
    vote_id: str
    value: int
    """1 up, -1 down, 0 takes back what was said before."""
    reason: str
    note: str
    correction: str
    voted_at: datetime
    is_live: bool
    """Whether it is the newest of its reviewer and not taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackTotals:
    """The figures at the top of the Feedback page."""

    votes: int
    up: int
    down: int
    decisions: int
    conversations: int
    reviewers: int
    corrections: int
    notes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A live vote that says something in words."""

    decision_id: str
    thread_id: str
    cohort: str
    reviewer: str
    value: int
    reason: str
    note: str
    correction: str
    voted_at: datetime
    answer: str
    """What was answered, where there is a correction of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """How far two reviewers agree."""

    reviewer: str
    other: str
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Which decisions wait for a reviewer, as they did at one moment."""

    name: str
    """``unreviewed``, ``escalated``, ``down`` or ``random``."""
    reviewer: str
    as_of: datetime
    seed: int
    limit: int


class Feedback:
    """What people think of one tenant's decisions, for the pages.

    Args:
        reads: the reads of that tenant, straight from a store or through a cache.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def history(self, decision_id: str) -> tuple[Vote, ...]:
        """Every vote that was ever given on a decision, the newest first."""
        rows = self._records("feedback_history", {"decision": decision_id})
        return tuple(_vote({**row, "decision_id": decision_id}) for row in rows)

    def of_thread(self, thread_id: str) -> dict[str, tuple[Vote, ...]]:
        """The live votes on the decisions of a conversation, by decision."""
        found: dict[str, list[Vote]] = {}
        for row in self._records("feedback_votes_of_thread", {"thread": thread_id}):
            vote = _vote({**row, "is_live": True})
            found.setdefault(vote.decision_id, []).append(vote)
        return {decision: tuple(votes) for decision, votes in found.items()}

    def voted(self, decisions: Sequence[str], reviewer: str) -> frozenset[str]:
        """Those of some decisions that a reviewer has a live vote on."""
        if not decisions:
            return frozenset()
        wanted = {"decisions": list(decisions), "reviewers": [reviewer]}
        newest: dict[str, tuple[datetime, str, int]] = {}
        for row in self._records("feedback_votes_of_reviewers", wanted):
            vote = (row["voted_at"], str(row["vote_id"]), int(row["value"]))
            decision = str(row["decision_id"])
            newest[decision] = max(vote, newest.get(decision, vote))
        return frozenset(decision for decision, (_, _, value) in newest.items() if value)

    def queue(self, queue: Queue, filters: Filters, period: Period) -> tuple[str, ...]:
        """The ids of the decisions that wait in ``queue``."""
        asked = {
            **filters.parameters(period),
            "queue": queue.name,
            "reviewer": queue.reviewer,
            "as_of": queue.as_of,
            "seed": queue.seed,
            "limit": queue.limit,
        }
        return tuple(str(row["decision_id"]) for row in self._records("review_queue", asked))

    def totals(self, period: Period) -> FeedbackTotals:
        """The figures of a time range."""
        (row,) = self._records("feedback_totals", period.parameters())
        return FeedbackTotals(**{str(name): int(value) for name, value in row.items()})

    def shares(self, period: Period) -> pd.DataFrame:
        """The share of votes that say something, by measure and version, over the time range."""
        return self._shares(period, days=0)

    def trend(self, period: Period) -> pd.DataFrame:
        """The same by time of the decision, in buckets of `bucket_days`."""
        return self._shares(period, days=bucket_days(period))

    def overall(self, period: Period) -> Share | None:
        """The share of thumbs up among all votes; None when there are none."""
        rows = self._records("feedback_shares", {**period.parameters(), "days": 0})
        # Conversations in more than one version count once in each: a wider interval, if any.
        sums = [_sums(row) for row in rows if row["measure"] == "up"]
        return share_of(
            ClusterSums(
                y=sum(each.y for each in sums),
                m=sum(each.m for each in sums),
                yy=sum(each.yy for each in sums),
                ym=sum(each.ym for each in sums),
                mm=sum(each.mm for each in sums),
                conversations=sum(each.conversations for each in sums),
            )
        )

    def remarks(self, period: Period, *, most: int) -> tuple[Remark, ...]:
        """The newest notes and corrections."""
        asked = {**period.parameters(), "corrected": 0, "limit": most}
        return tuple(map(_remark, self._records("feedback_remarks", asked)))

    def agreement(self, period: Period) -> Agreement:
        """How far all reviewers agree."""
        rows = self._records("feedback_panels", period.parameters())
        panels = [
            PanelCounts(up=int(r["ups"]), down=int(r["downs"]), decisions=int(r["decisions"]))
            for r in rows
        ]
        return krippendorffs_alpha(panels)

    def pairs(self, period: Period) -> tuple[PairAgreement, ...]:
        """How far each two reviewers agree, those who share the most decisions first."""
        asked = {**period.parameters(), "limit": _MOST_PAIRS}
        counts = [_pair(row) for row in self._records("feedback_pairs", asked)]
        return tuple(
            PairAgreement(reviewer=pair.reviewer, other=pair.other, agreement=cohens_kappa(pair))
            for pair in counts
        )

    def _shares(self, period: Period, *, days: int) -> pd.DataFrame:
        rows = self._records("feedback_shares", {**period.parameters(), "days": days})
        columns = (
            *("measure", "version", "bucket", "value", "low", "high"),
            *("votes", "conversations", "decisions"),
        )
        return pd.DataFrame([_share_row(row) for row in rows], columns=list(columns))

    def _records(self, name: str, parameters: Mapping[str, object]) -> Iterable[dict[str, Any]]:
        return self._reads.table(name, parameters).records()


def bucket_days(period: Period) -> int:
    """How many days a point of a trend stands for."""
    return 1 if period.until - period.since <= _MOST_SINGLE_DAYS else _WEEK_DAYS


def _share_row(row: Mapping[str, Any]) -> dict[str, object]:
    share = share_of(_sums(row))
    return {
        "measure": str(row["measure"]),
        "version": str(row["cohort"]) or "no version",
        "bucket": row["bucket"],
        "value": share.value if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "votes": int(row["m_sum"]),
        "conversations": int(row["conversations"]),
        "decisions": int(row["decisions"]),
    }


def _sums(row: Mapping[str, Any]) -> ClusterSums:
    return ClusterSums(
        y=float(row["y_sum"]),
        m=float(row["m_sum"]),
        yy=float(row["yy_sum"]),
        ym=float(row["ym_sum"]),
        mm=float(row["mm_sum"]),
        conversations=int(row["conversations"]),
    )


def _vote(row: Mapping[str, Any]) -> Vote:
    return Vote(
        decision_id=str(row["decision_id"]),
        reviewer=str(row["reviewer"]),
        vote_id=str(row["vote_id"]),
        value=int(row["value"]),
        reason=str(row["reason"]),
        note=str(row["note"]),
        correction=str(row["correction"]),
        voted_at=cast("datetime", row["voted_at"]),
        is_live=bool(row["is_live"]),
    )


def _remark(row: Mapping[str, Any]) -> Remark:
    return Remark(
        decision_id=str(row["decision_id"]),
        thread_id=str(row["thread_id"]),
        cohort=str(row["cohort"]),
        reviewer=str(row["reviewer"]),
        value=int(row["value"]),
        reason=str(row["reason"]),
        note=str(row["note"]),
        correction=str(row["correction"]),
        voted_at=cast("datetime", row["voted_at"]),
        answer=str(row["output_text"]),
    )


def _pair(row: Mapping[str, Any]) -> PairCounts:
    counts = {name: int(row[name]) for name in ("both_up", "up_down", "down_up", "both_down")}
    return PairCounts(reviewer=str(row["reviewer"]), other=str(row["other"]), **counts)
