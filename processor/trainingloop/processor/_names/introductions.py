"""Names that the words around them give away, without a model: "my name is …", "Dear Mrs …".

Precision first: a phrase that people use only to say a name takes any word after it, a phrase
with other uses ("I am …", "this is …") takes a name only if it is written like one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity, Match
from trainingloop.processor._names.canonical import TITLES, canonical
from trainingloop.processor._names.phrases import BUSINESSES, NOT_NAMES, PHRASES
from trainingloop.processor._pattern_set import loosened, search_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._names.phrases import Phrase
    from trainingloop.processor._normalise import Plain

_PHRASES_OF: Final = {
    word: [index for index, phrase in enumerate(PHRASES) if word in phrase.words]
    for each in PHRASES
    for word in each.words
}
_TELLING_WORDS: Final = frozenset(_PHRASES_OF)
_BEFORE: Final = 32
_BEHIND: Final = 32
"""Characters before and after its telling word that a phrase may take."""
_PARTICLE_WORDS: Final = (
    "van von der den de del della di da do dos das la le el al bin ibn ter ten zu y e du st"
)
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
# A word of a name: letters with inner apostrophes and hyphens.
_NAME_WORD: Final = re.compile(r"[^\W\d_]{1,30}+(?:['\u2019\-][^\W\d_]{1,30}+){0,3}+(?![\w@])")
_BETWEEN: Final = re.compile(r"\.?[ \t]{1,3}+")


def introductions(plain: Plain) -> Iterator[Match]:
    """Names after the words with which people introduce, address and sign."""
    for index in _phrases_in(plain):
        phrase = PHRASES[index]
        places = [place for word in phrase.words for place in _places(plain.lower, word)]
        for begin, end in _around(places):
            for found in phrase.pattern.finditer(plain.lower, begin, end):
                yield from _after(plain, found.end(), phrase)


_SEARCH: Final = search_of(loosened(phrase.pattern.pattern) for phrase in PHRASES)


def _phrases_in(plain: Plain) -> Iterable[int]:
    """The numbers of the phrases that may be in a text, in order."""
    found = _SEARCH(plain.lower) if _SEARCH else None
    if found is not None:
        return sorted(found)
    telling = plain.words & _TELLING_WORDS
    return sorted({index for word in telling for index in _PHRASES_OF[word]}) if telling else ()


def _around(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a text around places, those that overlap taken together.

    A search for a word runs at memory speed, one for a phrase looks at every character.
    """
    begin = end = 0
    for start, stop in sorted(places):
        if end and start - _BEFORE > end:
            yield begin, end
            end = 0
        if not end:
            begin = max(0, start - _BEFORE)
        end = stop + _BEHIND
    if end:
        yield begin, end


def _places(lower: str, word: str) -> Iterator[tuple[int, int]]:
    start = lower.find(word)
    while start >= 0:
        stop = start + len(word)
        if not (lower[start - 1 : start].isalpha() or lower[stop : stop + 1].isalpha()):
            yield start, stop
        start = lower.find(word, stop)


def _after(plain: Plain, at: int, phrase: Phrase) -> Iterator[Match]:
    start, end, words = _name(plain, at, phrase)
    if words < phrase.least_words or not words:
        return
    if phrase.ending and not phrase.ending.match(plain.lower, end):
        return
    value = canonical(plain.text[start:end])
    yield Match(start=start, end=end, entity=Entity.PERSON, value=value, score=phrase.score)


def _name(plain: Plain, at: int, phrase: Phrase) -> tuple[int, int, int]:
    """Where the name at ``at`` begins and ends, and of how many words it consists."""
    start = end = _past_titles(plain, at)
    words, position = 0, start
    while words < phrase.most_words and (word := _NAME_WORD.match(plain.text, position)):
        lower = plain.lower[word.start() : word.end()]
        if lower not in _PARTICLES or word.end() - word.start() == 1:
            if not _is_name(word.group(), lower, any_case=phrase.any_case):
                if lower in BUSINESSES:
                    words = 0
                break
            words += 1
            end = word.end()
        elif phrase.any_case and not words:
            break
        gap = _BETWEEN.match(plain.text, word.end())
        # A full stop after a word ends the sentence; after one letter it makes an initial.
        if gap is None or ("." in gap.group() and len(lower) > 1):
            break
        position = gap.end()
    return start, end, words


def _is_name(word: str, lower: str, *, any_case: bool) -> bool:
    if lower.partition("'")[0] in NOT_NAMES or lower in TITLES or lower in BUSINESSES:
        return False
    return word[0].isupper() or any_case


def _past_titles(plain: Plain, at: int) -> int:
    """Where the name begins after the titles at ``at``."""
    for _ in range(3):
        word = _NAME_WORD.match(plain.lower, at)
        gap = _BETWEEN.match(plain.lower, word.end()) if word else None
        if word is None or gap is None or word.group() not in TITLES:
            break
        at = gap.end()
    return at
