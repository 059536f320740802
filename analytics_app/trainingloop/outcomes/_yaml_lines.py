"""YAML as plain values with the line of each, and what is wrong with them.

A file of rules needs no aliases and no tags, so none are taken, and a small file stays small.
Of the words that YAML takes for truth values only ``true`` and ``false`` are: ``off`` is a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, cast

import yaml

from trainingloop.processor.policy import Problem

if TYPE_CHECKING:
    from pathlib import Path as FilePath

Path: TypeAlias = tuple[str | int, ...]

_LARGEST_BYTES: Final = 256 * 1024
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}")
_WORDS: Final[dict[str, bool | None]] = {
    "true": True, "false": False, "": None, "~": None, "null": None
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Document:
    """What a file says and where, and every objection to it."""

    source: str
    value: object = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    problems: list[Problem] = field(default_factory=list[Problem])
    is_whole: bool = True
    """Whether ``value`` is all the file says, so that it is worth judging."""

    def object_to(self, path: Path, message: str) -> None:
        """Remember a fault of the part at ``path``."""
        inner = path
        while inner and inner not in self.lines:
            inner = inner[:-1]
        where = ".".join(map(str, path))
        text = f"{where}: {message}" if where else message
        line = self.lines.get(inner, 1)
        self.problems.append(Problem(source=self.source, line=line, message=text))


class _BrokenOffError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_document(given: FilePath | str) -> Document:
    """The values of a YAML file, or of a text; what is wrong with it is among its problems."""
    document = Document(source="the rules" if isinstance(given, str) else given.name)
    try:
        text = given if isinstance(given, str) else _text(given)
        _refuse_aliases_and_tags(text)
        node = yaml.compose(text, yaml.SafeLoader)
        document.value = _value(document, node, ()) if node else None
    except _BrokenOffError as error:
        _break_off(document, error.line, str(error))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = f"this is not YAML ({error.problem}): check the indentation, colons and quotes"
        _break_off(document, mark.line + 1 if mark else 0, reason)
    except yaml.YAMLError:
        _break_off(document, 0, "a control character cannot stand in YAML: remove it")
    except RecursionError:
        _break_off(document, 0, "this is nested too deeply: no rule needs that")
    return document


def _break_off(document: Document, line: int, message: str) -> None:
    document.is_whole = False
    document.problems.append(Problem(source=document.source, line=line, message=message))


def _text(path: FilePath) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise _BrokenOffError(0, f"{reason}: name a file that this user can read") from error
    if len(raw) > _LARGEST_BYTES:
        raise _BrokenOffError(0, "it is larger than 256 KiB: no rules need that")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _BrokenOffError(line, "this is not UTF-8: save the file in that encoding") from error


def _refuse_aliases_and_tags(text: str) -> None:
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise _BrokenOffError(line, "an alias is not allowed: write out what it stands for")
        if getattr(event, "tag", None):
            raise _BrokenOffError(line, "a tag, which '!' begins, is not allowed: remove it")


def _value(document: Document, node: yaml.Node, path: Path) -> object:
    # The line of a field is that of its name, which was seen first.
    document.lines.setdefault(path, _line(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, yaml.SequenceNode):
        items = cast("list[yaml.Node]", node.value)
        return [_value(document, item, (*path, index)) for index, item in enumerate(items)]
    return _scalar(node)


def _mapping(document: Document, node: yaml.MappingNode, path: Path) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        if not isinstance(key, yaml.ScalarNode):
            raise _BrokenOffError(_line(key), "the name of a setting must be plain text")
        name = str(key.value)
        own = (*path, name)
        if name in result:
            first = document.lines[own]
            document.lines[own] = _line(key)
            document.object_to(own, f"it stands twice, first in line {first}: keep one")
        document.lines.setdefault(own, _line(key))
        result[name] = _value(document, value, own)
    return result


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _INTEGER.fullmatch(text) else text


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 0
