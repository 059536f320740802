"""The filters of the pages, and the query string they are kept in.

A page has no other state: whoever gets its URL sees what its sender saw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_RANGE: Final = "30d"
CUSTOM_RANGE: Final = "custom"
RANGES: Final[Mapping[str, str]] = {
    "24h": "Last 24 hours",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "all": "All time",
    CUSTOM_RANGE: "From … to …",
}
"""Every time range by the name it has in the URL."""

FACETS: Final[Mapping[str, str]] = {
    "kind": "Kind",
    "status": "Status",
    "playbook": "Playbook",
    "playbook_version": "Playbook version",
    "prompt": "Prompt",
    "prompt_version": "Prompt version",
    "model": "Model",
    "code_version": "Code version",
    "cohort": "Cohort",
    "variant": "Experiment arm",
    "tool": "Tool",
    "channel": "Channel",
    "service": "Service",
    "outcome": "Outcome",
}
"""Every filter with a list of values: its name in the URL and in the reads, and its label."""

_SPANS: Final[Mapping[str, timedelta]] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_MAX_TEXT_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time range, UTC; ``until`` is not part of it."""

    since: datetime
    until: datetime

    def parameters(self) -> dict[str, object]:
        """The binds of every read that is limited in time."""
        return {"since": self.since, "until": self.until}


EVER: Final = Period(since=_EARLIEST, until=_LATEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked at."""

    span: str = DEFAULT_RANGE
    """A key of `RANGES`."""
    first_day: date | None = None
    last_day: date | None = None
    """The last day that is part of a custom range."""
    values: tuple[tuple[str, str], ...] = ()
    """The facets that are set, in the order of `FACETS`."""
    text: str = ""

    def get(self, facet: str) -> str:
        """The value ``facet`` is set to, or ""."""
        return dict(self.values).get(facet, "")

    def having(self, **chosen: str) -> Filters:
        """These filters with some facets set, or cleared by ""."""
        values = {**dict(self.values), **chosen}
        return replace(self, values=_in_order(values))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the time range is set."""
        return bool(self.values or self.text)

    def period(self, now: datetime) -> Period:
        """The time range as of ``now``, rounded up to a minute so that caches can keep it."""
        if self.span == "all":
            return EVER
        if self.span == CUSTOM_RANGE:
            return Period(
                since=_midnight(self.first_day) or _EARLIEST,
                until=_midnight(self.last_day, days_later=1) or _LATEST,
            )
        until = now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        return Period(since=until - _SPANS[self.span], until=until)

    def parameters(self, period: Period) -> dict[str, object]:
        """The binds of the reads that take every filter."""
        chosen = dict(self.values)
        facets = {facet: chosen.get(facet, "") for facet in FACETS}
        return {**period.parameters(), **facets, "thread": "", "text": self.text}

    def to_query(self) -> dict[str, str]:
        """The query string; what is as by default is left out."""
        query = dict(self.values)
        if self.text:
            query["text"] = self.text
        if self.span == CUSTOM_RANGE:
            days = {"since": self.first_day, "until": self.last_day}
            query |= {name: day.isoformat() for name, day in days.items() if day}
        elif self.span != DEFAULT_RANGE:
            query["range"] = self.span
        return query


def filters_from_query(query: Mapping[str, str]) -> Filters:
    """The filters in a query string; what cannot be understood is as by default."""
    first, last = _day(query.get("since", "")), _day(query.get("until", ""))
    span = query.get("range", DEFAULT_RANGE)
    if first or last:
        span = CUSTOM_RANGE
    elif span not in RANGES or span == CUSTOM_RANGE:
        span = DEFAULT_RANGE
    return Filters(
        span=span,
        first_day=first,
        last_day=last,
        values=_in_order(query),
        text=query.get("text", "").strip()[:_MAX_TEXT_CHARACTERS],
    )


def _in_order(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((facet, values[facet]) for facet in FACETS if values.get(facet))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST.year <= day.year < _LATEST.year else None


def _midnight(day: date | None, days_later: int = 0) -> datetime | None:
    return datetime.combine(day, time(), UTC) + timedelta(days=days_later) if day else None
