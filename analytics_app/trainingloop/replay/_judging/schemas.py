"""Arguments against the schema of their tool, without trusting either of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import regex
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import UnknownType
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType] - untyped
from referencing import Registry
from referencing.exceptions import Unresolvable

from trainingloop.replay._judging.calls import written_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    _Keyword = Callable[["_Validator", Any, Any, Any], Iterable[ValidationError] | None]

_MOST_STEPS: Final = 2_000
"""Keywords that are looked at for one call: a schema that needs more is not meant well."""
_MOST_FAULTS: Final = 10
_MOST_UNIQUE: Final = 200
_PATTERN_SECONDS: Final = 0.02
_PATTERNS_SECONDS: Final = 0.2
"""What all patterns of a schema may take of one call."""
_LONGEST_PATTERN: Final = 1_000
"""Of a longer one, making it ready takes time that nothing bounds."""
_NO_DOCUMENTS: Final = cast("Any", Registry)()
"""An empty registry knows no other documents, and asks no network for them."""
_LEFT_OUT: Final = ("format", "$dynamicRef", "unevaluatedItems", "unevaluatedProperties")
"""Keywords that cannot be bounded, or that no two libraries understand alike."""


class _TooMuchError(Exception):
    """A schema takes more than a call is worth."""


class _Validator(Protocol):
    """What a keyword is given to go on with."""

    format_checker: _Steps

    def descend(self, instance: object, schema: object, path: str) -> Iterable[ValidationError]:
        """Validate a part."""
        ...


class _Steps(FormatChecker):
    """How much of its allowance a validation has left.

    In the shape of the one object that the library hands on to every validation inside.
    """

    def __init__(self) -> None:
        super().__init__(formats=())
        self.left = _MOST_STEPS
        self._seconds = _PATTERNS_SECONDS

    def take(self) -> None:
        """Take a step.

        Raises:
            _TooMuchError: None is left.
        """
        self.left -= 1
        if self.left < 0:
            raise _TooMuchError

    def matches(self, pattern: str, text: str) -> bool:
        """Whether a pattern is met, which is a step, too.

        Raises:
            _TooMuchError: It is too long, or no step or no time is left.
            TimeoutError: It took too long.
        """
        self.take()
        if len(pattern) > _LONGEST_PATTERN or self._seconds <= 0:
            raise _TooMuchError
        begun_s = time.perf_counter()
        try:
            return regex.search(pattern, text, timeout=_PATTERN_SECONDS) is not None
        finally:
            self._seconds -= time.perf_counter() - begun_s


def faults(arguments: Mapping[str, object], schema: Mapping[str, object]) -> list[str]:
    """Where arguments are not what a schema asks for, as ``path: keyword``.

    Nothing is objected to that a schema cannot settle: one that is no schema, that points
    elsewhere or that never comes to an end.
    """
    validator = _Bounded(schema, format_checker=_Steps(), registry=_NO_DOCUMENTS)
    found: list[str] = []
    try:
        for error in cast("Iterable[ValidationError]", validator.iter_errors(arguments)):
            found.append(f"{error.json_path}: {error.validator}")
            if len(found) == _MOST_FAULTS:
                break
    except (_TooMuchError, UnknownType, Unresolvable, RecursionError):
        return found
    except (TypeError, ValueError, KeyError, AttributeError, TimeoutError, regex.error):
        return found  # a keyword with a value that it cannot have, or a pattern that takes too long
    return found


def _pattern(
    validator: _Validator, pattern: str, instance: object, _: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not validator.format_checker.matches(pattern, instance):
        yield ValidationError("it does not match")


def _pattern_properties(
    validator: _Validator, patterns: dict[str, object], instance: object, _: object
) -> Iterator[ValidationError]:
    for name, value in _object(instance).items():
        for pattern, schema in patterns.items():
            if validator.format_checker.matches(pattern, name):
                yield from validator.descend(value, schema, path=name)


def _additional_properties(
    validator: _Validator, allowed: object, instance: object, schema: Mapping[str, object]
) -> Iterator[ValidationError]:
    patterns = _object(schema.get("patternProperties"))
    known = _object(schema.get("properties"))
    for name in (name for name in _object(instance) if name not in known):
        if any(validator.format_checker.matches(pattern, name) for pattern in patterns):
            continue
        if allowed is False:
            yield ValidationError("it is not among those allowed", path=[name])
        elif isinstance(allowed, dict):
            value = _object(instance)[name]
            yield from validator.descend(value, _object(cast("object", allowed)), path=name)


def _unique_items(
    _: _Validator, is_asked: object, instance: object, __: object
) -> Iterator[ValidationError]:
    if not is_asked or not isinstance(instance, list):
        return
    items = cast("list[object]", instance)
    if len(items) <= _MOST_UNIQUE and len(set(map(written_json, items))) < len(items):
        yield ValidationError("an item stands twice")


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _counted(keyword: _Keyword) -> _Keyword:
    """A keyword that takes a step each time it is looked at."""

    def counted(
        validator: _Validator, value: object, instance: object, schema: object
    ) -> Iterable[ValidationError] | None:
        validator.format_checker.take()
        return keyword(validator, value, instance, schema)

    return counted


def _keywords() -> dict[str, _Keyword]:
    known = cast("dict[str, _Keyword]", Draft202012Validator.VALIDATORS)
    own = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
    }
    kept = {name: keyword for name, keyword in known.items() if name not in _LEFT_OUT}
    return {name: _counted(cast("_Keyword", own.get(name, kept[name]))) for name in kept}


def _nothing(*_: object) -> None:
    """Stand in for a keyword that is left out."""


_Bounded: Final[Any] = cast("Any", extend)(
    Draft202012Validator, {**_keywords(), **dict.fromkeys(_LEFT_OUT, _nothing)}
)
