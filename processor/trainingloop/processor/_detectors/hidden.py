"""What people write so that no machine reads it: words for digits, letters for digits."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.careful import whole_words
from trainingloop.processor._detectors.checks import is_card_number
from trainingloop.processor._detectors.phones import canonical_phone
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_DIGIT_WORDS: Final = {
    word: str(digit)
    for digit, words in enumerate(
        (
            "zero oh cero null zéro nul",
            "one uno una eins ein un um uma",
            "two dos zwei zwo deux due dois duas",
            "three tres drei trois tre três",
            "four cuatro vier quatre quattro quatro",
            "five cinco fünf fuenf funf cinq cinque",
            "six seis sechs sei meia",
            "seven siete sieben sept sette sete",
            "eight ocho acht huit otto oito",
            "nine nueve neun neuf nove",
        )
    )
    for word in words.split()
}
_REPEATS: Final = {
    "double": 2, "triple": 3, "treble": 3, "doble": 2, "doppel": 2, "doppelt": 2, "dreifach": 3,
    "doppio": 2, "triplo": 3, "duplo": 2,
}  # fmt: skip
NUMBER_WORDS: Final = frozenset(_DIGIT_WORDS) | frozenset(_REPEATS)
_SPELLED: Final = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_LEAST_SPELLED: Final = 7
_COUNTING: Final = "01234567890"
_LONGEST_PHONE: Final = 15
# Words are tried at their beginnings only, and a row that was read is not read again.
_SPELLED_NUMBER: Final = re.compile(
    rf"(?<![^\W_])(?:{_SPELLED}|[0-9])(?![^\W_])"
    rf"(?:[\s,.\-_/]{{1,3}}+(?:{_SPELLED}|[0-9])(?![^\W_])){{3,40}}+"
)
_WORD: Final = re.compile(r"[^\W\d_]+|[0-9]")
_IN_GAPS: Final = ",.-_/0123456789"
_MANY_WORDS: Final = 256
_LONGEST_GAP: Final = 160
"""As long as forty figures and what stands between them."""

# Four groups of four, or an American Express card, with what no number in prose has between them.
_GAP: Final = r"[\s_,./\\|*:;+~=\-]{1,3}+"
_LAID_OUT_CARD: Final = re.compile(
    rf"[2-6](?<![0-9].)[0-9]{{3}}(?P<gap>{_GAP})(?:[0-9]{{4}}(?P=gap)[0-9]{{4}}(?P=gap)[0-9]{{4}}"
    rf"(?:(?P=gap)[0-9]{{1,3}})?|[0-9]{{6}}(?P=gap)[0-9]{{4,5}})(?![0-9])"
)
_CUT_CARD: Final = re.compile(
    r"[3-6](?<![0-9A-Za-z_.\-].)[0-9]{3}(?P<gap>[ \-])[0-9]{4}(?P=gap)[0-9]{4}"
    r"(?:(?P=gap)[0-9]{0,3})?\s?(?:\.{1,3}|…)?[\"'}\]]{0,4}\Z"
)
_CUT_CARD_REACH: Final = 32
_LETTER_DIGITS: Final = str.maketrans("OoQDIilL|SsBZz", "00001111155822")
_MIXED_CARD: Final = re.compile(
    r"[0-9OoIlLSBZ|](?<![\w.\-].)(?:[ .\-]?[0-9OoQDIilL|SsBZz]){13,18}(?![\w])"
)
_LETTER_BESIDE_DIGIT: Final = re.compile(r"[0-9][ .\-]?[OoQDIilL|SsBZz]|[OoIlLSBZ|][ .\-]?[0-9]")
_MOST_LETTERS: Final = 6
_LEAST_DIGITS: Final = 7


def hidden_numbers(plain: Plain) -> Iterator[Match]:
    """Phone and card numbers in words, in odd layouts, with letters in them, or cut off."""
    yield from _spelled_numbers(plain)
    text = plain.text
    if _digit_count(text) < _LEAST_DIGITS:
        return
    yield from _laid_out_cards(text)
    if cut := _CUT_CARD.search(text, max(0, len(text) - _CUT_CARD_REACH)):
        yield _card(cut.start(), cut.end(), "")
    if _LETTER_BESIDE_DIGIT.search(text):
        yield from _mixed_cards(text)


def _digit_count(text: str) -> int:
    if not text.isascii():
        return _LEAST_DIGITS
    return len(text) - len(text.encode().translate(None, b"0123456789"))


def _spelled_numbers(plain: Plain) -> Iterator[Match]:
    if NUMBER_WORDS.isdisjoint(plain.words):
        return
    if not _has_row(plain.lower, NUMBER_WORDS & plain.words):
        return
    for found in _SPELLED_NUMBER.finditer(plain.lower):
        digits = _spelled_digits(found.group())
        if len(digits) < _LEAST_SPELLED or _is_counting(found.group(), digits):
            continue
        start, end = found.span()
        if is_card_number(digits):
            yield _card(start, end, digits)
        else:
            value = canonical_phone(digits) if len(digits) <= _LONGEST_PHONE else digits
            kind = Entity.PHONE if len(digits) <= _LONGEST_PHONE else Entity.ACCOUNT
            yield Match(start=start, end=end, entity=kind, value=value)


def _has_row(lower: str, words: frozenset[str]) -> bool:
    """Whether three of the words follow one another, with nothing but figures between them."""
    spans = [
        (start, start + len(word))
        for word in words
        for start in islice(whole_words(lower, word), _MANY_WORDS)
    ]
    if len(spans) >= _MANY_WORDS:
        return True
    spans.sort()
    row = 1
    for (_, end), (start, _) in pairwise(spans):
        between = lower[end:start]
        is_row = len(between) < _LONGEST_GAP and not "".join(between.split()).strip(_IN_GAPS)
        row = row + 1 if is_row else 1
        if row == _LEAST_SPELLED // 2:
            return True
    return False


def _is_counting(written: str, digits: str) -> bool:
    """Whether it is "one, two, three ..." or a list of figures with a word or two in it."""
    words = sum(map(str.isalpha, _WORD.findall(written)))
    return words < _LEAST_SPELLED // 2 or digits in _COUNTING


def _spelled_digits(written: str) -> str:
    digits, repeat = "", 1
    words: list[str] = _WORD.findall(written)
    for word in words:
        if word in _REPEATS:
            repeat = _REPEATS[word]
        else:
            digits += _DIGIT_WORDS.get(word, word) * repeat
            repeat = 1
    return digits


def _laid_out_cards(text: str) -> Iterator[Match]:
    for found in _LAID_OUT_CARD.finditer(text):
        digits = "".join(filter(str.isdigit, found.group()))
        if is_card_number(digits):
            yield _card(found.start(), found.end(), digits)


def _mixed_cards(text: str) -> Iterator[Match]:
    for found in _MIXED_CARD.finditer(text):
        written = found.group()
        if sum(map(str.isalpha, written)) > _MOST_LETTERS:
            continue
        digits = "".join(filter(str.isdigit, written.translate(_LETTER_DIGITS)))
        if is_card_number(digits):
            yield _card(found.start(), found.end(), digits)


def _card(start: int, end: int, digits: str) -> Match:
    return Match(start=start, end=end, entity=Entity.CARD, value=digits)
