"""Times as other systems write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["nanoseconds", "parse_moment"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = ((1e11, 1e9), (1e14, 1e6), (1e17, 1e3), (float("inf"), 1.0))
"""A number below the first is in the unit that many nanoseconds long: s, ms, us, ns."""


def parse_moment(value: object) -> int | None:
    """Return a time in nanoseconds since 1970, or None for what is no time.

    Args:
        value: ISO 8601 (without a zone it is UTC), or a number of seconds, milliseconds,
            microseconds or nanoseconds, also as a text: the size of a number tells its unit.
    """
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    return None


def nanoseconds(moment: datetime) -> int:
    """Return a time as nanoseconds since 1970; without a zone it is UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    # In integers: a float of nanoseconds since 1970 is off by hundreds of them.
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1000


def _of_text(value: str) -> int | None:
    try:
        return nanoseconds(datetime.fromisoformat(value))
    except ValueError:
        pass
    try:
        return _of_number(float(value))
    except ValueError:
        return None


def _of_number(value: float) -> int | None:
    if not 0 < value < 1e19:  # also false for NaN
        return None
    unit_ns = next(unit_ns for limit, unit_ns in _UNITS if value < limit)
    return value * int(unit_ns) if isinstance(value, int) else int(value * unit_ns)
