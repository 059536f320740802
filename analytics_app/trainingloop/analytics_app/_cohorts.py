"""What the Cohorts page reads and shows, typed; the arithmetic of its tables and charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pandas as pd

from trainingloop.analytics_app._format import count
from trainingloop.cohorts import (
    amount_of,
    automatic_cohorts,
    compare_cohorts,
    saved_cohorts,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trainingloop.analytics_app._filters import Period
    from trainingloop.analytics_app._service import Reads
    from trainingloop.cohorts import (
        AutomaticCohort,
        ComparedMetric,
        Measure,
        Report,
        SavedCohort,
        TraitMix,
    )
    from trainingloop.statistics import Estimate

_PERCENT: Final = 100.0
_ORDERED: Final = frozenset({"weekday", "hours"})
_MOST_PAIRED: Final = 50
_SEPARATORS: Final = re.compile(r"[_.-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A cohort one can choose."""

    name: str
    """As `trainingloop.cohorts.find_cohort` takes it."""
    label: str
    conversations: int
    began_at: datetime | None = None
    """Of an automatic cohort."""


class Cohorts:
    """The cohorts of one tenant, for the page.

    Args:
        reads: the reads of that tenant, straight from a store or through a cache.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def choices(self, period: Period) -> tuple[Choice, ...]:
        """Return the automatic cohorts of a time range, then every saved one."""
        automatic = automatic_cohorts(self._reads, since=period.since, until=period.until)
        saved = saved_cohorts(self._reads)
        return (*map(_automatic, automatic), *map(_saved, saved))

    def compare(self, a: str, b: str, period: Period, *, metric: str = "", now: datetime) -> Report:
        """Compare two cohorts in a time range, as of ``now``.

        Raises:
            CohortError: they cannot be compared, and why.
        """
        return compare_cohorts(
            self._reads,
            a,
            b,
            # To the minute, so that the caches of the pages can keep the answer.
            as_of=now.replace(second=0, microsecond=0),
            since=period.since,
            until=period.until,
            primary=metric,
        )


def likely_pair(choices: Iterable[Choice]) -> tuple[str, str] | None:
    """Return the names of the two automatic cohorts one most likely wants to compare.

    Two versions of the same thing, which have a tag that begins alike, with the most
    conversations; the one that began earlier first.
    """
    automatic = [one for one in choices if one.began_at]
    pairs = [
        sorted((one, other), key=lambda choice: (choice.began_at, choice.name))
        for one, other in combinations(automatic[:_MOST_PAIRED], 2)
    ]
    if not pairs:
        return None
    first, second = max(pairs, key=lambda pair: _likelihood(*pair))
    return first.name, second.name


def _likelihood(one: Choice, other: Choice) -> tuple[bool, int]:
    families = [_SEPARATORS.split(choice.name)[0] for choice in (one, other)]
    return families[0] == families[1], min(one.conversations, other.conversations)


def metric_rows(report: Report) -> pd.DataFrame:
    """Return every metric as a row of texts."""
    return pd.DataFrame([_metric_row(one) for one in report.metrics])


def differences(report: Report, *, of_rates: bool) -> pd.DataFrame:
    """Return the differences that have an interval, for one axis.

    Those of rates in percentage points, those of amounts in percent of A: else no two of them
    could stand on one axis.
    """
    rows: list[dict[str, object]] = []
    for one in report.metrics:
        is_rate = one.measure.kind == "rate"
        unit = _PERCENT if is_rate else _share_of(one.comparison.a)
        fixed, sequential = one.comparison.difference, one.comparison.sequential
        if is_rate is of_rates and unit and fixed.value is not None and fixed.has_interval:
            rows.append(
                {
                    "metric": one.measure.name,
                    "value": fixed.value * unit,
                    "low": _scaled(fixed.low, unit),
                    "high": _scaled(fixed.high, unit),
                    "sequential_low": _scaled(sequential.low, unit),
                    "sequential_high": _scaled(sequential.high, unit),
                    "verdict": one.comparison.verdict,
                    "words": one.comparison.words,
                }
            )
    return pd.DataFrame(rows)


def days(report: Report) -> pd.DataFrame:
    """Return the primary metric by day and cohort; a rate in percent."""
    primary = report.metrics[0].measure
    unit = _PERCENT if primary.kind == "rate" else 1.0
    labels = {False: f"A: {report.a.cohort.label}", True: f"B: {report.b.cohort.label}"}
    return pd.DataFrame(
        {
            "day": pd.Timestamp(day.day, tz="UTC"),
            "cohort": labels[day.is_b],
            "conversations": day.conversations,
            "value": _scaled(day.primary.value, unit),
            "low": _scaled(day.primary.low, unit),
            "high": _scaled(day.primary.high, unit),
            "counted": day.primary.n,
        }
        for day in report.days
    )


def mix_rows(found: TraitMix, primary: Measure) -> pd.DataFrame:
    """Return the values of a trait: shares in percent, and the primary metric with its n.

    Times are in their order, other values by how frequent they are.
    """
    rows = list(found.mix.rows)
    if found.trait not in _ORDERED:
        rows.sort(key=lambda row: -(row.a_clusters + row.b_clusters))
    return pd.DataFrame(
        {
            "value": row.name,
            "a_share": _scaled(row.a_share, _PERCENT),
            "b_share": _scaled(row.b_share, _PERCENT),
            "a": _with_count(primary, row.a),
            "b": _with_count(primary, row.b),
        }
        for row in rows
    )


def side_rows(report: Report) -> pd.DataFrame:
    """Return what each cohort holds, and when."""
    return pd.DataFrame(
        {
            "cohort": f"{letter}: {side.cohort.label}",
            "conversations": side.conversations,
            "decisions": side.decisions,
            "messages": side.messages,
            "tool_calls": side.tool_calls,
            "playbook_decisions": side.playbook_decisions,
            "duration_ms_p50": side.duration_ms_p50,
            "duration_ms_p95": side.duration_ms_p95,
            "first_at": side.first_at,
            "last_at": side.last_at,
        }
        for letter, side in (("A", report.a), ("B", report.b))
    )


def _automatic(found: AutomaticCohort) -> Choice:
    label = f"{found.tag} ({count(found.conversations)} conversations)"
    return Choice(
        name=_name_of(found.tag),
        label=label,
        conversations=found.conversations,
        began_at=found.first_at,
    )


def _name_of(tag: str) -> str:
    """Return how a tag is asked for; one that looks like something else as a condition."""
    return f"cohort={tag}" if "=" in tag or tag.startswith("@") else tag


def _saved(found: SavedCohort) -> Choice:
    name = f"@{found.name}:{found.version}"
    label = f"{name} ({count(found.conversations)} conversations, saved)"
    return Choice(name=name, label=label, conversations=found.conversations)


def _metric_row(one: ComparedMetric) -> dict[str, object]:
    texts = texts_of(one)
    return {
        "metric": one.measure.name,
        "a": f"{texts.a} ({texts.a_count})" if texts.a else "",
        "b": f"{texts.b} ({texts.b_count})" if texts.b else "",
        "pending": _pending(one),
        "difference": texts.difference,
        "interval": texts.interval,
        "sequential": texts.sequential,
        "adjusted": texts.adjusted,
        "verdict": one.comparison.verdict,
        "detectable": texts.detectable,
    }


def _pending(one: ComparedMetric) -> str:
    either = one.a_pending or one.b_pending
    return f"{count(one.a_pending)} / {count(one.b_pending)}" if either else ""


def _with_count(measure: Measure, estimate: Estimate) -> str:
    amount = amount_of(measure, estimate)
    return f"{amount} of {count(estimate.n)}" if amount else ""


def _share_of(estimate: Estimate) -> float | None:
    return _PERCENT / abs(estimate.value) if estimate.value else None


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else value * unit
