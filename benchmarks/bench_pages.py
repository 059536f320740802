"""CPU of each read of the pages, over many made-up decisions, their outcomes and votes on them.

``BENCH_DECISIONS`` (or ``--decisions N``) says how many, ``BENCH_DAYS`` how many days are looked at
of the ninety that are filled: the pages look at thirty unless they are told.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measurement import Measurement, median
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.store import Store

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "100000"))
DAYS = int(os.environ.get("BENCH_DAYS", "30"))
ENDS = datetime(2026, 11, 22, tzinfo=UTC)
_SQL = Path(__file__).with_name("sql")
_BATCH = 100_000
_FILLED_DAYS = 90
_RUNS = 5
_FACETS = (
    *("kind", "status", "playbook", "playbook_version", "prompt", "prompt_version", "model"),
    *("code_version", "cohort", "variant", "tool", "channel", "service", "thread", "text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    rule: str
    unit: str
    direction: str
    hours: int


_RULES = (
    _Rule(rule="customer_replied", unit="turn", direction="neutral", hours=24),
    _Rule(rule="no_further_inbound", unit="turn", direction="neutral", hours=72),
    _Rule(rule="escalation_triggered", unit="conversation", direction="bad", hours=72),
    _Rule(rule="order_paid", unit="conversation", direction="good", hours=720),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One read as a page asks for it."""

    page: str
    read: str
    parameters: Mapping[str, object]
    note: str = ""


def run() -> list[Measurement]:
    """Fill a store and read from it what the pages read."""
    folder = Path(tempfile.mkdtemp(prefix="trainingloop-bench-"))
    try:
        with open_store(f"chdb://{folder}") as store:
            fill(store)
            looks = [*_lists(), *_outcomes(), *_feedback(), *_details(store)]
            return [_measured(store, look) for look in looks]
    finally:
        shutil.rmtree(folder)


def fill(store: Store) -> None:
    """Put `DECISIONS` made-up decisions and what came of them into ``store``."""
    decisions = (_SQL / "pages_decisions.sql").read_text()
    for first in range(0, DECISIONS, _BATCH):
        batch = min(_BATCH, DECISIONS - first)
        many = {"first": first, "batch": batch, "decisions": DECISIONS, "ends": ENDS}
        store.execute(decisions, many)
    outcomes = (_SQL / "pages_outcomes.sql").read_text()
    for since in _slices():
        until = since + timedelta(days=3)
        for rule in _RULES:
            found = {
                "since": since,
                "until": until,
                "ends": ENDS,
                "version": 1,
                "rule": rule.rule,
                "unit": rule.unit,
                "direction": rule.direction,
                "hours": rule.hours,
            }
            store.execute(outcomes, found)
    store.execute((_SQL / "pages_votes.sql").read_text(), {})


def _slices() -> Iterator[datetime]:
    # A minute or two of the last conversation lie past the end.
    for days in range(_FILLED_DAYS, -3, -3):
        yield ENDS - timedelta(days=days)


def _measured(store: Store, look: _Look) -> Measurement:
    reads = store.reads("default")
    rows = len(reads.table(look.read, look.parameters).rows)
    spent: list[float] = []
    for _ in range(_RUNS):
        started = time.process_time()
        reads.table(look.read, look.parameters)
        spent.append((time.process_time() - started) * 1000)
    name = " ".join(part for part in (f"{look.page}: {look.read}", look.note) if part)
    note = f"CPU; {rows} rows, {DAYS} days of {DECISIONS:,} decisions"
    return Measurement(name=name, value=median(spent), unit="ms", note=note)


def _filter(**chosen: object) -> dict[str, object]:
    period = {"since": ENDS - timedelta(days=DAYS), "until": ENDS + timedelta(days=1)}
    return {**period, **dict.fromkeys(_FACETS, ""), **chosen}


