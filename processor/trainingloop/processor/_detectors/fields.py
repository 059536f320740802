"""Finds of named values in text that looks like JSON or Python but does not parse as JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.secret_values import stands_for_secret
from trainingloop.processor._entities import MASK, Entity, Match
from trainingloop.processor._key_rules import Action, field_rule, is_worth_replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_VALUE: Final = re.compile(
    r"[:=]>?\s{0,4}(?:\"(?P<double>[^\"\n]{1,300})(?:\"|\Z)|'(?P<single>[^'\n]{1,300})(?:'|\Z))"
)
_NAME_REVERSED: Final = re.compile(r"\s{0,4}[\"']?(?P<name>[\w.\-]{2,42}+)")


_FLAG: Final = re.compile(r"--(?P<name>[A-Za-z][\w\-]{1,40}+)[ ](?P<value>[^\s\-][^\s]{0,255})")


def named_fields(plain: Plain) -> Iterator[Match]:
    """Values whose name says what they are: ``"first_name": "Ada"``, ``--api-key abc``."""
    if '"' in plain.text or "'" in plain.text:
        for found in _VALUE.finditer(plain.text):
            # Read backwards from the sign: forwards, every word would be tried as a name.
            head = plain.text[max(0, found.start() - 48) : found.start()][::-1]
            if name := _NAME_REVERSED.match(head):
                group = "double" if found["double"] is not None else "single"
                yield from _named(name["name"][::-1], found, group)
    if "--" in plain.text:
        for found in _FLAG.finditer(plain.text):
            yield from _named(found["name"], found, "value")


def _named(name: str, found: re.Match[str], group: str) -> Iterator[Match]:
    rule, value = field_rule(name), found[group]
    is_personal = rule.action is Action.REPLACE and is_worth_replacing(rule, value)
    if rule.entity is Entity.SECRET and stands_for_secret(value):
        return
    if is_personal and value.strip(f"{MASK} "):
        yield Match(
            start=found.start(group),
            end=found.end(group),
            entity=rule.entity,
            value=value.strip().casefold(),
        )
