"""YAML as plain values with the line of each, read so that no document can do harm.

The number of values is bounded with every alias counted in full, so a small file cannot unfold
into a huge one; nesting is bounded; a name that stands twice in one map is a fault and not a
silent choice. Of the words that YAML takes
for truth values only ``true`` and ``false`` are: ``names: off`` says "off".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

import yaml

from trainingloop.processor._policy.problems import Problem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as FilePath

Path: TypeAlias = tuple[str | int, ...]

_LARGEST_BYTES: Final = 1024 * 1024
_DEEPEST: Final = 16
_MOST_VALUES: Final = 100_000
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT: Final = re.compile(r"[-+]?[0-9]{0,18}\.[0-9]{1,18}(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


@dataclass(slots=True, kw_only=True)
class Tree:
    """A document and where its parts are written."""

    source: str
    value: object = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    problems: list[Problem] = field(default_factory=list[Problem])
    faulty: set[Path] = field(default_factory=set[Path])
    is_whole: bool = True
    """Whether ``value`` is all the file says, so that it is worth judging."""

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it; 0 where nothing was a file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1 if self.lines else 0)

    def object_to(self, path: Path, message: str) -> None:
        """Remember a fault of one part, named by its path."""
        where = label(path)
        text = f"{where}: {message}" if where else message
        self.problems.append(Problem(source=self.source, line=self.line(path), message=text))
        self.faulty.add(path)

    def is_faulty(self, path: Path) -> bool:
        """Whether something in the part at ``path`` was objected to."""
        return any(fault[: len(path)] == path for fault in self.faulty)


class _BrokenOffError(Exception):
    """What follows cannot be made sense of; the reason is among the problems."""


def label(path: Path) -> str:
    """A path as people write it: ``recognizers[2].patterns``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def read_tree(text: str, source: str) -> Tree:
    """The values of a YAML document; what is wrong with it is among its problems."""
    tree = Tree(source=source)
    try:
        _Reader(tree, yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _break_off(tree, mark.line + 1 if mark else 0, _syntax(error, text))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        _break_off(tree, line, "a control character cannot stand in YAML: remove it")
    except _BrokenOffError:
        tree.is_whole = False
    return tree


def read_file(path: FilePath) -> Tree:
    """The values of a YAML file; what is wrong with it is among its problems."""
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        return _unreadable(path, f"{reason}: name a file that this user can read")
    if len(raw) > _LARGEST_BYTES:
        return _unreadable(path, "it is larger than 1 MiB: no such file needs that")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(path, "this is not UTF-8: save the file in that encoding", line)
    return read_tree(text, path.name)


def _unreadable(path: FilePath, message: str, line: int = 0) -> Tree:
    problem = Problem(source=str(path), line=line, message=message)
    return Tree(source=path.name, problems=[problem], is_whole=False)


def _break_off(tree: Tree, line: int, message: str) -> None:
    tree.is_whole = False
    tree.problems.append(Problem(source=tree.source, line=line, message=message))


def _syntax(error: yaml.MarkedYAMLError, text: str) -> str:
    lines = text.splitlines()
    at = error.problem_mark.line if error.problem_mark else len(lines)
    if at < len(lines) and lines[at].lstrip(" ").startswith("\t"):
        return "a tab is no indentation in YAML: use spaces"
    return f"this is not YAML ({error.problem}): check the indentation, colons and quotes"


class _Reader:
    """Builds the values from the events of the parser; what an alias stands for is not copied."""

    def __init__(self, tree: Tree, events: Iterator[yaml.Event]) -> None:
        self._tree = tree
        self._events = events
        self._count = 0
        self._anchors: dict[str, tuple[object, int]] = {}

    def document(self) -> None:
        """Read the one document; more than one is a fault, none is an empty policy."""
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
            elif isinstance(event, yaml.NodeEvent) and count == 1:
                self._tree.value = self._node(event, ())
            elif isinstance(event, yaml.NodeEvent):
                self._stop(event, "a second document: keep one and remove the line with '---'")

    def _node(self, event: yaml.Event, path: Path) -> object:
        # The line of a field is that of its name, which was seen first.
        self._tree.lines.setdefault(path, _line(event))
        anchor = str(event.anchor or "") if isinstance(event, yaml.NodeEvent) else ""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, anchor)
        before = self._count
        value = self._own_value(event, path)
        if anchor:
            self._anchors[anchor] = value, self._count - before
        return value

    def _own_value(self, event: yaml.Event, path: Path) -> object:
        if tag := str(getattr(event, "tag", None) or ""):
            self._stop(event, f"the tag {quoted(tag)} is not allowed: remove it")
        if len(path) > _DEEPEST:
            self._stop(event, f"nested more than {_DEEPEST} levels deep: nothing here is")
        self._add(event, 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _alias(self, event: yaml.Event, anchor: str) -> object:
        if anchor not in self._anchors:
            self._stop(event, f"the alias {quoted(anchor)} stands for nothing above it")
        value, count = self._anchors[anchor]
        self._add(event, count)
        return value

    def _add(self, event: yaml.Event, count: int) -> None:
        self._count += count
        if self._count > _MOST_VALUES:
            self._stop(event, f"more than {_MOST_VALUES:,} values, aliases counted in full")

    def _mapping(self, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(event, "the name of a setting must be plain text")
            name = event.value
            own = (*path, name)
            if name in result:
                first = self._tree.lines[own]
                self._fault(event, f"{label(own)} stands twice, first in line {first}: keep one")
            self._tree.lines.setdefault(own, _line(event))
            result[name] = self._node(next(self._events), own)
        return result

    def _sequence(self, path: Path) -> list[object]:
        result: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.append(self._node(event, (*path, len(result))))
        return result

    def _fault(self, event: yaml.Event, message: str) -> None:
        problem = Problem(source=self._tree.source, line=_line(event), message=message)
        self._tree.problems.append(problem)

    def _stop(self, event: yaml.Event, message: str) -> NoReturn:
        self._fault(event, message)
        raise _BrokenOffError


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> object:
    text = event.value
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
