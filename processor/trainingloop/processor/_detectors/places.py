"""Finds of street addresses in seven languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_LETTER: Final = r"[^\W\d_]"
_ENGLISH_CLEAR: Final = (
    "street|avenue|ave|road|boulevard|blvd|lane|terrace|crescent|parkway|pkwy|highway|hwy|freeway"
    "|expressway|turnpike|mews|driveway|esplanade|promenade"
)
# Words that are also everyday English: they count only after a capital or when nothing else fits.
_ENGLISH_UNCLEAR: Final = (
    "st|rd|drive|dr|ln|court|ct|way|place|pl|square|sq|circle|cir|trail|trl|close|alley|row|plaza"
    "|loop|path|walk|gardens|grove|park|hill|pike|route|gate|green|wharf|quay|run|crossing|bend"
)
_NUMBER_FIRST: Final = re.compile(
    rf"(?P<number>[0-9](?<![\w.$€£#:/+\-][0-9])[0-9]{{0,5}}(?:-[0-9]{{1,4}})?{_LETTER}?),?[ \n]"
    rf"(?P<name>(?:(?:[0-9]{{1,3}}(?:st|nd|rd|th)|{_LETTER}[\w'.\-]{{0,24}}+)[ ]){{1,5}}?)"
    rf"(?P<type>(?P<clear>{_ENGLISH_CLEAR})|(?:{_ENGLISH_UNCLEAR}))\b\.?"
    r"(?:[ ](?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\b)?"
    r"(?:,?[ ](?:apt|apartment|suite|ste|unit|floor|fl|room|rm|\#)\.?[ ]?\#?[0-9a-z\-]{1,6}\b)?"
)
_ENGLISH_HINTS: Final = frozenset(f"{_ENGLISH_CLEAR}|{_ENGLISH_UNCLEAR}".split("|"))
_EVERYDAY_WORDS: Final = (
    "a am an and any are as at bag bags be before both but by can day days each every few "
    "flights for from get go had has have he her his hour hours hrs i if in into is it item "
    "items its km least less meters metres mg mile miles min mins minute minutes more most much "
    "my need no not of off on one only or order other our out over own pages people per percent "
    "pm points seconds she so steps than that their them then there they this time times to two "
    "up us usd using via was way we week weeks were what when which while who will with would "
    "year years you your "
)
_NOT_IN_NAMES: Final = frozenset(_EVERYDAY_WORDS.split())
_BOX: Final = re.compile(r"\bp\.? ?o\.? ?box[ #:]{1,3}[0-9]{1,8}\b")

_NAME: Final = rf"{_LETTER}[\w'.ªº\-]{{0,24}}+"
_ROMANCE_TYPES: Final = (
    r"calle|c/|avenida|avda\.?|avd\.?|av\.|paseo|p[º°]\.?|plaza|pza\.?|carrera|camino|carretera"
    r"|ronda|traves[ií]a|glorieta|rambla|calzada|rua|r\.|travessa|praça|alameda|estrada|largo"
    r"|rodovia|via|viale|piazza|piazzale|corso|vicolo|strada|lungomare|contrada|avinguda|carrer"
)
_TYPE_FIRST: Final = re.compile(
    rf"(?<![\w])(?P<type>{_ROMANCE_TYPES}) ?(?P<name>{_NAME}(?: {_NAME}){{0,5}}?)"
    r"(?P<sign>,? ?n[º°o]?\.? ?[º°]? ?|, ?| )(?P<number>[0-9]{1,5})(?:[ /\-]?[a-z])?\b"
    r"(?![:%.][0-9])"
)
_FRENCH: Final = re.compile(
    rf"[0-9](?<![\w.][0-9])[0-9]{{0,3}}(?:[ ]?(?:bis|ter|quater))?,? (?:rue|avenue|av\.|boulevard"
    rf"|bd|bld|place|all[ée]e|chemin|impasse|quai|cours|route|square|passage|villa|faubourg"
    r"|sentier) "
    rf"(?:(?:de la|de l'|du|des|de|la|le|les|d'|l') ?)?{_NAME}(?: {_NAME}){{0,3}}"
)
_GERMANIC: Final = re.compile(
    rf"(?<![\w])(?:(?:{_LETTER}{{2,24}}[ \-]){{0,2}}{_LETTER}{{0,24}}"
    r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer|chaussee"
    r"|straat|laan|plein|gracht|kade|steeg|gatan|v[äa]gen|gade|vej|vei))"
    r" (?P<number>[0-9]{1,4}(?: ?[a-z])?\b)(?!:[0-9]| ?(?:uhr|km|min|stunden|euro|€))"
)
_GERMANIC_HINTS: Final = (
    "straße", "strasse", "str.", "weg", "platz", "allee", "gasse", "damm", "ufer", "chaussee",
    "straat", "laan", "plein", "gracht", "kade", "steeg", "gatan", "vägen", "vagen", "gade", "vej",
    "vei",
)  # fmt: skip
_FRENCH_WORDS: Final = (
    "rue avenue av boulevard bd bld place allée allee chemin impasse quai cours route square "
    "passage villa faubourg sentier"
)
_FRENCH_HINTS: Final = frozenset(_FRENCH_WORDS.split())
_ROMANCE_WORDS: Final = (
    "calle c avenida avda avd av paseo p plaza pza carrera camino carretera ronda travesia "
    "travesía glorieta rambla calzada rua r travessa praça alameda estrada largo rodovia via "
    "viale piazza piazzale corso vicolo strada lungomare contrada avinguda carrer"
)
_ROMANCE_HINTS: Final = frozenset(_ROMANCE_WORDS.split())


def street_addresses(plain: Plain) -> Iterator[Match]:
    """Street addresses with a house number, and post office boxes."""
    lower = plain.lower
    if not _ENGLISH_HINTS.isdisjoint(plain.words):
        yield from _english(plain)
    if "box" in plain.words:
        yield from map(_match, _BOX.finditer(lower))
    if not _ROMANCE_HINTS.isdisjoint(plain.words):
        yield from _romance(plain)
    if not _FRENCH_HINTS.isdisjoint(plain.words):
        yield from map(_match, _FRENCH.finditer(lower))
    for hint in _GERMANIC_HINTS:
        if hint in lower:
            yield from map(_match, _GERMANIC.finditer(lower))
            break


def _english(plain: Plain) -> Iterator[Match]:
    for found in _NUMBER_FIRST.finditer(plain.lower):
        words = found["name"].split()
        if any(word.rstrip(".") in _NOT_IN_NAMES for word in words):
            continue
        first = plain.text[found.start("name")]
        if found["clear"] or not first.islower() or _is_lower_case_address(plain, found):
            yield _match(found)


def _is_lower_case_address(plain: Plain, found: re.Match[str]) -> bool:
    """Chat has no capitals: a number of three digits before one or two names is an address."""
    is_lower = plain.text[found.start() : found.end()].islower()
    return is_lower and len(found["number"]) >= 3 and len(found["name"].split()) <= 2


def _romance(plain: Plain) -> Iterator[Match]:
    for found in _TYPE_FIRST.finditer(plain.lower):
        # "via Denver 12" is English; in Italian a comma or a sign stands before the number, or
        # the text names the street in capitals.
        needs_sign = found["type"] in {"via", "largo", "strada", "r.", "corso", "plaza", "carrera"}
        is_capital = plain.text[found.start()].isupper()
        if not needs_sign or found["sign"].strip() or is_capital:
            yield _match(found)


def _match(found: re.Match[str]) -> Match:
    value = " ".join(found.group().replace(",", " ").split())
    return Match(start=found.start(), end=found.end(), entity=Entity.ADDRESS, value=value)
