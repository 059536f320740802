"""Dates in one spelling, in the languages that there are lists of words for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from trainingloop.replay._judging.lexicon import LANGUAGES, lexicon

_ISO: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_NUMERIC: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})")


@cache
def months() -> dict[str, int]:
    """The number of each name of a month."""
    return {
        name: number
        for language in LANGUAGES
        for number, names in enumerate(lexicon(language).sections["months"], 1)
        for name in names.split("|")
    }


@cache
def worded_date() -> str:
    """An expression for a date with the name of its month, with a group for each part."""
    named = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    year = r"(?:,? (?:de |del |do )?(?P<{}>(?:19|20)\d\d)(?!\d))?"
    day = r"(?P<{}>[0-3]?\d)"
    month = rf"(?P<{{}}>{named})\b\.?"
    day_first = (
        day.format("d1") + r"(?:st|nd|rd|th|er|º|°|\.)?,? (?:of |de |di |do )?"
        + month.format("m1") + year.format("y1")
    )  # fmt: skip
    month_first = (
        month.format("m2") + r" (?:the )?" + day.format("d2") + r"(?:st|nd|rd|th)?(?![\d:])"
        + year.format("y2")
    )  # fmt: skip
    return rf"(?<![\w-])(?:{day_first}|{month_first})(?!\w)"


@cache
def _worded() -> re.Pattern[str]:
    return re.compile(worded_date(), re.IGNORECASE)


def iso_date(text: str) -> str | None:
    """A date as ``2024-05-12``, or ``--05-12`` without a year; None for what is none.

    Of digits only it is read where one order is possible: ``5/12`` stays what it is.
    """
    if _ISO.fullmatch(text):
        return _day(*map(int, text.split("-")))
    if named := _worded().fullmatch(text):
        part = named.groupdict()
        month = months()[(part["m1"] or part["m2"]).lower()]
        return _day(int(part["y1"] or part["y2"] or 0), month, int(part["d1"] or part["d2"]))
    if first := _YEAR_FIRST.fullmatch(text):
        return _day(int(first[1]), int(first[3]), int(first[4]))
    return _of_digits(text)


def moment(text: str) -> str:
    """A date or a date with a time in one spelling; any other text as it is."""
    if (day := iso_date(text)) is not None:
        return day
    if not _ISO.match(text):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at.astimezone(UTC) if at.tzinfo else at).isoformat()


def _of_digits(text: str) -> str | None:
    parts = _NUMERIC.fullmatch(text)
    if parts is None or not parts[4]:
        return None
    first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
    year += 2000 if len(parts[4]) == 2 else 0
    if parts[2] == "." or first > 12 or first == second:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        # A leap year stands in for the one that is not said.
        date(year or 2000, month, day)
    except ValueError:
        return None
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
