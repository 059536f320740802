"""Numbers, times and JSON as people read them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

_MAX_JSON_CHARACTERS: Final = 200_000
_LINE_CHARACTERS: Final = 72


def count(value: float) -> str:
    """A whole number with its thousands apart, such as ``12,345``."""
    return f"{value:,.0f}"


def counted(value: int, noun: str) -> str:
    """A number with its noun, such as ``1 message`` or ``12,345 messages``."""
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def share(part: float, whole: float) -> str:
    """A part of a whole in percent, with both numbers: never a bare percentage."""
    return f"{part / whole:.1%} ({count(part)} of {count(whole)})" if whole else "none"


def duration(milliseconds: float) -> str:
    """How long something took, such as ``5 ms``, ``1.2 s`` or ``3 min``; "" when nobody measured.

    A transcript has no durations: nothing takes exactly no time.
    """
    if not milliseconds:
        return ""
    if milliseconds < 1:
        return f"{milliseconds:.2f} ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds / 60_000:.0f} min"


def dollars(amount: float) -> str:
    """An amount of US dollars, with as many digits as it takes to see it."""
    if amount and abs(amount) < 0.01:
        return f"${amount:.4f}"
    return f"${amount:,.2f}"


def span(seconds: float) -> str:
    """About how long something takes, such as ``40 s``, ``12 min`` or ``2 h 5 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return pause(timedelta(seconds=seconds + 30))


def pause(gap: timedelta) -> str:
    """How long nothing happened, in its two largest units, such as ``4 h`` or ``2 d 3 h``."""
    minutes = int(gap.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = ((days, "d"), (hours, "h"), (0 if days else minutes, "min"))
    return " ".join(f"{amount} {unit}" for amount, unit in units if amount) or "0 min"


def moment(at: datetime) -> str:
    """A time, UTC, to the second; the pages say once that all times are UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def clock(at: datetime) -> str:
    """The time of day, UTC."""
    return at.astimezone(UTC).strftime("%H:%M:%S")


def pretty_json(value: object) -> str:
    """JSON of a value or of a JSON text, indented when long; text that is no JSON as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return _bounded(str(value))
    line = _written(value)
    if len(line) <= _LINE_CHARACTERS:
        return line
    return _bounded(_written(value, indent=2))


def _written(value: object, *, indent: int | None = None) -> str:
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    # JSON can write half characters by escapes, and no page can be sent with one.
    return text.encode(errors="replace").decode()


def _bounded(text: str) -> str:
    if len(text) <= _MAX_JSON_CHARACTERS:
        return text
    left = len(text) - _MAX_JSON_CHARACTERS
    return f"{text[:_MAX_JSON_CHARACTERS]}\n… {count(left)} more characters: see the download"
