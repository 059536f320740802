"""Finds in runs of digits: cards and phone numbers, told from dates, ids and amounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.checks import is_card_number
from trainingloop.processor._detectors.phone_runs import phones_of_run
from trainingloop.processor._entities import Entity, Match

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
_CARD_WORDS: Final = re.compile(
    r"\b(?:card|visa|mastercard|amex|american express|credit|debit|pan|tarjeta|kreditkarte|karte"
    r"|carte|carta|cart[aã]o)\b"
)


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
                yield from phones_of_run(plain, start, end)


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


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
