"""When the messages of a transcript were written, also where nobody wrote it down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECOND_NS: Final = 1_000_000_000
_NAMES: Final = ("timestamp", "created_at", "occurred_at", "created", "time")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_NS: Final = 946_684_800 * _SECOND_NS
"""The year 2000: before it a clock was not set, and the collector takes no span from there."""
_LATEST_NS: Final = 7_250_000_000 * _SECOND_NS
"""The year 2199: the store's time type ends in 2262."""
_UNITS: Final = ((1e11, 1e9), (1e14, 1e6), (1e17, 1e3), (float("inf"), 1.0))
"""A number below the first is in the unit that many nanoseconds long: s, ms, us, ns."""


def of_fields(source: Mapping[str, object], *names: str) -> int | None:
    """Return the first time of a message or row that can be read, in ns since 1970."""
    moments = (parse(source.get(name)) for name in names or _NAMES)
    return next((moment for moment in moments if moment is not None), None)


def parse(value: object) -> int | None:
    """Return a time in ns since 1970: ISO 8601, or a number of s, ms, us or ns.

    A time without a zone is taken as UTC.
    """
    if isinstance(value, str):
        moment = _parse_text(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _of_number(value)
    else:
        return None
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


def _parse_text(value: str) -> int | None:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return _of_digits(value.strip())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # In integers: a float of nanoseconds since 1970 is off by hundreds of them.
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1000


def _of_digits(value: str) -> int | None:
    try:
        return _of_number(float(value))
    except ValueError:
        return None


def _of_number(value: float) -> int | None:
    if not 0 < value < 1e19:  # also false for NaN
        return None
    unit_ns = next(unit_ns for limit, unit_ns in _UNITS if value < limit)
    return value * int(unit_ns) if isinstance(value, int) else int(value * unit_ns)
