"""What is replaced in a JSON document, in offsets of the document as it is written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol, cast

from trainingloop.processor._entities import TOKEN
from trainingloop.processor._explain import Finding
from trainingloop.processor._json import looks_like_json
from trainingloop.processor._json_places import Fields, Node, located, places
from trainingloop.processor._key_rules import Action, Rule, sibling_rules
from trainingloop.processor._walk import rule_of_flag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.processor._json import Value

_BY_KEY: Final = "key"
_BY_IDENTIFIER: Final = "identifier"
_BY_NUMBER: Final = "numbers"
_BY_POLICY: Final = "policy"
_DROPPED: Final = "DROPPED"


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
    root = located(text) if looks_like_json(text) else None
    if root is None:
        return None
    return list(_Visit(text, explains).node(root, Rule(action=Action.SCAN)))


class _Visit:
    """Walks a document as redaction does."""

    def __init__(self, text: str, explains: Explains) -> None:
        self._text = text
        self._explains = explains

    def node(self, node: Node, rule: Rule) -> Iterator[Finding]:
        value = node.value
        if rule.action is Action.CAPTURE:
            return
        if rule.action is Action.DROP:
            yield _found(node, _DROPPED, _BY_POLICY)
        elif isinstance(value, Fields):
            yield from self._fields(value, rule)
        elif isinstance(value, list):
            yield from self._items(cast("list[Node]", value), rule)
        elif isinstance(value, str):
            yield from self._string(node, value, rule)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from self._whole(node, value, rule)

    def _fields(self, fields: Fields, rule: Rule) -> Iterator[Finding]:
        siblings = sibling_rules(tuple(str(name.value) for name, _ in fields), rule.inside)
        for name, part in fields:
            written = str(name.value)
            yield from self._located(name, self._explains.text(written))
            yield from self.node(part, self._explains.rule_of_field(written, siblings))

    def _items(self, items: list[Node], rule: Rule) -> Iterator[Finding]:
        for index, item in enumerate(items):
            own = rule_of_flag(items[index - 1].value) if index else None
            yield from self.node(item, own or rule)

    def _string(self, node: Node, value: str, rule: Rule) -> Iterator[Finding]:
        if rule.action is not Action.SCAN and (found := list(self._whole(node, value, rule))):
            yield from found
            return
        inner = None
        if rule.action in {Action.SCAN, Action.REPLACE}:
            inner = explained_document(value, self._explains)
        if inner is None and self._explains.leaf(rule, value) == value:
            return
        yield from self._located(node, self._explains.text(value) if inner is None else inner)

    def _whole(self, node: Node, value: str | float, rule: Rule) -> Iterator[Finding]:
        """The find that is all of a value, if its rule makes it one."""
        redacted = self._explains.leaf(rule, value)
        if redacted == value or not isinstance(redacted, str):
            return
        if redacted and not TOKEN.fullmatch(redacted):
            return
        detector = _BY_IDENTIFIER if isinstance(value, str) else _BY_NUMBER
        if rule.action is Action.REPLACE:
            detector = _BY_KEY
        yield _found(node, _kind_of(redacted) if redacted else rule.entity.value, detector)

    def _located(self, node: Node, findings: list[Finding]) -> Iterator[Finding]:
        if not findings:
            return
        place = places(self._text[node.start : node.end])
        for found in findings:
            start, end = node.start + place(found.start), node.start + place(found.end)
            yield replace(found, start=start, end=end)


def _found(node: Node, kind: str, detector: str) -> Finding:
    return Finding(type=kind, start=node.start, end=node.end, score=1.0, detector=detector)


def _kind_of(token: str) -> str:
    """The first word of a token: what it stands for."""
    inner = token.strip("<>")
    return re.split(r"_(?=[a-z2-7]{8}(?:_|\Z))", inner)[0]
