"""Card numbers in a run of digits: whole neighbouring groups with a network's prefix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.checks import (
    digits_of,
    is_card_number,
    is_of_card_network,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from trainingloop.processor._detectors.look import Look

_GROUP: Final = re.compile(r"[0-9]+")
# What the first digits of a network may be, whatever stands between them.
_BEGINNING: Final = re.compile(
    r"(?<![0-9])(?:[46]|5[ ().\-/]{0,3}[0-8]|3[ ().\-/]{0,3}[04-9]|2[ ().\-/]{0,3}[1-7]"
    r"|1[ ().\-/]{0,3}8|0[ ().\-/]{0,3}6|9[ ().\-/]{0,3}7)"
)
# Two phone numbers side by side have the digits of a card, and one pair in ten its check digit.
_PHONE_FIRST: Final = re.compile(r"[0-9]{3}\)?[ .\-]{1,2}[0-9]{3}[ .\-]{1,2}[0-9]{3,4}(?![0-9])")
_DECIMAL: Final = re.compile(r"[0-9]{1,3}\.[0-9]+")
_CARD_WORDS: Final = re.compile(
    r"(?<![^\W\d_])(?:cards?|cc|visa|mastercard|amex|american express|maestro|diners|discover|jcb"
    r"|credit|debit|pan|tarjetas?|kreditkarte|karte|kartennummer|kartennr|carte|carta"
    r"|cart[aã]o|kaart|karta)(?![^\W\d_])"
)
_OTHER_WORDS: Final = re.compile(
    r"(?<![^\W\d_])(?:imei|ean|gtin|upc|isbn|barcode|tracking|epoch|timestamp|serial|orders?"
    r"|invoice|ticket|booking|sku|id|hash|seed)(?![^\W\d_])"
)
_MOST_DIGITS: Final = 19
_LEAST_DIGITS: Final = 12
_GAP: Final = " / "
_LONGEST_NAMED: Final = 40
_MANY_GROUPS: Final = 2
_NAMED: Final = 0.8
_UNSEEN: Final = 0.4
_COMMON_LENGTHS: Final = frozenset({15, 16})
_USUAL_LENGTHS: Final = frozenset({14, 15, 16, 19})
"""What cards have today. The other lengths are old or rare, and one number in ten passes Luhn:
they count only where nothing else is named, and not in the middle of a row of numbers."""


def cards_of_run(look: Look, start: int, end: int) -> list[Match]:
    """The card numbers in a run of digits and separators, leftmost longest.

    A run with more beginnings of cards in it than anybody can look at is taken as a whole.
    """
    if _DECIMAL.fullmatch(look.text, start, end):
        return []
    cards: list[Match] = []
    position = start
    while first := _BEGINNING.search(look.text, position, end):
        position = first.start() + 1
        card_end = _card_end(look, first.start(), end, is_first=first.start() == start)
        if card_end is None:
            cards.append(_card(look, first.start(), end, score=_UNSEEN))
            break
        if card_end:
            cards.append(_card(look, first.start(), card_end, score=1.0))
            position = card_end
    is_all = bool(cards) and (cards[0].start, cards[-1].end) == (start, end)
    if not is_all and end - start <= _LONGEST_NAMED and _is_named_card(look, start, end):
        return [_card(look, start, end, score=_NAMED)]
    return cards


def _card(look: Look, start: int, end: int, *, score: float) -> Match:
    digits = digits_of(look.text[start:end])
    return Match(start=start, end=end, entity=Entity.CARD, value=digits, score=score)


def _card_end(look: Look, start: int, end: int, *, is_first: bool) -> int | None:
    """Where the longest card number that begins here ends; 0 if none does, None if unseen."""
    digits, found = "", 0
    for index, group in enumerate(_GROUP.finditer(look.text, start, end)):
        digits += group.group()
        if len(digits) > _MOST_DIGITS:
            break
        if index == _MANY_GROUPS and not look.may_try_card():
            return None
        if (
            len(digits) >= _LEAST_DIGITS
            and is_card_number(digits)
            and (
                len(digits) in _USUAL_LENGTHS
                or ((is_first or not index) and not _OTHER_WORDS.search(look.before(start)))
            )
            and _GAP not in look.text[start : group.end()]
            and (group.end() == end or not _PHONE_FIRST.match(look.text, start))
        ):
            found = group.end()
    return found


def _is_named_card(look: Look, start: int, end: int) -> bool:
    """A number that is called a card and looks like one, though a digit of it is wrong."""
    groups = _GROUP.findall(look.text, start, end)
    digits = "".join(groups)
    is_in_fours = [len(group) for group in groups] == [4, 4, 4, 4]
    if not (is_in_fours or is_of_card_network(digits) or len(digits) in _COMMON_LENGTHS):
        return False
    before = look.before(start)
    words = [found.start() for found in _CARD_WORDS.finditer(before)]
    return bool(words) and (is_in_fours or not _OTHER_WORDS.search(before, words[-1]))
