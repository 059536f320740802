"""Reading decisions page by page, each with its votes and outcomes."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from trainingloop.exports._judged import Judged, OutcomeState, Vote
from trainingloop.exports._selection import ALL
from trainingloop.instrumentation.semconv import RedactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trainingloop.exports._selection import Only, Selection, TenantReads

Row = dict[str, object]

PAGE_DECISIONS: Final = 500
_BEGINNING: Final = "1970-01-01 00:00:00.000000000"
_READS: Final = {
    "all": "export_decisions",
    "up": "export_judged_decisions",
    "outcome": "export_decisions_with_outcome",
}


def judged_pages(
    reads: TenantReads, selection: Selection, only: Only = ALL
) -> Iterator[list[Judged]]:
    """Yield the decisions of a selection, oldest first; memory holds one page."""
    choice = {"rule": only.rule, "state": only.state} if only.by == "outcome" else {}
    for rows in pages(reads, _READS[only.by], selection, choice):
        yield judged(reads, rows)


def corrected_pages(reads: TenantReads, selection: Selection) -> Iterator[list[Judged]]:
    """Yield the decisions whose answer was corrected, oldest first."""
    for rows in pages(reads, "export_corrected_decisions", selection):
        yield judged(reads, rows)


def opposed_pages(
    reads: TenantReads, selection: Selection
) -> Iterator[list[tuple[Judged, Judged]]]:
    """Yield pairs of a liked and a disliked answer to the same question."""
    # A liked answer may be older than the disliked one.
    for rows in pages(reads, "export_opposite_votes", selection, is_seeking=False):
        names = [(str(row["preferred_id"]), str(row["decision_id"])) for row in rows]
        asked = {
            "decisions": sorted({name for pair in names for name in pair}),
            "since": selection.parameters["since"],
            "until": selection.parameters["until"],
        }
        found = list(reads.table("export_decisions_by_id", asked).records())
        by_id = {decision.decision_id: decision for decision in judged(reads, found)}
        # What is deleted between both reads is in no pair.
        yield [
            (by_id[liked], by_id[disliked])
            for liked, disliked in names
            if liked in by_id and disliked in by_id
        ]


def pages(
    reads: TenantReads,
    name: str,
    selection: Selection,
    more: Mapping[str, object] | None = None,
    *,
    is_seeking: bool = True,
) -> Iterator[list[Row]]:
    """Yield the rows of a read that goes on after a time and an id.

    Args:
        reads: the reads of a tenant.
        name: which read.
        selection: which decisions.
        more: binds the read has beside those of a filter.
        is_seeking: whether what lies before the page is of no interest to the read: then it need
            not look at it.
    """
    parameters: Row = {**selection.parameters, **(more or {}), "after_at": _BEGINNING, "after": ""}
    left = selection.most
    while left is None or left > 0:
        limit = PAGE_DECISIONS if left is None else min(left, PAGE_DECISIONS)
        rows = list(reads.table(name, {**parameters, "limit": limit}).records())
        if rows:
            yield rows
        if len(rows) < limit:
            return
        left = None if left is None else left - limit
        moment = exact_time(cast("int", rows[-1]["occurred_at_ns"]))
        parameters |= {"after_at": moment, "after": rows[-1]["decision_id"]}
        if is_seeking:
            parameters["since"] = moment


def judged(reads: TenantReads, rows: Sequence[Row]) -> list[Judged]:
    """Return decisions with their votes and outcomes."""
    if not rows:
        return []
    votes, outcomes = votes_on(reads, rows), _outcomes_of(reads, rows)
    return [
        Judged(
            row=row,
            votes=votes.get(str(row["decision_id"]), ()),
            outcomes=outcomes.get(str(row["decision_id"]), ()),
        )
        for row in rows
    ]


def votes_on(reads: TenantReads, rows: Iterable[Row]) -> dict[str, tuple[Vote, ...]]:
    """Return the live votes by decision, oldest first."""
    found: dict[str, list[Vote]] = {}
    asked = {"decisions": [str(row["decision_id"]) for row in rows]}
    for record in reads.table("export_votes", asked).records():
        found.setdefault(str(record["decision_id"]), []).append(_vote(record))
    return {decision: tuple(votes) for decision, votes in found.items()}


def exact_time(moment_ns: int) -> str:
    """Return a time with its nanoseconds, which a datetime cannot hold."""
    seconds, nanoseconds = divmod(moment_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}.{nanoseconds:09d}"


def span_of(rows: Iterable[Row]) -> dict[str, object]:
    """Return the first and the last moment of decisions, as a read takes them."""
    moments = [cast("int", row["occurred_at_ns"]) for row in rows]
    return {"since": exact_time(min(moments)), "until": exact_time(max(moments))}


def _outcomes_of(reads: TenantReads, rows: Sequence[Row]) -> dict[str, tuple[OutcomeState, ...]]:
    asked = {"decisions": [str(row["decision_id"]) for row in rows], **span_of(rows)}
    records = reads.table("export_outcomes", asked).records()
    return {
        decision: tuple(map(_outcome, group))
        for decision, group in groupby(records, lambda record: str(record["decision_id"]))
    }


def _vote(record: Row) -> Vote:
    is_complete = record["redaction_status"] == RedactionStatus.OK
    return Vote(
        value=cast("int", record["value"]),
        reason=str(record["reason"]),
        correction=str(record["correction"]),
        is_redacted=bool(record["redaction_version"]) and is_complete,
    )


def _outcome(record: Row) -> OutcomeState:
    return OutcomeState(
        rule=str(record["rule_id"]),
        version=str(record["rule_version"]),
        state=str(record["state"]),
        ending=str(record["ending"]),
        is_attributed=bool(record["is_attributed"]),
        matures_at=cast("datetime", record["matures_at"]),
    )
