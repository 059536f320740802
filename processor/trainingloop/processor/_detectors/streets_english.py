"""Finds of street addresses as English writes them: the number first, the type last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.address_context import is_address_ahead
from trainingloop.processor._detectors.address_tails import tail_of
from trainingloop.processor._detectors.careful import judged, judged_at, starts_of
from trainingloop.processor._detectors.street_words import (
    CLEAR,
    DATES,
    ENGLISH_TYPES,
    EVERYDAY,
    JOINERS,
    NAME,
    RARE,
    SHORT,
    STOPS,
    any_of,
    any_word_of,
    words_of,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._detectors.street_look import StreetLook
    from trainingloop.processor._normalise import Plain

# The first element is a plain class, so that the search skips all else at C speed.
NUMBER: Final = (
    r"[0-9](?<![\w.$€£+\-][0-9])(?<![0-9][:.,/][0-9])[0-9]{0,5}+(?:[/\-][0-9]{1,5})?[a-z]?"
    r"(?:[ ][1-3]/[2-4])?"
)
_ORDINAL: Final = r"[0-9]{1,3}(?:st|nd|rd|th)"
_TYPES: Final = any_of(ENGLISH_TYPES)
_TYPED: Final = re.compile(
    rf"(?P<number>{NUMBER}),?[ \n](?P<name>(?:(?:{_ORDINAL}|{NAME})[ ]){{1,5}}?)"
    rf"(?P<type>{_TYPES}s?)(?![\w'\u2019])\.?(?:[ ]{_TYPES}(?![\w'\u2019]))?"
)
_NUMBER_WORDS: Final = words_of(
    "one two three four five six seven eight nine ten eleven twelve twenty"
)
_SPELLED: Final = re.compile(
    rf"(?P<number>{any_word_of(_NUMBER_WORDS)}(?:[ \-](?:hundred|{any_of(_NUMBER_WORDS)})){{0,3}})"
    rf"[ ](?P<name>(?:(?:{_ORDINAL}|{NAME})[ ]){{1,3}}?)(?P<type>{_TYPES})(?![\w'\u2019])"
)
# Streets that have no type, and numbered ones that lost it.
_DIRECTIONS: Final = "north|south|east|west|ne|nw|se|sw|[nsew]"
_UNTYPED: Final = re.compile(
    rf"(?P<number>{NUMBER})[ ](?:(?P<numbered>(?:{_DIRECTIONS})\.?[ ]{_ORDINAL}(?![\w]))"
    r"|(?P<famous>(?:(?:north|south|east|west|[nsew])\.? )?(?:broadway|embarcadero|the embarcadero"
    r"|the alameda|bowery|piccadilly|whitehall|strand|el camino real|the green|pennsylvania"
    r"|infinite loop|high st|the mall))(?![\w])"
    rf"|(?P<spanish>(?:camino|avenida|via|calle|paseo|el camino|rue|plaza|caminito|corte|vista|the)"
    rf"[ ]{NAME}(?:[ ]{NAME}){{0,2}}?(?=[ ]?[,#.;!?\n]|[ ]{NAME}|\Z))"
    r"|(?P<highway>(?:(?:old|state|county|us|u\.s\.|north|south|east|west|[nsew]\.?)[ ]){0,2}"
    r"(?:highway|hwy|route|rte|road|rd|rr|california|ca|us|sr|fm|cr)[ \-][0-9]{1,4}[a-z]?))"
    r"(?![\w])"
)
_UNTYPED_HINTS: Final = words_of(
    "broadway embarcadero alameda bowery piccadilly whitehall strand camino avenida via calle "
    "paseo rue highway hwy route rte pennsylvania infinite mall green high california st "
    "nd rd th sr fm cr plaza corte vista"
)
_LAST: Final = re.compile(
    rf"(?P<type>{any_word_of(CLEAR | {'st', 'rd'})})\.?"
    r"(?:,? (?:at|no\.?|number|num\.?|\#|nr\.?) ?|,? )"
    r"(?P<number>[0-9]{1,5}[a-z]?)(?![\w/:%]|\.[0-9])"
)
_NUMBERED_HIGHWAY: Final = re.compile(
    r"(?:highway|hwy|route|rte) [0-9]{1,3},? (?:(?:north|south|east|west|[nsew])\.?,? )?"
    r"(?:(?:at|no\.?|number|\#|box|milepost) ?)?[0-9]{3,5}(?![\w/:%]|\.[0-9])"
)
_BOX: Final = re.compile(
    r"(?:p\.? ?o\.? ?box|post office box|postfach|postbus|apartado(?: postal| de correos)?"
    r"|caixa postal|casella postale|bo[iî]te postale|psc|rr|hc|gpo box|locked bag|bp)"
    r"[ #:.,n°ºo]{1,5}[0-9]{1,8}(?![\w])(?:,? box [0-9]{1,6}(?![\w]))?|"
    r"(?:box|unit) [0-9]{1,6}(?:,? box [0-9]{1,6})?[,\n ]{1,2}(?:apo|fpo|dpo)(?![\w])"
)
_BOX_HINTS: Final = words_of(
    "box postfach postbus apartado caixa casella boite boîte bp psc rr hc bag apo fpo dpo"
)
_SHIP: Final = re.compile(
    r"us(?:s|ns|nv|cgc) [a-z'\-]{2,20},?[ \n]{1,2}(?:fpo|apo|dpo) (?:aa|ae|ap) [0-9]{5}(?![\w])"
)
_TYPE_HINTS: Final = ENGLISH_TYPES | {f"{word}s" for word in EVERYDAY | RARE | CLEAR}
_HIGHWAYS: Final = words_of("highway hwy route rte")
_LAST_TYPES: Final = CLEAR | _HIGHWAYS | {"st", "rd"}
_FLEETS: Final = words_of("apo fpo dpo")
ENGLISH_HINTS: Final = _TYPE_HINTS | _UNTYPED_HINTS | _LAST_TYPES | _BOX_HINTS
"""Without one of these words there is no street of the English kind."""
_UNIT_BEFORE: Final = re.compile(
    r"(?:flat|unit|apt|apartment|suite|level|studio|room|floor|shop|office|building|block|villa)"
    r"\.?[ ]#?(?:[0-9a-z]{1,5}(?:[/\-][0-9a-z]{1,4})?,?[ \n]{0,2})?\Z"
)
_WORDS_BEFORE: Final = re.compile(rf"(?:[ ,]?[ ]?{NAME}|[ ]{_ORDINAL})+")
_ALLOWED: Final = frozenset({"van", "von", "e", "y", "o"})
_FOUR_WORDS: Final = re.compile(r"[\w'\u2019.\-]{1,25}(?: [\w'\u2019.\-]{1,25}){1,3}")
_BUILDINGS: Final = words_of("center centre building mall tower")
_PHRASE_STARTS: Final = words_of("in a am an bei of and im zum zur y e o")
_REACH: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a candidate is written."""

    is_title: bool
    """Every word of the name begins with a capital."""
    is_lower: bool
    """Nothing does."""
    digits: int
    words: int
    has_stop: bool
    has_date: bool


