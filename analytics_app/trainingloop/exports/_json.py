"""Recorded JSON, read with the care that other people's programs need."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import cast

from trainingloop.exports._skips import Skip, UnfitError

JsonObject = dict[str, object]


def parsed(text: str) -> object:
    """Return the value a JSON text stands for; None for an empty one.

    Raises:
        UnfitError: it is no JSON.
    """
    if not text.strip():
        return None
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise UnfitError(Skip.UNREADABLE) from error


def parsed_or_text(value: object) -> object:
    """Return the JSON a text holds, or the text itself."""
    if not isinstance(value, str) or value[:1] not in ("{", "[", '"'):
        return value
    try:
        return parsed(value)
    except UnfitError:
        return value


def objects(value: object) -> list[JsonObject]:
    """Return a list of objects.

    Raises:
        UnfitError: it is something else.
    """
    if not isinstance(value, list):
        raise UnfitError(Skip.UNREADABLE)
    return [an_object(item) for item in cast("list[object]", value)]


def an_object(value: object) -> JsonObject:
    """Return an object.

    Raises:
        UnfitError: it is something else.
    """
    if not isinstance(value, dict):
        raise UnfitError(Skip.UNREADABLE)
    return cast("JsonObject", value)


def as_text(value: object) -> str:
    """Return a text as it is, and anything else as its JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain(value: object) -> object:
    """Return what JSON has no word for as text; for an encoder's ``default``."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def line_of(document: JsonObject) -> bytes:
    """Return a document as one line of a JSONL file."""
    return (
        json.dumps(document, default=plain, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    )
