"""The known values of one conversation, and where a text mentions them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.phones import canonical_phone
from trainingloop.processor._entities import TOKEN, Entity, Match
from trainingloop.processor._vault.everyday_words import EVERYDAY_WORDS, NO_NAMES
from trainingloop.processor._vault.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_VALUES: Final = 64
_LONGEST_VALUE: Final = 200
_WORD: Final = re.compile(r"[^\W_]+")
_DIGIT: Final = re.compile(r"[0-9]")
_LEAST_DIGITS: Final = 6
_SHORTEST_ID: Final = 4
_LARGEST_GAP: Final = 3
"""Characters between two digits of one number, as in ``(415) 555``."""
_WIDEST_GAP: Final = 4
"""Characters between two words of one value, as in ``Drive, # 2``."""
_NUMBERS: Final = frozenset(
    (Entity.PHONE, Entity.ACCOUNT, Entity.CARD, Entity.SSN, Entity.NATIONAL_ID, Entity.ID)
)
_REMEMBERED: Final = _NUMBERS | {Entity.PERSON, Entity.ADDRESS, Entity.EMAIL, Entity.IBAN}
_STREET_WORDS: Final = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "boulevard": "blvd", "lane": "ln",
    "court": "ct", "place": "pl", "square": "sq", "terrace": "ter", "highway": "hwy",
    "parkway": "pkwy", "circle": "cir", "apartment": "apt", "suite": "ste", "north": "n",
    "south": "s", "east": "e", "west": "w", "straße": "str", "strasse": "str", "avenida": "av",
    "avda": "av", "calle": "c", "piazza": "p", "plaza": "pl", "numero": "n", "saint": "st",
}  # fmt: skip
"""One spelling of the words people abbreviate in addresses."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value somebody stated, such as a customer record that says what it holds."""

    entity: Entity
    value: str
    is_whole: bool = False
    """Whether its parts mean nothing by themselves, as those of an id."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """One way to mention a known value: these words in this order."""

    words: tuple[str, ...]
    known: Known
    needs_capital: bool = False


class Vault:
    """What is known of one conversation; bounded, and only ever in memory.

    A name is found as a whole, by each of its parts and with a possessive ending, whatever its
    case and accents; an address with its words abbreviated; a number with any separators.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[Known, None] = {}
        self._mentions: dict[str, list[_Mention]] = {}
        self._digits: dict[str, Known] = {}
        self._last_digits: frozenset[str] = frozenset()
        self.source: object = None
        """The customer's record that was learned; the application may give another one later."""
        self.fingerprint: bytes = b""
        """Names what is known, without telling it; empty as long as that is nothing."""

    def learn(self, values: Iterable[Known]) -> None:
        """Remember values; what cannot be told from an everyday word is left out."""
        new = [known for known in values if known not in self._known and _is_worth_knowing(known)]
        if new:
            with self._lock:
                self._add(new[: _MOST_VALUES - len(self._known)])

    def may_mention(self, text: str) -> bool:
        """Whether a text could mention anything; a text without is settled by a few searches."""
        if not self.fingerprint:
            return False
        form = folded(text)
        for word in self._mentions:
            if word in form:
                return True
        return any(digits in form for digits in self._last_digits)

    def may_be_mentioned_in_json(self, document: str) -> bool:
        """The same for a JSON document, in which letters may be escaped."""
        return self.may_mention(document) or bool(self.fingerprint and "\\u" in document)

    def mentions(self, text: str) -> Iterator[Match]:
        """Every mention of a known value in a text; they may overlap."""
        form = folded(text)
        for first, mentions in self._mentions.items():
            position = form.find(first)
            while position >= 0:
                yield from _mentions_at(text, form, position, mentions)
                position = form.find(first, position + len(first))
        if any(digits in form for digits in self._last_digits):
            yield from self._numbers(form)

    def _add(self, values: list[Known]) -> None:
        """Swap in larger tables: another thread may be reading the old ones."""
        mentions = {word: list(each) for word, each in self._mentions.items()}
        digits = dict(self._digits)
        for known in values:
            if known.entity in _NUMBERS and (number := _digits_of(known)):
                digits[number] = known
                continue
            for mention in _mentions_of(known):
                mentions.setdefault(mention.words[0], []).append(mention)
        self._known = {**self._known, **dict.fromkeys(values)}
        self._mentions, self._digits = mentions, digits
        self._last_digits = frozenset(number[-2:] for number in digits)
        content = repr(sorted((known.entity.value, known.value) for known in self._known))
        named = content.encode("utf-8", "surrogatepass")
        self.fingerprint = hashlib.blake2b(named, digest_size=8).digest() if self._known else b""

    def _numbers(self, form: str) -> Iterator[Match]:
        positions = [found.start() for found in _DIGIT.finditer(form)]
        squeezed = "".join(form[position] for position in positions)
        for digits, known in self._digits.items():
            index = squeezed.find(digits)
            while index >= 0:
                places = positions[index : index + len(digits)]
                if _is_one_number(form, places):
                    yield _match(known, places[0], places[-1] + 1)
                index = squeezed.find(digits, index + 1)


