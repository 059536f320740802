"""Which parts of a run of digits are phone numbers, and where each of them ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.phones import (
    canonical_phone,
    digits_of,
    hint_of,
    is_bare_phone,
    is_international,
    is_likely,
    is_link,
    is_unmistakable,
)
from trainingloop.processor._entities import MASK, Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_GROUP: Final = re.compile(r"[0-9]+")
_GLUED_WORD: Final = re.compile(
    r"(?<![^\W\d_])(?:tel|phone|mobile|cell|whatsapp|call|fax|telefon|telefono|movil|handy)"
    r"[_\-]?\Z"
)
_EXTENSION: Final = re.compile(r" ?(?:x|ext\.?|extension|durchwahl) ?[0-9]{1,6}\b")
# A plus sign after a number or a bracket is arithmetic.
_PLUS: Final = re.compile(r"(?<![0-9)])\+\Z")
_PLUS_AND_SPACE: Final = re.compile(r"(?<![0-9)])\+ \Z")

_CONTEXT: Final = 48
_MIN_DIGITS: Final = 5
_MAX_DIGITS: Final = 15
_LEAST_WITH_PLUS: Final = 7


def phones_of_run(plain: Plain, start: int, end: int) -> Iterator[Match]:
    """The phone numbers in a run of digits and separators.

    A run may be one number, several in a row, or a number beside a count or a house number.
    """
    start = _with_prefix(plain.text, start)
    before = plain.lower[max(0, start - _CONTEXT) : start].rpartition(MASK)[2]
    if _is_glued(plain, start, end) and not (_GLUED_WORD.search(before) or is_link(before)):
        return
    hint = True if is_link(before) else hint_of(before, plain.lower[end : end + _CONTEXT])
    if hint is None and _is_all(plain.text, start, end):
        hint = True
    groups = [found.span() for found in _GROUP.finditer(plain.text, start, end)]
    groups[0] = (start, groups[0][1])
    index = 0
    while index < len(groups):
        last = _last_group(plain.text, groups, index, hint)
        if last is not None:
            yield _match(plain, _with_bracket(plain.text, groups[index][0]), groups[last][1])
        index = index + 1 if last is None else last + 1


def _match(plain: Plain, start: int, end: int) -> Match:
    written = plain.text[start:end]
    extension = _EXTENSION.match(plain.lower, end)
    stop = extension.end() if extension else end
    return Match(start=start, end=stop, entity=Entity.PHONE, value=canonical_phone(written))


def _last_group(
    text: str, groups: list[tuple[int, int]], first: int, hint: bool | None
) -> int | None:
    """The group a phone number that begins with the group ``first`` ends with, if one does."""
    begin = _with_bracket(text, groups[first][0])
    if first and text[begin - 1] != " ":
        return None
    ends = _possible_ends(text, groups, first)
    spellings = [(last, text[begin : groups[last][1]]) for last in reversed(ends)]
    if text[begin] == "+" or text.startswith("(+", begin):
        return _international_end(spellings)
    for last, written in spellings:
        if is_unmistakable(written):
            return last
    return next((last for last, written in spellings if is_likely(written, hint)), None)


def _possible_ends(text: str, groups: list[tuple[int, int]], first: int) -> list[int]:
    """Where a number may end: it has a plausible length, and the run ends or pauses there."""
    ends: list[int] = []
    count = 0
    for index in range(first, len(groups)):
        start, end = groups[index]
        count += sum(map(str.isdigit, text[start:end])) if index == first else end - start
        if count > _MAX_DIGITS:
            break
        is_apart = index == len(groups) - 1 or text[end] == " "
        if count >= _MIN_DIGITS and is_apart:
            ends.append(index)
    return ends


def _international_end(spellings: list[tuple[int, str]]) -> int | None:
    """The longest valid number; where none is valid, all of it, for it may be a new one."""
    long = [
        (last, digits)
        for last, written in spellings
        if len(digits := digits_of(written)) >= _LEAST_WITH_PLUS
    ]
    valid = (last for last, digits in long if is_international(digits))
    return next(valid, long[0][0] if long else None)


def _with_bracket(text: str, start: int) -> int:
    return start - 1 if text[start - 1 : start] == "(" else start


def _is_all(text: str, start: int, end: int) -> bool:
    """A message that is nothing but a number answers the question for one."""
    return len(text) < 32 and text.strip() == text[start:end] and is_bare_phone(text[start:end])


def _with_prefix(text: str, start: int) -> int:
    """Where the number begins when its plus sign and bracket are counted in."""
    begin = start
    if text[begin - 1 : begin] == "(":
        begin -= 1
    head = text[max(0, begin - 3) : begin]
    if _PLUS.search(head):
        begin -= 1
        begin -= text[begin - 1 : begin] == "("
    elif _PLUS_AND_SPACE.search(head) and is_international(digits_of(text[start : start + 24])):
        begin -= 2
    return begin


def _is_glued(plain: Plain, start: int, end: int) -> bool:
    """Whether the run is a part of a word, a decimal number or a file name."""
    text = plain.text
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] == "+" or text[start : start + 2] == "(+":
        return False
    if before.isalnum() or before in {"_", "#"}:
        return True
    if before in {"-", "."} and text[start - 2 : start - 1].isalnum():
        return True
    if before == "," and text[start - 2 : start - 1].isdigit():
        return True
    if after in {"-", "_"} and text[end + 1 : end + 2].isalpha():
        return True
    return (after.isalpha() and not _EXTENSION.match(plain.lower, end)) or after == "%"
