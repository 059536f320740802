"""Finds in runs of digits: cards and phone numbers, told from dates, ids and amounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.cards import cards_of_run
from trainingloop.processor._detectors.look import Look
from trainingloop.processor._detectors.phone_runs import phones_of_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain

# Separators and digits are disjoint and the repeat is possessive: one pass, no backtracking.
_RUN: Final = re.compile(r"[0-9](?:[ ().\-/]{0,3}+[0-9]){4,}+")
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_DATE: Final = re.compile(
    rf"(?<![0-9])(?:{_YEAR}([\-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])([\-/.])(?:0?[1-9]|[12][0-9]|3[01])\2{_YEAR})"
    r"(?![0-9]|[\-/.][0-9])"
)
_HEX_WORD: Final = re.compile(r"[0-9a-f]{4,}+(?:-[0-9a-f]{4,}+)*+")
_HEX_LETTER: Final = re.compile(r"[a-f]")
_REST_OF_WORD: Final = re.compile(r"[0-9A-Za-z_\-]{0,64}+")
_FRACTION: Final = re.compile(r"[0-9]\.[0-9]+")
_LEAST_UNNAMED: Final = 7
_SEPARATORS: Final = str.maketrans("", "", " ().-/")
_LEAST_CARD: Final = 12
_LEAST_DATE: Final = 8
_MOST_DATE: Final = 10
_LEAST_ID: Final = 16


def numbers(plain: Plain) -> Iterator[Match]:
    """Cards and phone numbers."""
    look: Look | None = None
    for run in _RUN.finditer(plain.text):
        start, end = run.span()
        written = run.group()
        if written[1] == "." and _FRACTION.fullmatch(written):
            continue
        # Most runs in chats are dates: a look at the words around them would be wasted.
        if end - start <= _MOST_DATE and _DATE.fullmatch(written):
            continue
        look = look or Look(plain)
        if end - start < _LEAST_UNNAMED and not look.speaks_of_phones:
            continue
        if _is_word_of_id(plain, start, end):
            continue
        if len(written) >= _LEAST_DATE and ("20" in written or "19" in written):
            for part_start, part_end in _without_dates(run):
                yield from _in_part(look, part_start, part_end)
        else:
            yield from _in_part(look, start, end)


def _in_part(look: Look, start: int, end: int) -> Iterator[Match]:
    """The cards in a run, and the phone numbers in what is left of it."""
    if end - start >= _LEAST_CARD:
        written = look.text[start:end]
        if len(written.translate(_SEPARATORS)) >= _LEAST_CARD:
            for card in cards_of_run(look, start, end):
                for part_start, part_end in _trimmed(look.text, start, card.start):
                    yield from phones_of_run(look, part_start, part_end)
                yield card
                start = card.end
            for part_start, part_end in _trimmed(look.text, start, end):
                yield from phones_of_run(look, part_start, part_end)
            return
    yield from phones_of_run(look, start, end)


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
    # Read backwards: a search for what ends here would try every place before it.
    head = _part(text[max(0, start - 64) : start][::-1])[::-1]
    word = head + text[start:end] + _part(text[end : end + 64])
    return (
        len(word) >= _LEAST_ID
        and _HEX_LETTER.search(word) is not None
        and _HEX_WORD.fullmatch(word) is not None
    )


def _part(text: str) -> str:
    """What of a word stands at the beginning of a text."""
    found = _REST_OF_WORD.match(text)
    return found.group() if found else ""
