"""Takes votes: looks up their decisions, redacts their words, appends them."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

import orjson

from trainingloop.collector.actions import tenant_of
from trainingloop.feedback._asked import VALUES, asked_votes
from trainingloop.feedback.errors import BadVoteError, UnknownDecisionError
from trainingloop.processor import REDACTION_VERSION, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trainingloop.collector.actions import Action
    from trainingloop.feedback._asked import Asked
    from trainingloop.processor import Redactor
    from trainingloop.store import Reads, Store

_WORDS: Final = {value: word for word, value in VALUES.items()}
_COLUMNS: Final = (
    "tenant_id",
    "decision_id",
    "thread_id",
    "decided_at",
    "cohort",
    "reviewer",
    "vote_id",
    "value",
    "reason",
    "note",
    "correction",
    "source",
    "voted_at",
    "redaction_version",
    "redaction_status",
    "retention_days",
)
_INSTANT: Final = timedelta(microseconds=1)


def _now() -> datetime:
    return datetime.now(UTC)


def feedback_actions(
    store: Store, redactor: Redactor, *, clock: Callable[[], datetime] = _now
) -> dict[str, Action]:
    """Return what can be done about feedback, by its path under ``/api/v1/``.

    ``feedback`` takes a vote, or many under ``votes``: all of them, or none. See
    ``docs/feedback.md`` for the document.

    Args:
        store: where the decisions and their votes are.
        redactor: takes personal data out of notes and corrections.
        clock: tells what time it is, in UTC.
    """
    return {"feedback": _Feedback(store, redactor, clock).take}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """What a vote copies from the decision it is on."""

    decision_id: str
    thread_id: str
    occurred_at: datetime
    cohort: str
    retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vote:
    """A vote as it is stored."""

    decision_id: str
    thread_id: str
    reviewer: str
    vote_id: str
    value: int
    reason: str
    note: str
    correction: str
    voted_at: datetime
    redaction_status: str

    def document(self, *, is_new: bool) -> dict[str, object]:
        """What the sender is answered."""
        return {
            "decision_id": self.decision_id,
            "thread_id": self.thread_id,
            "reviewer": self.reviewer,
            "vote_id": self.vote_id,
            "value": _WORDS[self.value],
            "reason": self.reason,
            "note": self.note,
            "correction": self.correction,
            "voted_at": self.voted_at.isoformat(),
            "redaction_status": self.redaction_status,
            "is_new": is_new,
        }


class _Feedback:
    """Takes votes, one batch after the other."""

    def __init__(self, store: Store, redactor: Redactor, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._redactor = redactor
        self._clock = clock
        # A vote is written after a look at those before it: two at once would not see each other.
        self._lock = threading.Lock()

    def take(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Store the votes of ``document``; they are durable on return.

        Raises:
            BadVoteError: one cannot be understood; none is stored.
            UnknownDecisionError: one is on a decision the tenant does not have; none is stored.
        """
        tenant, now = tenant_of(document), self._clock()
        asked = asked_votes(document, now=now)
        reads = self._store.reads(tenant)
        decisions = _decisions_of(reads, asked)
        with self._lock:
            ballot = _Ballot(self._redactor, tenant, now, _votes_before(reads, asked, decisions))
            taken = [ballot.cast(a, d) for a, d in zip(asked, decisions, strict=True)]
            if ballot.rows:
                self._store.append("decision_feedback", _COLUMNS, ballot.rows)
        return {"votes": taken} if "votes" in document else taken[0]


