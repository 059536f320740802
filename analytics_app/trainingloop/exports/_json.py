"""JSON as a file of lines has it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from trainingloop.chat import JsonObject


def parsed_or_text(value: object) -> object:
    """Return the JSON a text holds, or the text itself."""
    if not isinstance(value, str) or value[:1] not in ("{", "[", '"'):
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        return value


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
