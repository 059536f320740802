"""The JSON schema of a policy, and its complaints in the words of the person who wrote it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast

from jsonschema import Draft202012Validator

from trainingloop.processor._policy.problems import choices, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jsonschema import ValidationError

    from trainingloop.processor._policy.tree import Path, Tree

_NAMES_OF_FIELDS: Final = "propertyNames"


def check(tree: Tree, definition: str = "") -> None:
    """Add everything the schema of policies, or one definition of it, objects to."""
    check_with(tree, _validator(definition))


def check_with(tree: Tree, validator: Draft202012Validator) -> None:
    """Add everything a schema objects to."""
    for error in _errors(tree.value, validator):
        path = tuple(error.absolute_path)
        if _NAMES_OF_FIELDS in error.absolute_schema_path:
            allowed = _schema_of(error)["description"]
            name = cast("str", cast("object", error.instance))
            tree.object_to((*path, name), f"this name is not allowed; allowed: {allowed}")
        else:
            _EXPLAIN.get(str(error.validator), _other)(tree, path, error)


def _errors(value: object, validator: Draft202012Validator) -> Iterable[ValidationError]:
    # What the stubs of the library leave open.
    untyped = cast("Any", validator)
    return cast("Iterable[ValidationError]", untyped.iter_errors(value))


@cache
def _validator(definition: str) -> Draft202012Validator:
    text = (
        files("trainingloop.processor._policy").joinpath("schema.json").read_text(encoding="utf-8")
    )
    schema: dict[str, Any] = json.loads(text)
    if definition:
        schema = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    return Draft202012Validator(schema)


def _unknown_fields(tree: Tree, path: Path, error: ValidationError) -> None:
    known = list(cast("Mapping[str, object]", _schema_of(error).get("properties", {})))
    for name in cast("Mapping[str, object]", error.instance):
        if name not in known:
            tree.object_to((*path, name), f"there is no such setting; {choices(name, known)}")


def _missing_field(tree: Tree, path: Path, error: ValidationError) -> None:
    # The library says which one only in its message.
    present = cast("Mapping[str, object]", error.instance)
    for name in cast("list[str]", error.validator_value):
        if name not in present and f"'{name}'" in error.message:
            tree.object_to(path, f"{name!r} is missing: write '{name}: {_example(error, name)}'")


def _example(error: ValidationError, name: str) -> str:
    fields = cast("Mapping[str, Mapping[str, object]]", _schema_of(error).get("properties", {}))
    return str(fields.get(name, {}).get("const", "…"))


def _not_among(tree: Tree, path: Path, error: ValidationError) -> None:
    value = cast("object", error.validator_value)
    allowed = cast("list[object]", value) if isinstance(value, list) else [value]
    given = cast("object", error.instance)
    known = [name for name in allowed if isinstance(name, str | int)]
    tree.object_to(path, f"{quoted(given)} is given; {choices(given, map(_written, known))}")


def _written(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _other(tree: Tree, path: Path, error: ValidationError) -> None:
    schema = _schema_of(error)
    allowed = schema.get("description", "something else")
    given = "this" if schema.get("x-private") else quoted(cast("object", error.instance))
    tree.object_to(path, f"{given} is given; allowed: {allowed}")


def _schema_of(error: ValidationError) -> Mapping[str, object]:
    return cast("Mapping[str, object]", error.schema)


_EXPLAIN: Final[dict[str, Callable[[Tree, Path, ValidationError], None]]] = {
    "additionalProperties": _unknown_fields,
    "required": _missing_field,
    "enum": _not_among,
    "const": _not_among,
}
