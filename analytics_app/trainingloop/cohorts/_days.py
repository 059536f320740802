"""Two cohorts over time: one point a day, and when the one took over from the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.cohorts._report import Day
from trainingloop.statistics import mean, rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from trainingloop.cohorts._reading import Facts, Measured

_SAME_START: Final = timedelta(days=1)


def days_of(
    primary: str, everyone: str, a: Mapping[str, Measured], b: Mapping[str, Measured]
) -> tuple[Day, ...]:
    """Return each day of each cohort, oldest first."""
    found = [
        *_days(a[primary], a[everyone], is_b=False),
        *_days(b[primary], b[everyone], is_b=True),
    ]
    return tuple(sorted(found, key=lambda day: (day.day, day.is_b)))


def switch_of(a: Facts, b: Facts) -> datetime | None:
    """Return when the later cohort began; None where both began on about the same day."""
    first, last = sorted((a.first_at, b.first_at))
    return last if last - first > _SAME_START else None


def _days(primary: Measured, everyone: Measured, *, is_b: bool) -> Iterator[Day]:
    estimate = rate if primary.measure.kind == "rate" else mean
    for day, sums in everyone.by_trait.get("day", {}).items():
        yield Day(
            day=date.fromisoformat(day),
            is_b=is_b,
            conversations=sums.clusters,
            primary=estimate(primary.of("day", day)),
        )
