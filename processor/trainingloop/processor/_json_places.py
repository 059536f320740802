"""A JSON document with the places of its values in the text as it is written."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_PART: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+"|-?[0-9][0-9.eE+\-]*+|-?(?:Infinity|NaN)|true|false|null|[{}\[\]]',
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\.", re.DOTALL)
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}")


class Fields(list[tuple["Node", "Node"]]):
    """The fields of an object as they are written, also those that are written twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value of a document and where it stands, the quotes of a text left out."""

    value: object
    """A text, a number, a truth value, ``None``, `Fields`, or a list of nodes."""
    start: int
    end: int


def located(text: str) -> Node | None:
    """The value of a JSON document; ``None`` when it is none, or too deep to be read."""
    try:
        json.loads(text)
        return _Reader(text).node(None)
    except (ValueError, RecursionError):
        return None


class _Reader:
    """Reads what is known to be valid."""

    def __init__(self, text: str) -> None:
        self._parts = _PART.finditer(text)

    def node(self, part: re.Match[str] | None) -> Node:
        part = part or next(self._parts)
        written = part.group()
        if written == "{":
            return self._fields(part)
        if written == "[":
            return self._items(part)
        quotes = 1 if written[0] == '"' else 0
        value = cast("object", json.loads(written, strict=False))
        return Node(value=value, start=part.start() + quotes, end=part.end() - quotes)

    def _fields(self, opening: re.Match[str]) -> Node:
        fields = Fields()
        while (part := next(self._parts)).group() != "}":
            fields.append((self.node(part), self.node(None)))
        return Node(value=fields, start=opening.start(), end=part.end())

    def _items(self, opening: re.Match[str]) -> Node:
        items: list[Node] = []
        while (part := next(self._parts)).group() != "]":
            items.append(self.node(part))
        return Node(value=items, start=opening.start(), end=part.end())


def places(raw: str) -> Callable[[int], int]:
    """Where a character of a decoded string is in the string as it is written."""
    decoded: list[int] = []
    after: list[int] = []
    shift = position = 0
    while escape := _ESCAPE.search(raw, position):
        pair = _PAIR.match(raw, escape.start())
        end = pair.end() if pair else escape.end()
        shift += end - escape.start() - 1
        decoded.append(end - shift)
        after.append(shift)
        position = end

    def place(offset: int) -> int:
        index = bisect_right(decoded, offset) - 1
        return offset + (after[index] if index >= 0 else 0)

    return place
