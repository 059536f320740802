"""Taking attributes apart: JSON inside texts, lists flattened into keys, numbers as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.util.types import AttributeValue

Attributes: TypeAlias = "dict[str, AttributeValue]"
_MOST_USD: Final = 1_000_000
"""A call that costs more is a broken number, and would be all of a sum."""


def parsed(value: object) -> object:
    """Return the value a JSON text stands for; anything else as it is."""
    if isinstance(value, str) and value[:1] in ("{", "[", '"'):
        try:
            return cast("object", orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return value


def mapping(value: object) -> dict[str, object]:
    """Return a JSON object, or an empty one when ``value`` is something else."""
    found = parsed(value)
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def items(value: object) -> list[object]:
    """Return a JSON list, or an empty one when ``value`` is something else."""
    found = parsed(value)
    return list(cast("list[object]", found)) if isinstance(found, list | tuple) else []


def first(source: dict[str, object], *names: str) -> object:
    """Return the first of the named fields that says something."""
    return next((source[name] for name in names if source.get(name) not in (None, "")), None)


def pop_first(attributes: Attributes, *names: str) -> AttributeValue:
    """Take all the named attributes away and return the first that says something."""
    found: AttributeValue = None
    for name in names:
        value = attributes.pop(name, None)
        if found in (None, "") and value not in (None, ""):
            found = value
    return found


def fill(attributes: Attributes, name: str, value: object) -> None:
    """Set an attribute that is not there yet, if there is something to set."""
    if attributes.get(name) in (None, "") and value not in (None, "", [], {}):
        attributes[name] = cast("AttributeValue", value)


def pop_list(attributes: Attributes, prefix: str) -> list[object]:
    """Take ``prefix.0.a``, ``prefix.0.b.1.c``, … away and return the list they stand for."""
    start = f"{prefix}."
    tree: dict[str, object] = {}
    for key in [key for key in attributes if key.startswith(start)]:
        head = key[len(start) :].partition(".")[0]
        if head.isdecimal():
            _place(tree, key[len(start) :].split("."), attributes.pop(key))
    return cast("list[object]", _listed(tree)) if tree else []


def _place(tree: dict[str, object], path: list[str], value: object) -> None:
    for name in path[:-1]:
        child = tree.get(name)
        if not isinstance(child, dict):
            child = tree[name] = {}
        tree = cast("dict[str, object]", child)
    tree[path[-1]] = value


def _listed(node: object) -> object:
    """Turn objects whose names are all numbers into lists, in the order of the numbers."""
    if not isinstance(node, dict):
        return node
    children = cast("dict[str, object]", node)
    if children and all(name.isdecimal() for name in children):
        # Sorted, not indexed: an attribute may name the element 999999999.
        return [_listed(children[name]) for name in sorted(children, key=_number)]
    return {name: _listed(child) for name, child in children.items()}


def _number(name: str) -> tuple[int, str]:
    return len(name), name


def whole_number(value: object) -> object:
    """Return a count as an integer where it is one, whatever type it was sent in."""
    if isinstance(value, str) and value.isdecimal():
        return int(value) if len(value) < 20 else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def cost_usd(value: object) -> float | None:
    """Return a cost in US dollars, or None where the sender does not know it.

    Zero is what many write for a model whose price they do not know.
    """
    try:
        cost = float(value) if isinstance(value, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return None
    return cost if 0 < cost <= _MOST_USD and not isinstance(value, bool) else None


def rename(attributes: Attributes, names: Iterable[tuple[str, str]]) -> None:
    """Give attributes their names in the conventions; what already has a value keeps it."""
    for foreign, name in names:
        value = attributes.pop(foreign, None)
        if attributes.get(name) in (None, "") and value not in (None, ""):
            attributes[name] = value
