"""A second look at parts of a text, without what splits a value in two: marks, tags, line ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from trainingloop.processor._entities import Match
from trainingloop.processor._normalise import edited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Detector
    from trainingloop.processor._normalise import Plain

_REACH: Final = 160
"""How much of the text around a part is looked at with it."""

_INLINE: Final = "a|b|i|u|s|em|strong|span|mark|font|code|small|sub|sup|wbr|tt|kbd|samp|bdi"
_MARK: Final = (
    rf"(?:\*{{1,3}}+|_{{1,3}}+|`{{1,3}}+|~~|</?(?:{_INLINE})(?:\s[^<>\n]{{0,80}}+)?/?>"
    r"|<!--[^<>\n]{0,40}+-->)"
)
# Emphasis or a tag in the middle of a number or of an address. An underscore in the middle of a
# word is a part of a name.
_MARKS: Final = re.compile(
    rf"(?:{_MARK}){{1,4}}+(?:[ ](?:{_MARK}){{1,4}}+)?(?=[ \-.]?[0-9(@<*`]|\w)", re.IGNORECASE
)
_BEFORE_MARKS: Final = re.compile(r"[0-9)@>*`][ \-.]?\Z|\w\Z")
# One of these begins or ends whatever splits a value; most chat has none of them.
_HINT: Final = re.compile(r"[*`~_<@\n+]")
_MARK_HINTS: Final = ("*", "`", "~~", "__", "</")
_SPACED_OUT: Final = re.compile(r"[^\s](?<![^\s].)(?:[ ][^\s](?![^\s])){6,128}+")
_LINE_END: Final = re.compile(r"\r?\n[ \t]{0,4}+(?=[0-9(])")
_BROKEN_BEFORE: Final = re.compile(
    r"(?:\+[0-9]{1,3}|[0-9)][ .\-()]{1,3}[0-9]{1,5}|[0-9]-)[ \-]?\Z|\([0-9]{2,5}\) ?\Z"
)
_BROKEN_AFTER: Final = re.compile(r"[0-9(]{1,5}[ .\-)]{1,2}[0-9]{2,5}(?![.,/:0-9])")
_BROKEN_REACH: Final = 16
_QUERY_NUMBER: Final = re.compile(r"=\+?[0-9]{1,4}(?:\+[0-9]{2,5}){2,5}+(?![0-9])")


_Edit: TypeAlias = tuple[int, int, str]
"""Where a part of a text begins and ends, and what is read in its place."""


def reread(form: Plain, detect: Detector) -> Iterator[Match]:
    """What shows only when the parts of a value are read as one, in offsets of ``form``."""
    if not _HINT.search(form.text):
        return
    edits = sorted(_edits(form.text))
    for begin, end, own in _regions(edits, len(form.text)):
        moved = ((start - begin, stop - begin, new) for start, stop, new in own)
        part = edited(form.text[begin:end], moved)
        for match in detect(part):
            if part.is_rewritten(match.start, match.end):
                yield Match(
                    start=begin + part.start_of(match.start),
                    end=begin + part.end_of(match.end),
                    entity=match.entity,
                    value=match.value,
                    score=match.score,
                    detector=match.detector,
                )


def _edits(text: str) -> Iterator[_Edit]:
    if any(hint in text for hint in _MARK_HINTS):
        yield from _marks(text)
    if " @ " in text:
        yield from _spaced_out(text)
    if "\n" in text:
        yield from _line_ends(text)
    if "+" in text and "=" in text:
        for number in _QUERY_NUMBER.finditer(text):
            for index in range(number.start() + 2, number.end()):
                if text[index] == "+":
                    yield index, index + 1, " "


def _marks(text: str) -> Iterator[_Edit]:
    for marks in _MARKS.finditer(text):
        start, end = marks.span()
        if _BEFORE_MARKS.search(text, max(0, start - 2), start):
            yield start, end, " " if " " in marks.group() else ""


def _spaced_out(text: str) -> Iterator[_Edit]:
    for row in _SPACED_OUT.finditer(text):
        if "@" in row.group():
            for index in range(row.start() + 1, row.end(), 2):
                yield index, index + 1, ""


def _line_ends(text: str) -> Iterator[_Edit]:
    """Line ends in a number of which a half stands on each line; a column of numbers is none."""
    for line_end in _LINE_END.finditer(text):
        start, end = line_end.span()
        is_cut = _BROKEN_BEFORE.search(text, max(0, start - _BROKEN_REACH), start)
        is_digit = text[start - 1 : start].isdigit()
        if is_cut or (is_digit and _BROKEN_AFTER.match(text, end)):
            yield start, end, "" if text[start - 1] == "-" else " "


def _regions(edits: list[_Edit], length: int) -> Iterator[tuple[int, int, list[_Edit]]]:
    """The parts of the text around edits, those that overlap taken together."""
    own: list[_Edit] = []
    begin = last = 0
    for edit in edits:
        start, end, _ = edit
        if own and start < last:
            continue
        if own and start - _REACH > last + _REACH:
            yield begin, min(length, last + _REACH), own
            own = []
        if not own:
            begin = max(0, start - _REACH)
        own.append(edit)
        last = end
    if own:
        yield begin, min(length, last + _REACH), own