def english_streets(look: StreetLook) -> Iterator[Match]:
    """Streets with a number before or behind them, and post office boxes."""
    plain, hints = look.plain, look.hints
    if not _TYPE_HINTS.isdisjoint(hints):
        yield from judged_at(plain, look.fronts, _TYPED, _typed, Entity.ADDRESS)
    if not _UNTYPED_HINTS.isdisjoint(hints):
        yield from judged_at(plain, look.fronts, _UNTYPED, _untyped, Entity.ADDRESS)
    if types := _LAST_TYPES & hints:
        if not _HIGHWAYS.isdisjoint(types):
            yield from judged(plain, _NUMBERED_HIGHWAY, _highway, Entity.ADDRESS)
        starts = starts_of(plain.lower, types)
        yield from judged_at(plain, starts, _LAST, _type_before_number, Entity.ADDRESS)
        if not CLEAR.isdisjoint(types) and (numbers := _NUMBER_WORDS & plain.words):
            starts = starts_of(plain.lower, numbers)
            yield from judged_at(plain, starts, _SPELLED, _spelled, Entity.ADDRESS)
    if not _BOX_HINTS.isdisjoint(hints):
        yield from judged(plain, _BOX, _box, Entity.ADDRESS)
        if not _FLEETS.isdisjoint(hints):
            yield from judged(plain, _SHIP, _box, Entity.ADDRESS)


