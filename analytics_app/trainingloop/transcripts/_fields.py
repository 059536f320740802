"""Reading fields of JSON that somebody else wrote: the right type, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTHING: Mapping[str, object] = {}


def is_object(value: object) -> bool:
    """Whether the value is a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> bool:
    """Whether the value is a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def mapping(value: object) -> Mapping[str, object]:
    """The object, or an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else _NOTHING


def items(value: object) -> Sequence[object]:
    """The array, or an empty one."""
    return cast("Sequence[object]", value) if is_list(value) else ()


def mappings(value: object) -> Iterator[Mapping[str, object]]:
    """The objects in an array."""
    return (mapping(item) for item in items(value) if is_object(item))


def text(value: object) -> str:
    """The string, a number as a string, or an empty one."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""


def first_text(source: Mapping[str, object], *names: str) -> str:
    """The first of the named fields that says something."""
    return next((found for name in names if (found := text(source.get(name)))), "")


def count(value: object) -> int:
    """The number of something: a whole number above zero, else zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value) if 0 < value < 2**32 else 0


def cost(value: object) -> float | None:
    """The amount of money: a number above zero, which many write where they do not know."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1e6 else None