def _is_worth_knowing(known: Known) -> bool:
    if known.entity not in _REMEMBERED or not 2 <= len(known.value) <= _LONGEST_VALUE:
        return False
    return TOKEN.search(known.value) is None


def _digits_of(known: Known) -> str:
    """The digits a number is known by, the country left out where there is one."""
    value = known.value
    if any(character.isalpha() for character in value):
        return ""
    written = canonical_phone(value) if known.entity is Entity.PHONE else value
    digits = "".join(filter(str.isdigit, written))
    if known.entity is Entity.PHONE and written.startswith("+1") and len(digits) == 11:
        digits = digits[1:]
    return digits if len(digits) >= _LEAST_DIGITS else ""


def _mentions_of(known: Known) -> Iterator[_Mention]:
    words = tuple(_WORD.findall(folded(known.value)))
    if known.is_whole:
        if sum(map(len, words)) >= _SHORTEST_ID and not NO_NAMES.issuperset(words):
            yield _Mention(words, known)
    elif known.entity is Entity.PERSON:
        yield from _of_person(known, words)
    elif known.entity is Entity.ADDRESS:
        yield from _of_address(known, words)
    elif sum(map(len, words)) >= _SHORTEST_ID:
        yield _Mention(words, known)


def _of_person(known: Known, words: tuple[str, ...]) -> Iterator[_Mention]:
    names = tuple(word for word in words if not word.isdigit())
    if len(words) > 1 and any(word not in NO_NAMES for word in words):
        yield _Mention(words, known)
    for name in names:
        if len(name) > 1 and name not in NO_NAMES:
            needs_capital = name in EVERYDAY_WORDS or len(name) < 3
            yield _Mention((name,), known, needs_capital)


def _of_address(known: Known, words: tuple[str, ...]) -> Iterator[_Mention]:
    """The whole, its first line, and that without the kind of street at its end."""
    has_number = any(map(str.isdigit, "".join(words)))
    if len(words) < 2 or not has_number:
        return
    yield _Mention(words, known)
    line = tuple(_WORD.findall(folded(re.split(r"[,\n]", known.value)[0])))
    if line != words and len(line) > 1 and any(map(str.isdigit, "".join(line))):
        yield _Mention(line, known)
    street = line if len(line) > 1 else words
    if len(street) > 2 and street[0].isdigit() and street[-1] in _STREET_WORDS:
        yield _Mention(street[:-1], known)


def _mentions_at(text: str, form: str, position: int, mentions: list[_Mention]) -> Iterator[Match]:
    before = form[position - 1 : position]
    if before.isalnum():
        return
    for mention in mentions:
        end = _end_of_words(form, position + len(mention.words[0]), mention)
        if end and not (mention.needs_capital and not text[position].isupper()):
            yield _match(mention.known, position, end)


def _end_of_words(form: str, position: int, mention: _Mention) -> int:
    """Where the words that began before ``position`` end; 0 when others stand there."""
    for word in mention.words[1:]:
        found = _WORD.search(form, position, position + _WIDEST_GAP + len(word) + 12)
        if found is None or found.start() - position > _WIDEST_GAP:
            return 0
        if not _is_same_word(found.group(), word):
            return 0
        position = found.end()
    return _end_of_word(form, position, mention.known.entity)


def _is_same_word(written: str, known: str) -> bool:
    return written == known or _short(written) == _short(known)


def _short(word: str) -> str:
    return _STREET_WORDS.get(word, word)


def _end_of_word(form: str, position: int, entity: Entity) -> int:
    """The end of the last word, with a possessive ending; 0 in the middle of another word."""
    if form.startswith("'s", position) and not form[position + 2 : position + 3].isalnum():
        return position + 2
    if not form[position : position + 1].isalnum():
        return position
    is_possessive = entity is Entity.PERSON and form[position] == "s"
    return position + 1 if is_possessive and not form[position + 1 : position + 2].isalnum() else 0


def _is_one_number(form: str, places: list[int]) -> bool:
    """Whether digits at these places belong together, and are not a part of more digits."""
    gaps = (form[left + 1 : right] for left, right in pairwise(places))
    if any(len(gap) > _LARGEST_GAP or any(map(str.isalpha, gap)) for gap in gaps):
        return False
    return not form[places[-1] + 1 : places[-1] + 2].isdigit()


def _match(known: Known, start: int, end: int) -> Match:
    value = " ".join(known.value.casefold().split())
    if known.entity is Entity.PHONE:
        value = canonical_phone(known.value)
    return Match(
        start=start, end=end, entity=known.entity, value=value, score=0.95, detector="known_values"
    )
