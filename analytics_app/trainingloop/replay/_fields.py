"""What the documents of actions say, looked at before it is believed."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar, cast

from trainingloop.collector.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

    Word = TypeVar("Word", bound=StrEnum)

MOST_WHOLE: Final = 2**32 - 1
"""The most that the store's counts hold."""


def text(document: Mapping[str, object], field: str, most: int, *, is_needed: bool = False) -> str:
    """Return a text of at most ``most`` characters, "" where there is none."""
    value = document.get(field, "")
    if not isinstance(value, str) or len(value) > most or (is_needed and not value):
        least = "1" if is_needed else "0"
        raise BadRequestError(f"{field!r} must be a text of {least} to {most} characters")
    return value


def whole(
    document: Mapping[str, object], field: str, *, least: int = 0, most: int = MOST_WHOLE
) -> int:
    """Return a whole number, ``least`` where there is none."""
    value = document.get(field, least)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadRequestError(f"{field!r} must be a whole number from {least} to {most}")
    return value


def number(
    document: Mapping[str, object], field: str, *, least: float = 0.0, most: float = 1e9
) -> float:
    """Return a number, ``least`` where there is none."""
    value = document.get(field, least)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(number := cast("float", value)):
        raise BadRequestError(f"{field!r} must be a number from {least:g} to {most:g}")
    if not least <= number <= most:
        raise BadRequestError(f"{field!r} must be a number from {least:g} to {most:g}")
    return float(number)


def flag(document: Mapping[str, object], field: str) -> bool:
    """Return true or false, false where nothing is said."""
    value = document.get(field, False)
    if not isinstance(value, bool):
        raise BadRequestError(f"{field!r} must be true or false")
    return value


def word(document: Mapping[str, object], field: str, words: type[Word], default: Word) -> Word:
    """Return one of a closed set of words."""
    value = document.get(field, default.value)
    known = [one.value for one in words]
    if not isinstance(value, str) or value not in known:
        raise BadRequestError(f"{field!r} must be one of {', '.join(known)}")
    return words(value)


def an_object(document: Mapping[str, object], field: str) -> Mapping[str, object]:
    """Return an object, an empty one where there is none."""
    value = document.get(field, {})
    if not isinstance(value, dict):
        raise BadRequestError(f"{field!r} must be an object")
    return cast("Mapping[str, object]", value)


def objects(document: Mapping[str, object], field: str, most: int) -> list[Mapping[str, object]]:
    """Return a list of objects, an empty one where there is none."""
    values = a_list(document, field, most)
    if not all(isinstance(value, dict) for value in values):
        raise BadRequestError(f"{field!r} must be a list of objects")
    return [cast("Mapping[str, object]", value) for value in values]


def texts(document: Mapping[str, object], field: str, *, most: int, longest: int) -> list[str]:
    """Return a list of texts, an empty one where there is none."""
    values = a_list(document, field, most)
    if not all(isinstance(value, str) and len(value) <= longest for value in values):
        raise BadRequestError(f"{field!r} must be a list of texts of at most {longest} characters")
    return [str(value) for value in values]


def a_list(document: Mapping[str, object], field: str, most: int) -> Sequence[object]:
    """Return a list, an empty one where there is none."""
    value = document.get(field, [])
    if not isinstance(value, list) or len(cast("list[object]", value)) > most:
        raise BadRequestError(f"{field!r} must be a list of at most {most}")
    return cast("Sequence[object]", value)


def moment(document: Mapping[str, object], field: str) -> datetime:
    """Return a time, in UTC."""
    value = document.get(field)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadRequestError(f"{field!r} must be a time in ISO 8601 with its zone")
    return found.astimezone(UTC)


def only(document: Mapping[str, object], *fields: str) -> None:
    """Refuse what nobody would look at."""
    unknown = sorted(set(document) - set(fields))
    if unknown:
        raise BadRequestError(
            f"there is no field {unknown[0][:50]!r} here: use {', '.join(sorted(fields))}"
        )
