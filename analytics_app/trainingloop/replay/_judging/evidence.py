"""Where to look: short enough for a list, long enough to find it."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 80


def quoted(phrase: str) -> str:
    """A phrase of a redacted answer on one line."""
    line = " ".join(phrase.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
