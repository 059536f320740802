"""What is known at one moment, and where a text mentions it. It never changes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from trainingloop.processor._cache import Memo
from trainingloop.processor._detectors.phones import canonical_phone
from trainingloop.processor._entities import Entity, Match
from trainingloop.processor._normalise import hides_words, plain
from trainingloop.processor._vault.folding import folded, is_unspaced
from trainingloop.processor._vault.known import NUMBERS
from trainingloop.processor._vault.mention import STREET_WORDS, WORD, Mention, mentions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trainingloop.processor._vault.known import Known

KNOWN_VALUES: Final = "known_values"
"""The name under which explanations show what was found because it is known."""
_DIGITS: Final = ""
"""What all numbers together have in the place of a first word."""
_DIGIT: Final = re.compile(r"[0-9]")
_LEAST_DIGITS: Final = 6
_LARGEST_GAP: Final = 3
"""Characters between two digits of one number, as in ``(415) 555``."""
_WIDEST_GAP: Final = 4
"""Characters between two words of one value, as in ``Drive, # 2``."""
_MOST_BEGINNINGS: Final = 256
_LONGEST_SPELLING: Final = 12
"""How much longer a word can be than its short form."""


class Knowledge:
    """Some known values. Threads may share it.

    A name is found as a whole, by each of its parts and with a possessive ending, whatever its
    case and accents; an address with its words abbreviated; a number with any separators.
    """

    def __init__(
        self,
        values: Mapping[Known, None] | None = None,
        fingerprint: bytes = b"",
        mentions: Mapping[str, tuple[Mention, ...]] | None = None,
        digits: Mapping[str, Known] | None = None,
        names: Mapping[str, bytes] | None = None,
    ) -> None:
        """Know nothing, or what `with_values` has prepared."""
        self.values: Final[Mapping[Known, None]] = values or {}
        self.fingerprint: Final = fingerprint
        """Names what is known, without telling it; empty as long as that is nothing."""
        self._mentions: Final[Mapping[str, tuple[Mention, ...]]] = mentions or {}
        self._addresses: Final = tuple(
            first
            for first, each in self._mentions.items()
            if any(mention.known.entity is Entity.ADDRESS for mention in each)
        )
        self._digits: Final[Mapping[str, Known]] = digits or {}
        self._last_digits: Final = frozenset(number[-2:] for number in self._digits)
        # The names of fields come again with every tool's answer.
        self.unmentioned: Final = Memo[str]()
        """Short texts that mention nothing."""
        self._names: Final[Mapping[str, bytes]] = names or {}

    def with_values(self, values: Iterable[Known]) -> Knowledge:
        """All of this, and more."""
        new = tuple(values)
        return self._with(new) if self.fingerprint else self._first(new)

    @staticmethod
    @lru_cache(maxsize=_MOST_BEGINNINGS)
    def _first(values: tuple[Known, ...]) -> Knowledge:
        """What is known at first: without a conversation, each history says the same again."""
        return NOTHING._with(values)  # noqa: SLF001  # of this class

    def _with(self, new: tuple[Known, ...]) -> Knowledge:
        mentions, digits, names = dict(self._mentions), dict(self._digits), dict(self._names)
        named = self.fingerprint
        for known in new:
            # Of two equal mentions the first counts: the order is a part of what is known.
            written = _written(known)
            named = hashlib.blake2b(named + written, digest_size=8).digest()
            if known.entity in NUMBERS and (number := _digits_of(known)):
                digits.setdefault(number, known)
                names[_DIGITS] = names.get(_DIGITS, b"") + written
                continue
            for mention in mentions_of(known):
                first = mention.words[0]
                mentions[first] = (*mentions.get(first, ()), mention)
                names[first] = names.get(first, b"") + written
        return Knowledge({**self.values, **dict.fromkeys(new)}, named, mentions, digits, names)

    def may_mention(self, text: str) -> bool:
        """Whether a text could mention anything; a text without is settled by a few searches."""
        if not self.fingerprint or text in self.unmentioned.things:
            return False
        form = _form(text)
        for word in self._mentions:
            if word in form:
                return True
        if any(digits in form for digits in self._last_digits):
            return True
        self.unmentioned.add(text, length=len(text))
        return False

    def name_in(self, text: str) -> bytes:
        """Names what of it a text could mention: what else is known makes no difference there.

        Returns:
            Nothing when the text mentions nothing.
        """
        if not self.fingerprint or text in self.unmentioned.things:
            return b""
        form = _form(text)
        names = [self._names[word] for word in self._mentions if word in form]
        if any(digits in form for digits in self._last_digits):
            names.append(self._names[_DIGITS])
        if names:
            return hashlib.blake2b(b"".join(names), digest_size=8).digest()
        self.unmentioned.add(text, length=len(text))
        return b""

    def may_mention_address(self, text: str) -> bool:
        """The same for addresses alone, of which a detector may have taken a part."""
        if not self._addresses:
            return False
        form = _form(text)
        return any(word in form for word in self._addresses)

    def name_in_json(self, document: str) -> bytes:
        """What `name_in` says of a text, for a JSON document."""
        return self.fingerprint if _is_escaped_twice(document) else self.name_in(document)

    def may_be_mentioned_in_json(self, document: str) -> bool:
        """The same for a JSON document, whose strings may hold escapes of any kind."""
        if not self.fingerprint:
            return False
        return _is_escaped_twice(document) or self.may_mention(document)

    def mentions(self, text: str) -> Iterator[Match]:
        """Every mention of a known value in a text in plain form; they may overlap."""
        form = folded(text)
        for first, mentions in self._mentions.items():
            position = form.find(first)
            while position >= 0:
                yield from _mentions_at(text, form, position, mentions)
                position = form.find(first, position + len(first))
        if any(digits in form for digits in self._last_digits):
            yield from self._numbers(form)

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


