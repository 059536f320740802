"""JSON, as replays write and read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from trainingloop.chat import JsonObject


def object_of(value: object) -> JsonObject:
    """Return an object, or the one a text holds; an empty one for anything else."""
    if isinstance(value, str):
        try:
            value = cast("object", json.loads(value)) if value.strip() else None
        except (ValueError, RecursionError):
            value = None
    return cast("JsonObject", value) if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """Return a text as it is, and anything else as its JSON."""
    return value if isinstance(value, str) else canonical(value)


def canonical(value: object) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
