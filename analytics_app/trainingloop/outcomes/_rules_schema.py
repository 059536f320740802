"""The JSON schema of rules, and its complaints in the words of the person who wrote them."""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema import ValidationError

    from trainingloop.outcomes._yaml_lines import Document, Path


def check(document: Document, path: Path = (), value: object = None, definition: str = "") -> None:
    """Add everything the schema objects to, or one definition of it to the part at ``path``."""
    value = value if definition else document.value
    # What the stubs of the library leave open.
    validator = cast("Any", _validator(definition))
    for error in cast("Iterable[ValidationError]", validator.iter_errors(value)):
        own = (*path, *error.absolute_path)
        for name, message in _objections(error):
            document.object_to((*own, *name), message)


@cache
def _validator(definition: str) -> Draft202012Validator:
    text = files("trainingloop.outcomes").joinpath("rules.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    if definition:
        schema = {"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    return Draft202012Validator(schema)


def _objections(error: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    schema = cast("Mapping[str, object]", error.schema)
    given = cast("object", error.instance)
    if "propertyNames" in error.absolute_schema_path:
        yield (str(given),), f"this name is not allowed; allowed: {schema['description']}"
    elif error.validator == "additionalProperties":
        known = list(_fields(schema.get("properties")))
        for name in _fields(given):
            if name not in known:
                yield (name,), f"there is no such setting; {_choices(name, known)}"
    elif error.validator == "required":
        for name in cast("list[str]", error.validator_value):
            if name not in _fields(given):
                yield (), f"{name!r} is missing: add a line such as {name}: {_EXAMPLES[name]}"
    elif error.validator in {"enum", "const"}:
        value = cast("object", error.validator_value)
        allowed = cast("list[object]", value) if isinstance(value, list) else [value]
        yield (), f"{_quoted(given)} is given; {_choices(given, list(map(_written, allowed)))}"
    else:
        yield (), f"{_quoted(given)} is given; allowed: {schema.get('description', 'something')}"


_EXAMPLES: Final = {"version": "1", "window": "24h", "when": "event.kind = 'inbound'"}
_LONGEST_QUOTE: Final = 40


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(given: object) -> str:
    if isinstance(given, dict):
        return "a map"
    if isinstance(given, list):
        return "a list"
    text = "nothing" if given is None else repr(given)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _choices(given: object, allowed: list[str]) -> str:
    near = get_close_matches(str(given).casefold(), allowed, 1, 0.6)
    question = f" Did you mean {near[0]!r}?" if near else ""
    return f"allowed: {', '.join(allowed)}.{question}"


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
