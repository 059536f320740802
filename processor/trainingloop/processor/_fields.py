"""Finds of named values in text that looks like JSON or Python but does not parse as JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import MASK, Match
from trainingloop.processor._policy import Action, field_rule, is_worth_replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_VALUE: Final = re.compile(
    r"[:=]>?\s{0,4}(?:\"(?P<double>[^\"\n]{1,300})(?:\"|\Z)|'(?P<single>[^'\n]{1,300})(?:'|\Z))"
)
_NAME_REVERSED: Final = re.compile(r"\s{0,4}[\"']?(?P<name>[\w.\-]{2,42}+)")


def named_fields(plain: Plain) -> Iterator[Match]:
    """Quoted values whose name says what they are, such as ``"first_name": "Ada"``."""
    if '"' not in plain.text and "'" not in plain.text:
        return
    for found in _VALUE.finditer(plain.text):
        # Read backwards from the sign: forwards, every word would be tried as a name.
        head = plain.text[max(0, found.start() - 48) : found.start()][::-1]
        name = _NAME_REVERSED.match(head)
        if name is None:
            continue
        rule = field_rule(name["name"][::-1])
        group = "double" if found["double"] is not None else "single"
        value = found[group]
        is_personal = rule.action is Action.REPLACE and is_worth_replacing(rule.entity, value)
        if is_personal and value.strip(f"{MASK} "):
            yield Match(
                start=found.start(group),
                end=found.end(group),
                entity=rule.entity,
                value=value.strip().casefold(),
            )
