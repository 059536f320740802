"""Cuts what a sweep has to look at into slices that fit in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOMENTS_A_SLICE: Final = 300_000
"""Decisions and events that are looked at together, in some 300 MB with what is written."""
_HOUR_MS: Final = 3_600_000


class HourOfThreads(NamedTuple):
    """The threads that began in one hour: a row of ``slices.sql``."""

    hour_ms: int
    threads: int
    moments: int
    last_ms: int
    has_inbound: int
    has_escalations: int
    has_reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Threads that are worked on together: of those that began in a time, one part."""

    from_ms: int
    until_ms: int
    last_ms: int
    """When the last decision of these threads was."""
    parts: int
    part: int
    statements: tuple[str, ...]
    """What is to be done with them, in this order."""


def slices_of(rows: Iterable[Sequence[object]], *, moments: int) -> list[Slice]:
    """Return slices of at most ``moments`` decisions and events, in the order of time.

    Neighbouring hours go together, and one that is too full is cut by the threads' hashes: what
    happened at about the same time lies together in the store.

    Args:
        rows: those of ``slices.sql``.
        moments: how many are looked at together.
    """
    hours = [HourOfThreads(*cast("Sequence[int]", row)) for row in rows]
    return [one for together in _groups(hours, moments) for one in _cut(together, moments)]


def _groups(hours: Iterable[HourOfThreads], moments: int) -> Iterator[list[HourOfThreads]]:
    together: list[HourOfThreads] = []
    for hour in hours:
        if together and sum(each.moments for each in together) + hour.moments > moments:
            yield together
            together = []
        together.append(hour)
    if together:
        yield together


def _cut(together: list[HourOfThreads], moments: int) -> Iterator[Slice]:
    parts = max(1, -(-sum(each.moments for each in together) // moments))
    for part in range(parts):
        yield Slice(
            from_ms=together[0].hour_ms,
            until_ms=together[-1].hour_ms + _HOUR_MS,
            last_ms=max(each.last_ms for each in together),
            parts=parts,
            part=part,
            statements=_statements(together),
        )


def _statements(together: list[HourOfThreads]) -> tuple[str, ...]:
    """Return what has to be done: nothing is derived or looked up where there can be nothing."""
    wanted = {
        "derive_inbound": any(each.has_inbound for each in together),
        "derive_escalation": any(each.has_escalations for each in together),
        "judge_reported": any(each.has_reports for each in together),
        "judge": True,
    }
    return tuple(name for name, is_wanted in wanted.items() if is_wanted)