class _Ballot:
    """The votes of one document, told from those that were stored before."""

    def __init__(
        self, redactor: Redactor, tenant: str, now: datetime, before: Iterable[_Vote]
    ) -> None:
        self.rows: list[Sequence[object]] = []
        """What is to be stored."""
        self._redactor = redactor
        self._tenant = tenant
        self._now = now
        self._known: dict[tuple[str, str, str], _Vote] = {}
        self._newest: dict[tuple[str, str], datetime] = {}
        for vote in before:
            self._remember(vote)

    def cast(self, asked: Asked, decision: _Decision) -> dict[str, object]:
        """Return the answer to one vote; a new one is added to `rows`."""
        vote = self._vote(asked, decision)
        known = self._known.get((vote.decision_id, vote.reviewer, vote.vote_id))
        if known is not None:
            if (known.value, known.reason) != (vote.value, vote.reason):
                raise BadVoteError(
                    "'vote_id' named another vote of this reviewer on this decision before: "
                    "give every vote an id of its own"
                )
            return known.document(is_new=False)
        self._remember(vote)
        self.rows.append(self._row(vote, decision, asked.source))
        return vote.document(is_new=True)

    def _remember(self, vote: _Vote) -> None:
        who = (vote.decision_id, vote.reviewer)
        self._known[*who, vote.vote_id] = vote
        self._newest[who] = max(vote.voted_at, self._newest.get(who, vote.voted_at))

    def _vote(self, asked: Asked, decision: _Decision) -> _Vote:
        report = Report()
        note = self._redacted(asked.note, decision, report)
        correction = self._redacted(asked.correction, decision, report)
        voted_at = asked.voted_at or self._after_all(decision, asked.reviewer)
        parts = (asked.value, asked.reason, note, correction, voted_at.isoformat())
        return _Vote(
            decision_id=decision.decision_id,
            thread_id=decision.thread_id,
            reviewer=asked.reviewer,
            vote_id=asked.vote_id or _digest(decision.decision_id, asked.reviewer, *parts),
            value=asked.value,
            reason=asked.reason,
            note=note,
            correction=correction,
            voted_at=voted_at,
            redaction_status=report.status.value,
        )

    def _after_all(self, decision: _Decision, reviewer: str) -> datetime:
        """Now, or later where a clock that ran ahead stamped the vote before: this one counts."""
        newest = self._newest.get((decision.decision_id, reviewer))
        return self._now if newest is None else max(self._now, newest + _INSTANT)

    def _redacted(self, text: str, decision: _Decision, report: Report) -> str:
        if not text:
            return ""
        thread = decision.thread_id
        return self._redactor.text(text, tenant=self._tenant, conversation=thread, report=report)

    def _row(self, vote: _Vote, decision: _Decision, source: str) -> Sequence[object]:
        return (
            self._tenant,
            vote.decision_id,
            vote.thread_id,
            decision.occurred_at,
            decision.cohort,
            vote.reviewer,
            vote.vote_id,
            vote.value,
            vote.reason,
            vote.note,
            vote.correction,
            source,
            vote.voted_at,
            REDACTION_VERSION,
            vote.redaction_status,
            decision.retention_days,
        )


def _digest(*parts: object) -> str:
    """An id that the same vote gets again; the words in it are redacted ones."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]


def _decisions_of(reads: Reads, asked: Sequence[Asked]) -> list[_Decision]:
    """Return the decision of each vote."""
    by_id, by_response = _by_id(reads, asked), _by_response(reads, asked)
    found: list[_Decision] = []
    for vote in asked:
        named = by_response.get(vote.response_id, []) if vote.response_id else None
        if named is None:
            named = [by_id[vote.decision_id]] if vote.decision_id in by_id else []
        if len(named) > 1:
            raise BadVoteError(
                f"'response_id' names {len(named)} decisions: name the one by its 'decision_id'"
            )
        if not named:
            raise UnknownDecisionError(
                "there is no such decision of this tenant: it may belong to another one, or not "
                "have arrived yet; nothing was stored"
            )
        found += named
    return found


def _by_id(reads: Reads, asked: Sequence[Asked]) -> dict[str, _Decision]:
    wanted = sorted({vote.decision_id for vote in asked} - {""})
    if not wanted:
        return {}
    rows = reads.table("feedback_decisions", {"decisions": wanted}).records()
    return {decision.decision_id: decision for decision in map(_decision, rows)}


def _by_response(reads: Reads, asked: Sequence[Asked]) -> dict[str, list[_Decision]]:
    wanted = sorted({vote.response_id for vote in asked} - {""})
    found: dict[str, list[_Decision]] = {}
    if wanted:
        rows = reads.table("feedback_decisions_by_response", {"responses": wanted}).records()
        for row in rows:
            found.setdefault(str(row["response_id"]), []).append(_decision(row))
    return found


def _decision(row: Mapping[str, object]) -> _Decision:
    return _Decision(
        decision_id=str(row["decision_id"]),
        thread_id=str(row["thread_id"]),
        occurred_at=cast("datetime", row["occurred_at"]),
        cohort=str(row["cohort"]),
        retention_days=int(cast("int", row["retention_days"])),
    )


def _votes_before(
    reads: Reads, asked: Sequence[Asked], decisions: Sequence[_Decision]
) -> list[_Vote]:
    wanted = {
        "decisions": sorted({decision.decision_id for decision in decisions}),
        "reviewers": sorted({vote.reviewer for vote in asked}),
    }
    rows = reads.table("feedback_votes_of_reviewers", wanted).records()
    return [
        _Vote(
            decision_id=str(row["decision_id"]),
            thread_id=str(row["thread_id"]),
            reviewer=str(row["reviewer"]),
            vote_id=str(row["vote_id"]),
            value=int(cast("int", row["value"])),
            reason=str(row["reason"]),
            note=str(row["note"]),
            correction=str(row["correction"]),
            voted_at=cast("datetime", row["voted_at"]),
            redaction_status=str(row["redaction_status"]),
        )
        for row in rows
    ]
