"""Which parts of a run of digits are phone numbers, and where each of them ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.checks import digits_of
from trainingloop.processor._detectors.phone_shapes import (
    PART,
    SHAPE,
    UNMISTAKABLE,
    has_phone_shape,
    is_unmistakable,
    may_be_phone,
    part_of,
)
from trainingloop.processor._detectors.phone_words import (
    has_unit,
    hint_of,
    is_link,
    is_softly_named,
)
from trainingloop.processor._detectors.phones import (
    canonical_phone,
    is_bare_phone,
    is_international,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._detectors.look import Look

_GROUP: Final = re.compile(r"[0-9]+")
_GLUED_WORD: Final = re.compile(
    r"(?<![^\W\d_])(?:tel|phone|mobile|mob|mobil|cell|cel|whatsapp|call|fax|telefon|telefono"
    r"|movil|m[oó]vil|handy|fon|ph|gsm|tlf|t[eé]l)[_\-.]?\Z"
)
_EXTENSION: Final = re.compile(
    r"[,;]? ?(?:x|ext\.?|ext=|extension|durchwahl|poste|interno) ?[0-9]{1,6}\b"
)
_BETWEEN_NUMBERS: Final = re.compile(r" [/\-] | {2,3}")

_BEFORE_A_TARGET: Final = re.compile(r"[:/=]\Z|[^\x00-\u20ff][ :]{0,2}\Z")

_MIN_DIGITS: Final = 5
_MAX_DIGITS: Final = 15
_LEAST_NATIONAL: Final = 7
_LONGEST_WRITTEN: Final = 28
_LONGEST_AREA: Final = 8
_LONGEST_WORD: Final = 12
_LONGEST_MESSAGE: Final = 32

_E164: Final = 1.0
_VALID: Final = 0.95
_NAMED: Final = 0.85
_WITH_PLUS: Final = 0.7
_SOFTLY_NAMED: Final = 0.5
_UNSEEN: Final = 0.4


def phones_of_run(look: Look, start: int, end: int) -> Iterator[Match]:
    """The phone numbers in a run of digits and separators.

    A run may be one number, several in a row, or a number beside a count or a house number.
    """
    begin = _with_prefix(look, start)
    if begin < start and "+" in look.text[begin:start]:
        yield from _from_plus(look, begin, start, end)
    elif not _is_glued(look, start, end) or _is_glued_to_a_word(look, start):
        is_area = begin < start and ")" in look.text[start : start + _LONGEST_AREA]
        yield from _national(look, begin if is_area else start, end)


def _from_plus(look: Look, begin: int, start: int, end: int) -> Iterator[Match]:
    if look.text.startswith("tel:", begin - 4):
        begin -= 4
    written = look.text[start:end] if end - start <= _LONGEST_WRITTEN else ""
    if written and is_international(digits_of(written), look):
        yield _match(look, begin, end, _E164 if written.isdigit() else _VALID)
    else:
        yield from _several(look, begin, end, hint=_hint(look, begin, end))


def _national(look: Look, start: int, end: int) -> Iterator[Match]:
    """Numbers without a country code."""
    written = look.text[start:end] if end - start <= _LONGEST_WRITTEN else ""
    if written.isdigit():
        yield from _bare(look, start, end, written)
        return
    if not look.may_go_on():
        yield from _unseen(look, start, end)
        return
    if is_unmistakable(written):
        yield _match(look, start, end, UNMISTAKABLE)
        return
    if written.startswith("00") and is_international(digits_of(written)[2:], look):
        yield _match(look, start, end, _VALID)
        return
    yield from _by_context(look, start, end, is_shape=bool(written) and has_phone_shape(written))


def _by_context(look: Look, start: int, end: int, *, is_shape: bool) -> Iterator[Match]:
    """What only the words around it, or the lack of words against it, make a phone number."""
    is_strong = is_shape and look.text[start] in "(0"
    hint = _hint(look, start, end, is_strong=is_strong)
    if is_shape and hint is not False:
        if hint or not has_unit(look.before(start), look.after(end)):
            yield _match(look, start, end, _NAMED if hint else SHAPE)
        return
    if hint:
        yield from _several(look, start, end, hint=hint)
        return
    parts = list(_parts(look, start, end, hint=hint))
    yield from parts
    if not parts and hint is None:
        yield from _segments(look, start, end)


def _bare(look: Look, start: int, end: int, written: str) -> Iterator[Match]:
    """A number without any separator: rarely a phone number unless something says so."""
    if len(written) > _MAX_DIGITS + 2:
        return
    is_shape = has_phone_shape(written)
    head = look.text[max(0, start - 3) : start]
    if is_shape or look.speaks_of_phones or _BEFORE_A_TARGET.search(head):
        before = look.before(start)
        hint = True if is_link(before) else hint_of(before, look.after(end))
        if hint or (is_shape and hint is None):
            yield _match(look, start, end, _NAMED if hint else SHAPE)
        if hint is not None:
            return
    if is_shape or len(written) < _LEAST_NATIONAL:
        return
    if written.startswith("00") and is_international(written[2:], look):
        yield _match(look, start, end, _VALID)
    elif _is_all(look.text, written):
        yield _match(look, start, end, _NAMED)
    elif is_softly_named(look.lower, start, end):
        yield _match(look, start, end, _SOFTLY_NAMED)


def _parts(look: Look, start: int, end: int, *, hint: bool | None) -> Iterator[Match]:
    """Numbers of a particular shape that are not the whole of a run."""
    position = start
    while found := PART.search(look.text, position, end):
        if not look.may_go_on():
            yield from _unseen(look, position, end)
            return
        begin, written = found.start(), found.group()
        length, score = part_of(written)
        if not length or (hint is False and score < UNMISTAKABLE):
            position = begin + len(written.split(" ", 1)[0])
            continue
        position = begin + length
        yield _match(look, begin, position, score)


def _segments(look: Look, start: int, end: int) -> Iterator[Match]:
    """Numbers side by side with a wide gap between them."""
    position = start
    gaps = [gap.span() for gap in _BETWEEN_NUMBERS.finditer(look.text, start, end)]
    if not gaps:
        return
    for gap_start, gap_end in [*gaps, (end, end)]:
        if not look.may_go_on():
            yield from _unseen(look, position, end)
            return
        written = look.text[position:gap_start]
        if _LEAST_NATIONAL <= len(written) <= _LONGEST_WRITTEN and has_phone_shape(written):
            yield _match(look, position, gap_start, SHAPE)
        position = gap_end


def _several(look: Look, start: int, end: int, *, hint: bool | None) -> Iterator[Match]:
    """The numbers in a run that begins with a plus sign or is called a phone number."""
    text = look.text
    groups = [found.span() for found in _GROUP.finditer(text, start, end)]
    groups[0] = (start, groups[0][1])
    index = 0
    while index < len(groups):
        if not look.may_go_on():
            yield from _unseen(look, groups[index][0], end)
            return
        last = _last_group(look, groups, index, hint)
        if last is not None:
            begin = _with_bracket(text, groups[index][0])
            score = _WITH_PLUS if "+" in text[begin : begin + 2] else _NAMED
            yield _match(look, begin, groups[last][1], score)
        index = index + 1 if last is None else last + 1


def _unseen(look: Look, start: int, end: int) -> Iterator[Match]:
    """All of a run that nobody can look at any more, unless it is too short for a number."""
    if end - start >= _LEAST_NATIONAL:
        value = digits_of(look.text[start:end])
        yield Match(start=start, end=end, entity=Entity.PHONE, value=value, score=_UNSEEN)


def _match(look: Look, start: int, end: int, score: float) -> Match:
    extension = _EXTENSION.match(look.lower, end)
    stop = extension.end() if extension else end
    value = canonical_phone(look.text[start:end], look)
    return Match(start=start, end=stop, entity=Entity.PHONE, value=value, score=score)


def _hint(look: Look, start: int, end: int, *, is_strong: bool = False) -> bool | None:
    before, after = look.before(start), look.after(end)
    return True if is_link(before) else hint_of(before, after, is_strong=is_strong)


def _last_group(
    look: Look, groups: list[tuple[int, int]], first: int, hint: bool | None
) -> int | None:
    """The group a phone number that begins with the group ``first`` ends with, if one does."""
    text = look.text
    begin = _with_bracket(text, groups[first][0])
    if first and text[begin - 1] not in " /":
        return None
    ends = _possible_ends(text, groups, first)
    spellings = [(last, text[begin : groups[last][1]]) for last in reversed(ends)]
    if text[begin] == "+" or text.startswith("(+", begin):
        return _international_end(look, spellings)
    for last, written in spellings:
        if is_unmistakable(written):
            return last
    if hint:
        return next((last for last, written in spellings if may_be_phone(written)), None)
    return next((last for last, written in spellings if has_phone_shape(written)), None)


def _possible_ends(text: str, groups: list[tuple[int, int]], first: int) -> list[int]:
    """Where a number may end: it has a plausible length, and the run ends or pauses there."""
    ends: list[int] = []
    count = 0
    for index in range(first, len(groups)):
        start, end = groups[index]
        count += sum(map(str.isdigit, text[start:end])) if index == first else end - start
        if count > _MAX_DIGITS:
            break
        is_apart = index == len(groups) - 1 or text[end] in " /"
        if count >= _MIN_DIGITS and is_apart:
            ends.append(index)
    return ends


def _international_end(look: Look, spellings: list[tuple[int, str]]) -> int | None:
    """The longest valid number; where none is valid, all of it, for it may be a new one."""
    long = [
        (last, digits)
        for last, written in spellings
        if len(digits := digits_of(written)) >= _LEAST_NATIONAL
    ]
    valid = (last for last, digits in long if is_international(digits, look))
    return next(valid, long[0][0] if long else None)


def _with_bracket(text: str, start: int) -> int:
    return start - 1 if text[start - 1 : start] == "(" else start


def _is_all(text: str, written: str) -> bool:
    """A message that is nothing but a number answers the question for one."""
    return len(text) < _LONGEST_MESSAGE and text.strip() == written and is_bare_phone(written)


def _with_prefix(look: Look, start: int) -> int:
    """Where the number begins when its plus sign and bracket are counted in."""
    text = look.text
    begin = start - 1 if text[start - 1 : start] == "(" else start
    head = text[max(0, begin - 3) : begin].rstrip(" ")
    # A plus sign after a number or a bracket is arithmetic.
    if not head.endswith("+") or (len(head) > 1 and (head[-2].isdigit() or head[-2] == ")")):
        return begin
    if text[begin - 1] == "+":
        begin -= 1
        return begin - 1 if text[begin - 1 : begin] == "(" else begin
    is_coded = text[begin - 2] == "+" and is_international(
        digits_of(text[start : start + 24]), look
    )
    return begin - 2 if is_coded else begin


def _is_glued_to_a_word(look: Look, start: int) -> bool:
    before = look.lower[max(0, start - _LONGEST_WORD) : start]
    return is_link(before) or _GLUED_WORD.search(before) is not None


def _is_glued(look: Look, start: int, end: int) -> bool:
    """Whether the run is a part of a word, a decimal number or a file name."""
    text = look.text
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before in {"_", "#"}:
        return True
    if before and before in "-.,:" and text[start - 2 : start - 1].isalnum():
        # A colon or a comma between digits is a time or an amount; after a word it is none.
        return before in "-." or text[start - 2].isdigit()
    if after and after in "-_" and text[end + 1 : end + 2].isalpha():
        return True
    return (after.isalpha() and not _EXTENSION.match(look.lower, end)) or after == "%"
