"""Recorded JSON, read with the care that other people's programs need."""

from __future__ import annotations

import json
from typing import TypeAlias, cast

from trainingloop.chat._unfit import Unfit
from trainingloop.chat.errors import UnfitError

JsonObject: TypeAlias = dict[str, object]
"""An object of a JSON document, such as a message or a tool of the chat API."""


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
        raise UnfitError(Unfit.UNREADABLE) from error


def objects(value: object) -> list[JsonObject]:
    """Return a list of objects.

    Raises:
        UnfitError: it is something else.
    """
    if not isinstance(value, list):
        raise UnfitError(Unfit.UNREADABLE)
    return [an_object(item) for item in cast("list[object]", value)]


def an_object(value: object) -> JsonObject:
    """Return an object.

    Raises:
        UnfitError: it is something else.
    """
    if not isinstance(value, dict):
        raise UnfitError(Unfit.UNREADABLE)
    return cast("JsonObject", value)


def as_text(value: object) -> str:
    """Return a text as it is, and anything else as its JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
