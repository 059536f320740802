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

_SIGN: Final = re.compile(r"[:=]>?\s{0,4}(?=[\"'])")
_VALUE: Final = re.compile(
    r"\"(?P<double>[^\"\n]{1,300})(?:\"|\Z)|'(?P<single>[^'\n]{1,300})(?:'|\Z)"
)
_NAME_REVERSED: Final = re.compile(r"\s{0,4}[\"']?(?P<name>[\w.\-]{2,42}+)")
_REPLACE: Final = Action.REPLACE
_LONGEST_NAME: Final = 48
_FLAG: Final = re.compile(r"--(?P<name>[A-Za-z][\w\-]{1,40}+)[ ](?P<value>[^\s\-][^\s]{0,255})")


def named_fields(plain: Plain) -> Iterator[Match]:
    """Values whose name says what they are: ``"first_name": "Ada"``, ``--api-key abc``."""
    if '"' in plain.text or "'" in plain.text:
        yield from _quoted(plain.text)
    if "--" in plain.text:
        for found in _FLAG.finditer(plain.text):
            yield from _named(found["name"], found, "value")


def _quoted(text: str) -> Iterator[Match]:
    position = 0
    for sign in _SIGN.finditer(text):
        start = sign.start()
        if start < position:
            continue
        name = _name_before(text, start)
        if not name or field_rule(name).action is not _REPLACE:
            continue
        if found := _VALUE.match(text, sign.end()):
            position = found.end()
            group = "double" if found["double"] is not None else "single"
            yield from _named(name, found, group)


def _name_before(text: str, end: int) -> str:
    """The name that ends there, or nothing."""
    if text[end - 1 : end] == '"':
        begin = text.rfind('"', max(0, end - _LONGEST_NAME), end - 1) + 1
        if begin and (name := text[begin : end - 1]).isidentifier():
            return name
    # Read backwards: forwards, every word would be tried as a name.
    head = text[max(0, end - _LONGEST_NAME) : end][::-1]
    found = _NAME_REVERSED.match(head)
    return found["name"][::-1] if found else ""


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
