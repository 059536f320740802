"""What is replaced in a JSON document, in offsets of the document as it is written."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol, cast

from trainingloop.processor._entities import TOKEN
from trainingloop.processor._explain import Finding
from trainingloop.processor._json import looks_like_json
from trainingloop.processor._key_rules import Action, Rule, sibling_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from trainingloop.processor._json import Value

_LEAF: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|-?[0-9][0-9.eE+\-]*+', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\.", re.DOTALL)
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}")
_BY_KEY: Final = "key"
_BY_IDENTIFIER: Final = "identifier"
_BY_NUMBER: Final = "numbers"


class _Fields(list[tuple[str, object]]):
    """The fields of an object as they are written, also those that are written twice."""


class Explains(Protocol):
    """What a document needs to be told about its parts."""

    def rule_of_field(self, name: str, siblings: Mapping[str, Rule]) -> Rule:
        """What the name of a field says about its value."""
        ...

    def text(self, text: str) -> list[Finding]:
        """What is found in a text."""
        ...

    def leaf(self, rule: Rule, value: str | float) -> Value:
        """What a value becomes."""
        ...


def explained_document(text: str, explains: Explains) -> list[Finding] | None:
    """Every replacement in a JSON document, in order; ``None`` when it is none."""
    if not looks_like_json(text):
        return None
    try:
        tree: object = json.loads(text, object_pairs_hook=_Fields)
    except (ValueError, RecursionError):
        return None
    visit = _Visit(text, explains)
    return list(visit.tree(tree, Rule(action=Action.SCAN)))


class _Visit:
    """Walks a parsed document and the leaves of its text in step."""

    def __init__(self, text: str, explains: Explains) -> None:
        self._text = text
        self._leaves = _LEAF.finditer(text)
        self._explains = explains

    def tree(self, tree: object, rule: Rule) -> Iterator[Finding]:
        if isinstance(tree, _Fields):
            yield from self._fields(tree)
        elif isinstance(tree, list):
            for item in cast("list[object]", tree):
                yield from self.tree(item, rule)
        elif isinstance(tree, str):
            yield from self._string(tree, rule)
        elif isinstance(tree, int | float) and not isinstance(tree, bool):
            yield from self._whole(next(self._leaves), rule, tree)

    def _fields(self, fields: _Fields) -> Iterator[Finding]:
        siblings = sibling_rules(tuple(name for name, _ in fields))
        for name, part in fields:
            yield from self._located(next(self._leaves), self._explains.text(name))
            rule = self._explains.rule_of_field(name, siblings)
            yield from self.tree(part, rule)

    def _string(self, value: str, rule: Rule) -> Iterator[Finding]:
        leaf = next(self._leaves)
        if rule.action is not Action.SCAN:
            found = list(self._whole(leaf, rule, value))
            if found or rule.action is not Action.REPLACE:
                yield from found
                return
        inner = explained_document(value, self._explains)
        yield from self._located(leaf, self._explains.text(value) if inner is None else inner)

    def _whole(self, leaf: re.Match[str], rule: Rule, value: str | float) -> Iterator[Finding]:
        redacted = self._explains.leaf(rule, value)
        token = TOKEN.fullmatch(redacted) if isinstance(redacted, str) else None
        if redacted == value or token is None:
            return
        quotes = 1 if isinstance(value, str) else 0
        yield Finding(
            type=_kind_of(token.group()),
            start=leaf.start() + quotes,
            end=leaf.end() - quotes,
            score=1.0,
            detector=_detector(rule, value),
        )

    def _located(self, leaf: re.Match[str], findings: list[Finding]) -> Iterator[Finding]:
        if not findings:
            return
        place = _places(leaf.group()[1:-1])
        for found in findings:
            start, end = leaf.start() + 1 + place(found.start), leaf.start() + 1 + place(found.end)
            yield replace(found, start=start, end=end)


def _detector(rule: Rule, value: str | float) -> str:
    if rule.action is Action.REPLACE:
        return _BY_KEY
    return _BY_IDENTIFIER if isinstance(value, str) else _BY_NUMBER


def _kind_of(token: str) -> str:
    """The first word of a token: what it stands for."""
    inner = token.strip("<>")
    return re.split(r"_(?=[a-z2-7]{8}(?:_|\Z))", inner)[0]


def _places(raw: str) -> Callable[[int], int]:
    """Where a character of a decoded string is in the string as it is written."""
    decoded: list[int] = []
    after: list[int] = []
    shift = position = 0
    while escape := _ESCAPE.search(raw, position):
        pair = _PAIR.match(raw, escape.start())
        end = pair.end() if pair else escape.end()
        shift += end - escape.start() - 1
        decoded.append(end - shift)
        after.append(shift)
        position = end

    def place(offset: int) -> int:
        index = bisect_right(decoded, offset) - 1
        return offset + (after[index] if index >= 0 else 0)

    return place