def _box(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    if not plain.lower[found.start() - 1 : found.start()].isalnum():
        yield address(plain, found.start(), found.end(), 0.95)


def _highway(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    yield address(plain, found.start(), found.end(), 0.8)


def address(plain: Plain, start: int, end: int, score: float) -> Match:
    """A find from ``start`` to ``end``, with the unit before it and all that follows."""
    stop = max(end, tail_of(plain, end).end)
    if unit := _UNIT_BEFORE.search(plain.lower, max(0, start - 24), start):
        start = unit.start()
    value = " ".join(plain.lower[start:stop].replace(",", " ").split())
    return Match(start=start, end=stop, entity=Entity.ADDRESS, value=value, score=score)


def has_evidence(plain: Plain, start: int, end: int) -> bool:
    """Whether what stands around a candidate says that it is an address."""
    return (
        is_address_ahead(plain, start)
        or tail_of(plain, end).is_evidence
        or _UNIT_BEFORE.search(plain.lower, max(0, start - 24), start) is not None
    )


def _typed(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    shape = _shape(plain, found)
    if shape.has_stop:
        return
    score = _score(plain, found, shape)
    if score < 0.5 and has_evidence(plain, found.start(), found.end()):
        score = 0.8
    if score >= 0.5:
        yield address(plain, found.start(), found.end(), score)


def _spelled(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    shape = _shape(plain, found)
    if shape.has_stop or found["type"] not in CLEAR | SHORT | EVERYDAY:
        return
    is_clear = found["type"] in CLEAR and shape.is_title
    if is_clear or is_address_ahead(plain, found.start()):
        yield address(plain, found.start(), found.end(), 0.7)


def _shape(plain: Plain, found: re.Match[str]) -> _Shape:
    start, end = found.span("name")
    written = plain.text[start:end].split()
    lower = [word.rstrip(".") for word in plain.lower[start:end].split()]
    is_title = all(
        not word[0].islower() or low in JOINERS for word, low in zip(written, lower, strict=True)
    )
    is_lower = all(word[0].islower() or word[0].isdigit() for word in written)
    has_stop = any(
        word in STOPS and not (is_title and word in JOINERS) and word not in _ALLOWED
        for word in lower
    )
    # "between 5 and 7 in the Rose Garden" begins a phrase, no name.
    has_stop = has_stop or (lower[0] in _PHRASE_STARTS and written[0].islower())
    digits = sum(map(str.isdigit, found["number"]))
    return _Shape(
        is_title=is_title and not (is_lower and not written[0][0].isdigit()),
        is_lower=is_lower and plain.text[found.start("type")].islower(),
        digits=digits,
        words=len(written),
        has_stop=has_stop,
        has_date=lower[0] in DATES,
    )


def _score(plain: Plain, found: re.Match[str], shape: _Shape) -> float:
    """How much the candidate alone is worth; from 0.5 on it needs no evidence."""
    kind = found["type"] if found["type"] in ENGLISH_TYPES else found["type"].removesuffix("s")
    is_plural = kind != found["type"]
    if shape.has_date:
        return 0.0
    is_type_title = not plain.text[found.start("type")].islower()
    if kind in CLEAR and not is_plural:
        return 0.95 if shape.is_title else 0.7 if shape.is_lower else 0.0
    if kind in SHORT:
        is_good = shape.is_title or (shape.is_lower and shape.words <= 3)
        return 0.9 if is_good and shape.digits >= 2 else 0.6 if shape.is_title else 0.0
    if kind in EVERYDAY and plain.lower.endswith(" the ", 0, found.start()):
        # "the 1980 Olympic Park event"
        return 0.0
    if shape.is_title and is_type_title and not is_plural:
        is_sure = shape.digits >= 2 or kind in _BUILDINGS
        return 0.85 if kind in EVERYDAY else 0.7 if is_sure else 0.0
    if shape.is_title and shape.digits >= 2:
        return 0.6
    most_words = 2 if shape.digits == 3 else 4
    is_short_lower = shape.is_lower and shape.digits >= 3 and shape.words <= most_words
    return 0.5 if is_short_lower and kind in EVERYDAY and not is_plural else 0.0


def _untyped(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    digits = sum(map(str.isdigit, found["number"]))
    is_title = not plain.text[found.end("number") + 1].islower()
    end = found.end()
    if found["spanish"]:
        end = _title_end(plain, found.start("spanish"))
        is_sure = is_title and digits >= 2 and end > found.start("spanish")
    else:
        is_sure = digits >= (3 if found["highway"] else 2)
    if is_sure or has_evidence(plain, found.start(), found.end()):
        yield address(plain, found.start(), max(end, found.end()), 0.75)


def _title_end(plain: Plain, start: int) -> int:
    """Where the run of at most four capitalised words from ``start`` on ends; 0 without two."""
    found = _FOUR_WORDS.match(plain.text, start)
    if found is None:
        return 0
    end = 0
    position = start
    for index, word in enumerate(found.group().split(" ")):
        if word[0].islower() and word.lower() not in JOINERS:
            break
        position += len(word) + (index > 0)
        if index and not word[0].islower() and word.lower() not in STOPS:
            end = position - (word[-1] in ".,")
    return end


def _type_before_number(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    head = plain.text[max(0, found.start() - _REACH) : found.start()]
    name = _name_before(head)
    is_far = len(found["number"]) >= 3
    is_title = bool(name) and name[0].isupper()
    if is_title or (is_far and name and head.islower()):
        yield address(plain, found.start() - len(name), found.end(), 0.7)


def _name_before(head: str) -> str:
    """The words at the end of ``head`` that can be the name of a street."""
    words = head.split(" ")
    if words[-1]:
        return ""
    kept: list[str] = []
    for word in reversed(words[:-1]):
        bare = word.strip(".").lower()
        if not bare or not word[-1].isalnum() or bare in STOPS or bare in DATES or len(kept) == 4:
            break
        if kept and word[0].islower() != kept[0][0].islower():
            break
        kept.insert(0, word)
    if kept and kept[0][0].islower():
        kept = kept[-2:]
    return " ".join(kept) + " " if kept else ""