def _lists() -> Iterator[_Look]:
    for read in (
        *("overview_extent", "overview_totals", "overview_by_day", "overview_by_version"),
        *("tool_call_counts", "loss_by_instance", "redaction_entities"),
    ):
        yield _Look(page="Overview", read=read, parameters=_filter())
    for note, chosen in (("", {}), ("by model", {"model": "small"}), ("by text", {"text": "fri"})):
        listed = _filter(limit=50, offset=0, **chosen)
        yield _Look(page="Decisions", read="decision_count", parameters=listed, note=note)
        yield _Look(page="Decisions", read="decisions", parameters=listed, note=note)
    yield _Look(page="Decisions", read="decision_facets", parameters=_filter())
    yield _Look(page="Conversations", read="threads", parameters=_filter(limit=200))


def _outcomes() -> Iterator[_Look]:
    asked = _filter(
        rule="customer_replied", unit="turn", as_of=ENDS, is_narrowed=0, state="", ending=""
    )
    yield _Look(page="Outcomes", read="outcome_worker", parameters={})
    yield _Look(page="Outcomes", read="outcome_rules", parameters=asked)
    yield _Look(page="Outcomes", read="outcome_first_matures", parameters=asked)
    for by in ("", "day", "week", "cohort"):
        given = {**asked, "by": by}
        yield _Look(page="Outcomes", read="outcome_rates", parameters=given, note=by)
    narrowed = {**asked, "by": "day", "is_narrowed": 1, "model": "small"}
    yield _Look(page="Outcomes", read="outcome_rates", parameters=narrowed, note="day, filtered")
    for by in ("model", "playbook", "prompt", "code"):
        given = {**asked, "by": by}
        yield _Look(page="Outcomes", read="outcome_rates_by_version", parameters=given, note=by)
    silent = {**asked, "rule": "no_further_inbound", "by": "day"}
    yield _Look(page="Outcomes", read="outcome_endings", parameters=silent)
    yield _Look(page="Outcomes", read="outcome_evidence_count", parameters=asked)
    listed = {**asked, "limit": 10, "offset": 0}
    yield _Look(page="Outcomes", read="outcome_evidence", parameters=listed)


def _feedback() -> Iterator[_Look]:
    asked = _filter(corrected=0, limit=20)
    for read in ("feedback_totals", "feedback_remarks", "feedback_pairs", "feedback_panels"):
        yield _Look(page="Feedback", read=read, parameters=asked)
    for note, days in (("all", 0), ("by week", 7)):
        yield _Look(
            page="Feedback", read="feedback_shares", parameters={**asked, "days": days}, note=note
        )
    for queue in ("unreviewed", "escalated", "down", "random"):
        waiting = _filter(queue=queue, reviewer="reviewer 1", as_of=ENDS, seed=7, limit=100)
        yield _Look(page="Review", read="review_queue", parameters=waiting, note=queue)


def _details(store: Store) -> Iterator[_Look]:
    (row,) = store.reads("default").table("decisions", _filter(limit=1, offset=100)).records()
    at = row["occurred_at"]
    assert isinstance(at, datetime)
    around = {"since": at - timedelta(minutes=10), "until": at + timedelta(minutes=10)}
    one = {"decision": row["decision_id"], "thread": row["thread_id"], **around}
    many = {
        "decisions": [row["decision_id"]],
        "threads": [row["thread_id"]],
        "events": [""],
        **around,
    }
    for page, read, asked in (
        ("Outcomes", "outcome_evidence_decisions", many),
        ("Outcomes", "outcome_evidence_events", many),
        ("Decision", "decision", one),
        ("Decision", "outcomes_of_decision", one),
        ("Decision", "tool_calls_of_decisions", many),
        ("Decision", "feedback_history", one),
        ("Conversation", "thread_decisions", one),
        ("Conversation", "thread_events", one),
        ("Conversation", "tool_calls_of_thread", one),
        ("Conversation", "outcomes_of_thread", one),
        ("Conversation", "feedback_votes_of_thread", one),
    ):
        yield _Look(page=page, read=read, parameters=asked)
