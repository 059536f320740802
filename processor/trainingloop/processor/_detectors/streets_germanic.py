"""Finds of street addresses in German, Dutch and the Scandinavian languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.address_context import is_address_ahead
from trainingloop.processor._detectors.careful import judged, judged_at, starts_of
from trainingloop.processor._detectors.street_words import DATES, STOPS, any_word_of, words_of
from trainingloop.processor._detectors.streets_english import address, has_evidence
from trainingloop.processor._entities import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._detectors.street_look import StreetLook
    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain

_CLEAR: Final = words_of(
    "straße strasse str. str weg platz allee gasse damm ufer chaussee straat laan plein gracht "
    "kade steeg singel dreef dijk gatan vägen gade vej vei veien gaten ring strasze boulevard "
    "promenade"
)
_WEAK: Final = words_of(
    "hof markt berg steig stieg pfad wall graben park tor brücke feld bahn twiete kamp reihe "
    "zeile siedlung wiese garten heide horst busch grund höhe tal linde mühle kai pad baan "
    "rak burg wal hout steegje veld poort haven brug oord akker rode anger blick winkel zeil "
    "chausee haag stede donk brink hage kreek landen meer"
)
_HOUSE: Final = (
    r"(?P<number>[0-9]{0,3}(?:[ ]?[\-/][ ]?[0-9]{1,4}){0,2}(?:[ ]?[a-z](?![\w])|[a-z](?![\w])"
    r"|[ \-](?:[ivx]{1,4}|bis|hs)(?![\w]))?)(?![\w]|:[0-9]|[.,][0-9]"
    r"|[ ](?:uhr|km|min|minuten|stunden|euro|tage|jahre)(?![\w])|[ ]?[€%])"
)
_SUFFIXES: Final = tuple(sorted(_CLEAR | _WEAK, key=lambda word: (-len(word), word)))
# A search for the number finds what stands before it by look-behind: cheaper than a search for
# sixty words. The last two letters rule almost everything out.
_ENDINGS: Final = "|".join(re.escape(ending) for ending in sorted({s[-2:] for s in _SUFFIXES}))
_BEFORE: Final = "|".join(rf"(?<={re.escape(suffix)}[ ][0-9])" for suffix in _SUFFIXES)
_SUFFIXED: Final = re.compile(
    rf"[0-9](?<=[ ][0-9])(?<=(?:{_ENDINGS})[ ][0-9])(?:{_BEFORE}){_HOUSE}"
)
# Three letters rule almost everything out: most texts are not searched any further.
_BEFORE_NUMBER: Final = re.compile(r" [0-9](?<=(...) [0-9])")
LAST_LETTERS: Final = frozenset(suffix[-3:] for suffix in _SUFFIXES)
"""What stands before a space and a house number, where a street is known by its end."""
_LEADING: Final = words_of(
    "am|im|an der|an den|an dem|auf dem|auf der|unter den|zum|zur|in der|in den|hinter der"
    "|hinter dem|vor dem|beim|bei der|alte|alter|altes|lange|kleine|große|neue|neuer|op de|aan de"
    "|achter de|laan van|laan van de",
    "|",
)
_GERMANIC_NAMES: Final = re.compile(
    rf"(?P<lead>{any_word_of(_LEADING)})"
    rf"[ ](?P<name>[^\W\d_][^\W\d_\-]{{2,24}}(?:[ \-][^\W\d_][^\W\d_\-]{{2,24}}){{0,2}})"
    rf"[ ][0-9]{_HOUSE}"
)
GERMANIC_HINTS: Final = words_of(
    "am im der den dem zum zur beim alte alter altes lange kleine große neue neuer de laan"
)
"""One of these words leads every street that is not known by its end."""
_ARTICLES: Final = words_of("der den dem de van")
"""Every lead of several words has one of these."""
_LONG_LEADS: Final = {lead: frozenset(lead.split()) for lead in sorted(_LEADING) if " " in lead}
_HEAD: Final = re.compile(
    r"[^\W\d_][^\W\d_.\u2019']{0,24}(?:[-\u2019'.][^\W\d_.]{1,24}){0,4}[-.]?\Z"
)
_NOT_STREETS: Final = words_of(
    "autobahn stellplatz sitzplatz parkplatz arbeitsplatz supermarkt bahnhof weihnachtsmarkt "
    "flohmarkt heimweg rückweg hinweg umweg ausweg durchweg überweg laufweg keineswegs fußweg "
    "substr friedhof innenhof hinterhof startplatz tabellenplatz listenplatz "
    "speicherplatz spielplatz campingplatz heizung steig "
    "gleis bahnsteig platz weg ring park hof markt tor feld berg wal meer haven pad spring "
    "during bring string offering ordering catering entering engineering monitoring scoring "
    "including steering rendering rating rang hering frühling jahr arbeitstag anhang parking "
    "norway subway away railway highway gateway runway doorway midway someway straightaway"
)
_STANDALONE: Final = words_of(
    "straße strasse str. str platz weg allee ring ufer damm straat laan plein kade chaussee"
)
_MOST_LEAD: Final = 40


def germanic_streets(look: StreetLook) -> Iterator[Match]:
    """Streets whose type is the end of their name."""
    plain = look.plain
    if not LAST_LETTERS.isdisjoint(_BEFORE_NUMBER.findall(plain.lower)):
        yield from judged(plain, _SUFFIXED, _suffixed, Entity.ADDRESS)
    if not GERMANIC_HINTS.isdisjoint(look.hints):
        starts = starts_of(plain.lower, _leads(look))
        yield from judged_at(plain, starts, _GERMANIC_NAMES, _led, Entity.ADDRESS)


def _leads(look: StreetLook) -> list[str]:
    """Those of the leads that the text holds every word of."""
    leads = list(look.hints & _LEADING)
    if not _ARTICLES.isdisjoint(look.plain.words):
        leads += [lead for lead, words in _LONG_LEADS.items() if words <= look.plain.words]
    return leads


def _suffixed(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    lower, stop = plain.lower, found.start() - 1
    kind = next(suffix for suffix in _SUFFIXES if lower.endswith(suffix, 0, stop))
    begin = stop - len(kind)
    head = _HEAD.search(lower, max(0, begin - _MOST_LEAD), begin)
    start = head.start() if head else begin
    if head is None:
        start = _standalone_start(plain, begin, kind)
        if start < 0:
            return
    elif _is_cut(lower, start):
        return
    word = lower[start:stop]
    is_title = plain.text[start].isupper()
    is_german = kind not in {"ring", "str", "boulevard", "promenade"} and kind in _CLEAR
    stem = len(word) - len(kind)
    is_sure = is_german and (stem >= 3 or kind in _STANDALONE)
    is_sure = is_sure or (kind == "ring" and "-" in word) or (kind == "str" and stem >= 4)
    is_sure = is_sure or (kind in {"hof", "pad", "baan"} and is_title and stem >= 4)
    is_sure = is_sure or (kind in _CLEAR and is_title and stem >= 3)
    if word in _NOT_STREETS or (kind == "weg" and not is_title and not is_sure):
        is_sure = False
    if is_sure and kind in {"weg", "laan", "plein", "ufer", "damm"} and head and stem < 3:
        is_sure = False
    if word in STOPS:
        return
    if is_sure or (stem >= 2 and has_evidence(plain, start, found.end())):
        yield address(plain, start, found.end(), 0.9 if is_title else 0.8)


def _is_cut(lower: str, start: int) -> bool:
    """Whether the word goes on to the left with what no name has in it."""
    return start > 0 and (lower[start - 1].isalnum() or lower[start - 1] in "_@/")


def _standalone_start(plain: Plain, start: int, kind: str) -> int:
    """Where a street named like "Potsdamer Platz" begins; -1 when it is no street."""
    if kind not in _STANDALONE or (start and plain.lower[start - 1].isalnum()):
        return -1
    if start == 0 or plain.lower[start - 1] != " ":
        return start if kind.startswith("str") and kind != "str" else -1
    before = _HEAD.search(plain.lower, max(0, start - _MOST_LEAD), start - 1)
    if before is None:
        return start if kind in {"straße", "strasse", "str."} else -1
    word = before.group()
    is_title = plain.text[before.start()].isupper()
    is_named = len(word) >= 5 and word not in STOPS and word.endswith(("er", "e", "en", "-", "s"))
    if is_named and (is_title or (kind.startswith("str") and word.endswith("er"))):
        return before.start()
    if is_named and plain.lower[before.start() : start].strip() and word.endswith("er"):
        return before.start() if is_address_ahead(plain, before.start()) else -1
    return start if kind in {"straße", "strasse", "str."} else -1


def _led(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    words = found["name"].replace("-", " ").split()
    if any(word in STOPS or word in DATES for word in words):
        return
    is_title = plain.text[found.start()].isupper() and all(
        plain.text[found.start("name") + offset.start()].isupper()
        for offset in re.finditer(r"\b[^\W\d_]", found["name"])
    )
    is_long = is_title and len(words) >= 2 and not found["lead"].startswith("in ")
    is_known = is_title and found["lead"] in {"unter den", "an der", "auf dem", "zur", "an den"}
    is_known = is_known or found["lead"].startswith("laan") or words == ["linden"]
    if is_long or is_known or has_evidence(plain, found.start(), found.end()):
        yield address(plain, found.start(), found.end(), 0.7)
