"""The texts in a value that nobody has looked at yet: a model looks at all of an export at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from trainingloop.processor._cache import RedactionCache
from trainingloop.processor._json import NotJsonError, Value, looks_like_json, parse, split_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._scanner import Scanner

_MAX_DEPTH: Final = 16


def unseen_texts(value: Value, scanner: Scanner, depth: int = 0) -> Iterator[str]:
    """Every text in a value that the scanner does not remember, JSON in strings included."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        yield from _of_string(value, scanner, depth)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from unseen_texts(part, scanner, depth + 1)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from unseen_texts(part, scanner, depth + 1)


def _of_string(text: str, scanner: Scanner, depth: int) -> Iterator[str]:
    if not looks_like_json(text):
        if not scanner.remembers(text):
            yield text
        return
    # Of a history all but the newest messages were seen with an earlier call.
    parts = split_messages(text) or [text]
    for part in parts:
        purpose = "document" if part is text else "message"
        if scanner.cache.get(RedactionCache.key(scanner.tenant, purpose, part)) is None:
            yield from _of_document(part, scanner, depth)


def _of_document(text: str, scanner: Scanner, depth: int) -> Iterator[str]:
    try:
        value = parse(text)
    except NotJsonError:
        yield text
        return
    yield from unseen_texts(value, scanner, depth + 1)