NOTHING: Final = Knowledge()
"""What is known of a conversation at first."""


def _form(text: str) -> str:
    """A text as known words are compared with it: plain, without case and accents."""
    return folded(plain(text).text if hides_words(text) else text)


def _is_escaped_twice(document: str) -> bool:
    """Whether an escape of one kind, which is read, may hold an escape of another."""
    return "\\u" in document and ("%" in document or "&" in document)


def _written(known: Known) -> bytes:
    written = f"{known.entity.value}{known.is_whole:d}{known.value}\0"
    return written.encode("utf-8", "surrogatepass")


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


def _mentions_at(
    text: str, form: str, position: int, mentions: Iterable[Mention]
) -> Iterator[Match]:
    if form[position - 1 : position].isalnum() and not is_unspaced(form[position]):
        return
    for mention in mentions:
        end = _end_of_words(form, position + len(mention.words[0]), mention)
        if end and not (mention.needs_capital and not text[position].isupper()):
            yield _match(mention.known, position, end)


def _end_of_words(form: str, position: int, mention: Mention) -> int:
    """Where the words that began before ``position`` end; 0 when others stand there."""
    for word in mention.words[1:]:
        reach = position + _WIDEST_GAP + len(word) + _LONGEST_SPELLING
        found = WORD.search(form, position, reach)
        if found is None or found.start() - position > _WIDEST_GAP:
            return 0
        if not _is_same_word(found.group(), word):
            return 0
        position = found.end()
    return _end_of_word(form, position, mention.known.entity)


def _is_same_word(written: str, known: str) -> bool:
    return written == known or _short(written) == _short(known)


def _short(word: str) -> str:
    return STREET_WORDS.get(word, word)


def _end_of_word(form: str, position: int, entity: Entity) -> int:
    """The end of the last word, with a possessive ending; 0 in the middle of another word."""
    if form.startswith("'s", position) and not form[position + 2 : position + 3].isalnum():
        return position + 2
    if is_unspaced(form[position - 1]):
        # Vowels of some scripts are marks on the letter before them.
        while position < len(form) and unicodedata.category(form[position]) == "Mn":
            position += 1
        return position
    if not form[position : position + 1].isalnum() or is_unspaced(form[position]):
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
        start=start, end=end, entity=known.entity, value=value, score=0.95, detector=KNOWN_VALUES
    )
