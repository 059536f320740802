"""When the messages of a transcript were written, also where nobody wrote it down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.moments import parse_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECOND_NS: Final = 1_000_000_000
_NAMES: Final = ("timestamp", "created_at", "occurred_at", "created", "time")
_EARLIEST_NS: Final = 946_684_800 * _SECOND_NS
"""The year 2000: before it a clock was not set, and the collector takes no span from there."""
_LATEST_NS: Final = 7_250_000_000 * _SECOND_NS
"""The year 2199: the store's time type ends in 2262."""


def of_fields(source: Mapping[str, object], *names: str) -> int | None:
    """Return the first time of a message or row that can be read, in ns since 1970."""
    moments = (parse(source.get(name)) for name in names or _NAMES)
    return next((moment for moment in moments if moment is not None), None)


def parse(value: object) -> int | None:
    """Return a time that a decision can have, in ns since 1970; see `parse_moment`."""
    moment = parse_moment(value)
    return moment if moment is not None and _EARLIEST_NS <= moment <= _LATEST_NS else None


def spread(known: Sequence[int | None], *, end_ns: int) -> list[int]:
    """Return a time for every message.

    A known one stays what it is, but for a nanosecond where two share one: their order must
    survive. An unknown one is a second after the message before it; before the first known one,
    a second before the message after it; and where none is known the last is at ``end_ns``.
    """
    first = next((index for index, moment in enumerate(known) if moment is not None), None)
    anchor = len(known) - 1 if first is None else first
    anchor_ns = end_ns if first is None else known[first] or 0
    found = [anchor_ns - (anchor - index) * _SECOND_NS for index in range(anchor + 1)]
    before = known[first] if first is not None else None
    for moment in known[anchor + 1 :]:
        if moment is None:
            found.append(found[-1] + _SECOND_NS)
        else:
            found.append(found[-1] + 1 if moment == before else moment)
            before = moment
    return found
