"""A cohort as the store counts it: what it holds, and the sums of every metric."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from trainingloop.cohorts._definition import sql_time
from trainingloop.cohorts._measures import OF_DECISIONS, THUMBS_UP, Measure, of_rule
from trainingloop.statistics import Moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trainingloop.cohorts._cohort import Cohort, TenantReads
    from trainingloop.prices import Prices
    from trainingloop.statistics import Direction

NOTHING = Moments(clusters=0, units=0, total=0, sum_y2=0, sum_m2=0, sum_ym=0)
_BY_ID = {measure.id: measure for measure in (*OF_DECISIONS, THUMBS_UP)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a cohort holds and when."""

    cohort: Cohort
    decisions: int
    conversations: int
    messages: int
    tool_calls: int
    playbook_decisions: int
    first_at: datetime
    last_at: datetime
    duration_ms_p50: float | None
    """Of model calls; None where nobody measured."""
    duration_ms_p95: float | None
    experiments: tuple[str, ...]
    """Experiments its decisions belong to; "" for those that belong to none."""
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric of one cohort."""

    measure: Measure
    by_trait: dict[str, dict[str, Moments]] = field(default_factory=dict[str, dict[str, Moments]])
    """Its sums for each value of each trait of conversations, such as ``channel``."""
    whole: Moments = NOTHING
    pending: int = 0
    """Units whose window has not passed yet; they are in no sum."""
    rule_versions: tuple[str, ...] = ()

    def of(self, trait: str, value: str) -> Moments:
        """Return the sums of the conversations of which ``trait`` is ``value``."""
        return self.by_trait.get(trait, {}).get(value, NOTHING)


def facts_of(reads: TenantReads, cohort: Cohort) -> Facts:
    """Return what ``cohort`` holds, which may be nothing."""
    row: dict[str, Any] = next(reads.table("cohort_facts", cohort.parameters()).records())
    return Facts(
        cohort=cohort,
        decisions=int(row["decisions"]),
        conversations=int(row["conversations"]),
        messages=int(row["messages"]),
        tool_calls=int(row["tool_calls"]),
        playbook_decisions=int(row["playbook_decisions"]),
        first_at=row["first_at"],
        last_at=row["last_at"],
        duration_ms_p50=_number(row["duration_ms_p50"]),
        duration_ms_p95=_number(row["duration_ms_p95"]),
        experiments=tuple(row["experiments"]),
        variants=tuple(row["variants"]),
    )


def measured(
    reads: TenantReads, cohort: Cohort, *, as_of: datetime, prices: Prices
) -> dict[str, Measured]:
    """Return every metric of ``cohort``, by its id.

    Args:
        reads: those of its tenant.
        cohort: what is measured.
        as_of: outcomes whose window ends later are pending; so are those whose window has
            ended since outcomes were last worked out, because of these only an early yes is known.
        prices: what model calls cost where nobody said so.
    """
    binds = cohort.parameters()
    priced = {**binds, **prices.binds_of(reads)}
    until = {**binds, "as_of": sql_time(min(as_of, _last_sweep(reads) or as_of))[:-3]}
    return {
        **_by_metric(reads.table("cohort_outcome_moments", until).records()),
        **_by_metric(reads.table("cohort_vote_moments", binds).records()),
        **_by_metric(reads.table("cohort_decision_moments", priced).records()),
    }


def _last_sweep(reads: TenantReads) -> datetime | None:
    """When the last sweep for outcomes began; None before the first."""
    (row,) = reads.table("outcome_worker").records()
    return cast("datetime", row["newest_started_at"]) if row["sweeps"] else None


def _by_metric(records: Iterable[Mapping[str, object]]) -> dict[str, Measured]:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        rows.setdefault(str(record["metric"]), []).append(record)
    found = (_measured(metric, records) for metric, records in rows.items())
    return {one.measure.id: one for one in found}


def _measured(metric: str, rows: list[Mapping[str, Any]]) -> Measured:
    by_trait: dict[str, dict[str, Moments]] = {}
    for row in rows:
        by_trait.setdefault(str(row["trait_name"]), {})[str(row["trait_value"])] = _moments(row)
    whole = by_trait.pop("all")[""]
    (row,) = (row for row in rows if row["trait_name"] == "all")
    return Measured(
        measure=_measure(metric, row),
        by_trait=by_trait,
        whole=whole,
        pending=int(row.get("pending_units", 0)),
        rule_versions=tuple(row.get("rule_versions", ())),
    )


def _measure(metric: str, row: Mapping[str, Any]) -> Measure:
    if metric in _BY_ID and "metric_unit" not in row:
        return _BY_ID[metric]
    direction = cast("Direction", row["metric_direction"])
    return of_rule(metric, direction=direction, unit=str(row["metric_unit"]))


def _moments(row: Mapping[str, Any]) -> Moments:
    return Moments(
        clusters=int(row["clusters"]),
        units=float(row["units"]),
        total=float(row["total"]),
        sum_y2=float(row["sum_y2"]),
        sum_m2=float(row["sum_m2"]),
        sum_ym=float(row["sum_ym"]),
    )


def _number(value: float) -> float | None:
    return None if value is None or math.isnan(value) else float(value)  # pyright: ignore[reportUnnecessaryComparison]  # JSON has no NaN
