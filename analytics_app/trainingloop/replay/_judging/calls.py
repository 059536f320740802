"""Calls of tools in one spelling, so that the same call is the same call."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, cast

from trainingloop.replay._judging.dates import moment

if TYPE_CHECKING:
    from trainingloop.replay.answers import Answer

_LONGEST_CHARACTERS: Final = 65_536
_DEEPEST: Final = 40
_SPACE: Final = re.compile(r"\s+")
_LONGEST_DATE: Final = 40
_DATE_START: Final = re.compile(r"\d|[^\W\d_]{3,}\.? \d")


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments as they are compared."""

    name: str
    key: str
    """The arguments as canonical JSON, or the text that is none."""
    arguments: object
    """Parsed and canonical; None where they cannot be read."""
    written: dict[str, object] | None
    """Parsed as they came."""

    @property
    def is_garbled(self) -> bool:
        """Whether the arguments are no JSON object."""
        return not isinstance(self.arguments, dict)


def calls_of(answer: Answer) -> tuple[Call, ...]:
    """The calls an answer asks for, in its order."""
    return tuple(call_of(call.name, call.arguments) for call in answer.tool_calls)


def call_of(name: str, arguments: str) -> Call:
    """A call in the spelling that calls are compared in."""
    try:
        written = parsed(arguments)
        canonical = _canonical(written, 0)
    except (ValueError, RecursionError):
        return Call(name, _SPACE.sub(" ", arguments).strip(), None, None)
    return Call(name, written_json(canonical), canonical, written)


def parsed(arguments: str) -> dict[str, object]:
    """The arguments of a call; those of none are empty.

    Raises:
        ValueError: They are no JSON object, or too large.
        RecursionError: They are nested too deeply.
    """
    if len(arguments) > _LONGEST_CHARACTERS:
        raise ValueError
    value = cast(
        "object", json.loads(arguments, parse_constant=_refuse) if arguments.strip() else {}
    )
    if not isinstance(value, dict):
        raise ValueError  # noqa: TRY004 - the same fault as a text that is no JSON
    return cast("dict[str, object]", value)


def written_json(value: object) -> str:
    """A value as JSON, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _canonical(value: object, depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        # An optional argument that is null is one that is not given.
        return {
            name: _canonical(item, depth + 1) for name, item in sorted(items) if item is not None
        }
    if isinstance(value, list):
        return [_canonical(item, depth + 1) for item in cast("list[object]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return canonical_text(value) if isinstance(value, str) else value


def canonical_text(text: str) -> str:
    """A text without what carries no meaning: runs of space, and the way a date is written."""
    plain = _SPACE.sub(" ", text).strip()
    if len(plain) > _LONGEST_DATE or not _DATE_START.match(plain):
        return plain
    return moment(plain)
