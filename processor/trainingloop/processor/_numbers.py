"""Finds in runs of digits: cards and phone numbers, told from dates, ids and amounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._checks import is_card_number
from trainingloop.processor._entities import MASK, Entity, Match
from trainingloop.processor._phones import (
    canonical_phone,
    is_bare_phone,
    is_international,
    is_link,
    is_phone,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

# Separators and digits are disjoint and the repeat is possessive: one pass, no backtracking.
_RUN: Final = re.compile(r"[0-9](?:[ ().\-/]{0,3}+[0-9]){4,}+")
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_DATE: Final = re.compile(
    rf"(?<![0-9])(?:{_YEAR}([\-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])([\-/.])(?:0?[1-9]|[12][0-9]|3[01])\2{_YEAR})"
    r"(?![0-9]|[\-/.][0-9])"
)
_GROUP: Final = re.compile(r"[0-9]+")
_HEX_WORD: Final = re.compile(r"[0-9a-f]{4,}(?:-?[0-9a-f]{4,})*")
_BEFORE_WORD: Final = re.compile(r"[0-9A-Za-z_\-]{1,64}\Z")
_AFTER_WORD: Final = re.compile(r"[0-9A-Za-z_\-]{1,64}")
_GLUED_WORD: Final = re.compile(
    r"(?<![^\W\d_])(?:tel|phone|mobile|cell|whatsapp|call|fax|telefon|telefono|movil|handy)"
    r"[_\-]?\Z"
)
_CARD_WORDS: Final = re.compile(
    r"\b(?:card|visa|mastercard|amex|american express|credit|debit|pan|tarjeta|kreditkarte|karte"
    r"|carte|carta|cart[aã]o)\b"
)
_EXTENSION: Final = re.compile(r" ?(?:x|ext\.?|extension|durchwahl) ?[0-9]{1,6}\b")

_PLUS: Final = re.compile(r"(?<![0-9)])\+\Z")
_PLUS_AND_SPACE: Final = re.compile(r"(?<![0-9)])\+ \Z")

_CONTEXT: Final = 48
_MAX_CARD_DIGITS: Final = 19
_MIN_CARD_DIGITS: Final = 13


def numbers(plain: Plain) -> Iterator[Match]:
    """Cards and phone numbers."""
    for run in _RUN.finditer(plain.text):
        if _is_word_of_id(plain, run.start(), run.end()):
            continue
        for start, end in _without_dates(run):
            cards = list(_cards(plain, start, end))
            yield from cards
            if not cards:
                yield from _phones(plain, start, end)


def _without_dates(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The parts of a run between the dates in it, without separators at their ends."""
    position = run.start()
    for date in _DATE.finditer(run.string, run.start(), run.end()):
        yield from _trimmed(run.string, position, date.start())
        position = date.end()
    yield from _trimmed(run.string, position, run.end())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start] in " ).-/":
        start += 1
    while end > start and text[end - 1] in " (.-/":
        end -= 1
    if end - start >= 5:
        yield start, end


def _is_word_of_id(plain: Plain, start: int, end: int) -> bool:
    """Whether the run is a part of a UUID, a hash or a trace id."""
    text = plain.lower
    before, after = text[start - 1 : start], text[end : end + 1]
    if not (before.isalnum() or before == "-" or after.isalnum() or after == "-"):
        return False
    head = _BEFORE_WORD.search(text, max(0, start - 64), start)
    tail = _AFTER_WORD.match(text, end)
    word = (head.group() if head else "") + text[start:end] + (tail.group() if tail else "")
    has_letter = any("a" <= character <= "f" for character in word)
    return has_letter and len(word) >= 16 and _HEX_WORD.fullmatch(word) is not None


def _cards(plain: Plain, start: int, end: int) -> Iterator[Match]:
    """Card numbers made of whole neighbouring groups of a run, leftmost longest."""
    groups = [found.span() for found in _GROUP.finditer(plain.text, start, end)]
    index = 0
    while index < len(groups):
        last = _card_end(plain.text, groups, index)
        if last is None:
            index += 1
            continue
        card_start, card_end = groups[index][0], groups[last][1]
        digits = _digits(plain.text[card_start:card_end])
        yield Match(start=card_start, end=card_end, entity=Entity.CARD, value=digits)
        index = last + 1
    if len(groups) == 4 and _looks_like_card(plain, groups):
        yield Match(start=start, end=end, entity=Entity.CARD, value="")


def _card_end(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    digits, found = "", None
    for index in range(first, len(groups)):
        group_start, group_end = groups[index]
        if len(digits) + group_end - group_start > _MAX_CARD_DIGITS:
            break
        digits += text[group_start:group_end]
        if len(digits) >= _MIN_CARD_DIGITS and is_card_number(digits):
            found = index
    return found


def _looks_like_card(plain: Plain, groups: list[tuple[int, int]]) -> bool:
    """A number in the card layout that is named as one, though a digit of it is wrong."""
    if any(end - start != 4 for start, end in groups):
        return False
    begin = groups[0][0]
    return _CARD_WORDS.search(plain.lower, max(0, begin - _CONTEXT), begin) is not None


def _phones(plain: Plain, start: int, end: int) -> Iterator[Match]:
    start = _with_prefix(plain.text, start)
    before = plain.lower[max(0, start - _CONTEXT) : start].rpartition(MASK)[2]
    if _is_glued(plain, start, end) and not (_GLUED_WORD.search(before) or is_link(before)):
        return
    for begin, stop in _single_numbers(plain.text, start, end):
        after = plain.lower[stop : stop + _CONTEXT]
        written = plain.text[begin:stop]
        if is_phone(written, before, after) or _is_all(plain.text, begin, stop):
            extension = _EXTENSION.match(plain.lower, stop)
            yield Match(
                start=begin,
                end=extension.end() if extension else stop,
                entity=Entity.PHONE,
                value=canonical_phone(written),
            )


def _is_all(text: str, start: int, end: int) -> bool:
    """A message that is nothing but a number answers the question for one."""
    return len(text) < 32 and text.strip() == text[start:end] and is_bare_phone(text[start:end])


def _with_prefix(text: str, start: int) -> int:
    """Where the number begins when its plus sign and bracket are counted in."""
    begin = start
    if text[begin - 1 : begin] == "(":
        begin -= 1
    head = text[max(0, begin - 3) : begin]
    # A plus sign after a number or a bracket is arithmetic.
    if _PLUS.search(head):
        begin -= 1
        begin -= text[begin - 1 : begin] == "("
    elif _PLUS_AND_SPACE.search(head) and is_international(_digits(text[start : start + 24])):
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


def _single_numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The run itself, or its parts when it is too long to be one number."""
    if sum(map(str.isdigit, text[start : min(end, start + 64)])) <= 15:
        yield start, end
        return
    for found in _IN_A_ROW.finditer(text, start, end):
        yield found.span()


_IN_A_ROW: Final = re.compile(
    r"\(?[2-9][0-9]{2}\)?[ .\-]{1,3}[0-9]{3}[ .\-]{1,3}[0-9]{4}(?![0-9])"
    r"|\+ ?[0-9]{7,15}(?![0-9])|\+ ?[0-9]{1,3}(?:[ .\-][0-9]{1,6}){2,4}(?![0-9])"
)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
