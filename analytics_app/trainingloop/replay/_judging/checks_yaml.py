"""A file of checks, read and checked as a whole before anything of it is believed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast

import regex
from jsonschema import Draft202012Validator

from trainingloop.processor.documents import Document, check, enumerated
from trainingloop.replay._judging.checks import FLAGS, Checks
from trainingloop.replay._judging.custom import Check, compiled
from trainingloop.replay._judging.tools import ToolPatterns
from trainingloop.replay.errors import ChecksError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.processor.documents import Path

_EXPRESSIONS: Final = ("text", "matches")


def checks_of(document: Document) -> Checks:
    """The checks a document describes.

    Raises:
        ChecksError: They cannot be used: every fault, with its line.
    """
    if document.is_whole:
        check(document, _validator())
    if document.is_whole and not document.problems:
        _object_to_what_no_schema_sees(document)
    if document.problems:
        raise ChecksError(enumerated("the checks", document.problems))
    return _built(cast("Mapping[str, Any]", document.value))


@cache
def _validator() -> Draft202012Validator:
    text = files("trainingloop.replay").joinpath("checks.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return Draft202012Validator(schema)


def _built(says: Mapping[str, Any]) -> Checks:
    switches: Mapping[str, bool] = says.get("flags", {})
    tools: Mapping[str, Sequence[str]] = says.get("tools", {})
    return Checks(
        tools=ToolPatterns(**{effect: tuple(names) for effect, names in tools.items()}),
        flags=frozenset(flag for flag in FLAGS if switches.get(flag, flag in Checks().flags)),
        orders_are_consent=says.get("orders_are_consent", True),
        own=tuple(Check(**own) for own in says.get("checks", ())),
    )


def _object_to_what_no_schema_sees(document: Document) -> None:
    seen: set[str] = set()
    listed = cast("Mapping[str, Any]", document.value).get("checks", ())
    for index, own in enumerate(cast("Sequence[Mapping[str, object]]", listed)):
        path = ("checks", index)
        name = str(own["name"])
        if name in FLAGS or name in seen:
            whose = "a flag that is built in" if name in FLAGS else "another check"
            document.object_to((*path, "name"), f"{name!r} is the name of {whose}: take another")
        seen.add(name)
        _object_to_parts(document, path, own)
        for part in _EXPRESSIONS:
            _object_to_expression(document, (*path, part), own.get(part))


def _object_to_parts(document: Document, path: Path, own: Mapping[str, object]) -> None:
    if not {"text", "tool", "above"} & own.keys():
        document.object_to(path, "it asks for nothing: write text, tool or above")
    if "argument" in own and "tool" not in own:
        document.object_to(path, "argument is given without tool: say of which tool")
    if "matches" in own and "argument" not in own:
        document.object_to(path, "matches is given without argument: say of which argument")
    if {"tool", "above"} <= own.keys() and "argument" not in own:
        document.object_to(path, "above is given without argument: say of which argument")


def _object_to_expression(document: Document, path: Path, pattern: object) -> None:
    if pattern is None:
        return
    try:
        compiled(str(pattern))
    except (regex.error, ValueError, RecursionError, OverflowError, MemoryError) as error:
        reason = str(error)[:100]
        document.object_to(path, f"this is no regular expression ({reason}): correct it")
