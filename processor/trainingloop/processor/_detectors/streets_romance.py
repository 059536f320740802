"""Finds of street addresses in Spanish, Italian, Portuguese and French."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.careful import judged_at, starts_of
from trainingloop.processor._detectors.street_words import (
    DATES,
    JOINERS,
    NAME,
    STOPS,
    any_of,
    any_word_of,
    words_of,
)
from trainingloop.processor._detectors.streets_english import NUMBER, address, has_evidence
from trainingloop.processor._entities import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.processor._detectors.street_look import StreetLook
    from trainingloop.processor._entities import Match
    from trainingloop.processor._normalise import Plain

_CLEAR: Final = words_of(
    "calle|c/|cl/|avenida|avda|avda.|avd|avd.|av|av.|ave.|paseo|pza|pza.|plza|plza.|pº|p.º"
    "|calzada|glorieta|carretera|ctra|ctra.|travesía|travesia|callejón|callejon|rambla"
    "|cerrada|privada|andador|prolongación|periférico|blvd|blvd.|boulevard|avinguda|carrer"
    "|rua|travessa|praça|praca|alameda|estrada|rodovia|ladeira|viela|viaduto|largo|pça|pça."
    "|via|viale|v.le|piazza|piazzale|p.zza|p.za|corso|c.so|vicolo|lungomare|lungotevere"
    "|contrada|borgo|salita|piazzetta|stradone|traversa|rue|allée|impasse|chemin|quai",
    "|",
)
_WEAK: Final = words_of(
    "plaza|camino|carrera|ronda|cuesta|pasaje|pasadizo|urbanización|urbanizacion|vial|acceso"
    "|cañada|retorno|circuito|corredor|diagonal|transversal|circunvalación|continuación"
    "|ampliación|peatonal|eje vial|eje|viaducto|c.|r.|camí|plaça|passeig"
    "|quadra|lago|morro|distrito|chácara|colônia|condomínio|conjunto|esplanada|estação"
    "|favela|fazenda|feira|jardim|lagoa|loteamento|núcleo|parque|passarela|pátio|praia"
    "|recanto|residencial|setor|sítio|trecho|trevo|vale|vereda|vila|aeroporto|área|campo|beco"
    "|strada|rotonda|incrocio|stretto|canale|calata|galleria|vía|jr.|jirón|urb.|sector",
    "|",
)
_NEEDS_CARE: Final = frozenset({"via", "largo", "corso", "av", "rue", "quai", "boulevard"})
_TYPED: Final = re.compile(
    rf"(?P<type>{any_word_of(_CLEAR | _WEAK)})(?<=[\w./º])(?:(?<=[./])|(?<=[^\W_])(?=[ ]))[ ]?"
    rf"(?P<name>(?:[0-9]{{1,2}} (?:de |di )?)?{NAME}(?:[ ]{NAME}){{0,6}}?)"
    r"(?P<sign>,?[ ]?(?:n[º°o.]{1,2}|n|num\.?|núm\.?|número|numero|\#|km)[ ]?|,?[ ]?\n?)"
    r"(?P<number>[0-9]{8}|[0-9]{1,5}(?:-[0-9]{3})?|s/n\w{0,2}|sin número)"
    r"(?:[ ][0-9]{3}(?![\w])|[ ]?[/\-][ ]?[0-9a-z]{1,4}|[ ]?[a-d])?(?![\w])"
    r"(?![:%][0-9]|[.,][0-9]|[ ](?:horas|minutos|ore|volte|euro|euros|km)(?![\w]))"
)
_COLOMBIAN_TYPES: Final = words_of(
    "calle carrera cra cl cll kr kra dg diagonal tv transversal ak ac av avenida autopista"
)
_COLOMBIAN: Final = re.compile(
    rf"(?:{any_word_of(_COLOMBIAN_TYPES)})"
    r"\.? [0-9]{1,3} ?[a-z]{0,2}(?: (?:bis|sur|norte|este|oeste)){0,2}[ ]?(?:\#|no\.?|n[º°]|num\.?)"
    r"[ ]?[0-9]{1,3} ?[a-z]?(?:[ ]?-[ ]?[0-9]{1,3})?(?![\w])"
)
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_TYPES_OF_WORD: Final[Mapping[str, list[str]]] = {
    word: [kind for kind in sorted(_CLEAR | _WEAK) if _FIRST_WORD.findall(kind)[0] == word]
    for word in {_FIRST_WORD.findall(kind)[0] for kind in _CLEAR | _WEAK}
}
"""The types of streets by their first word: "c/" and "c." by the letter."""
_ITALIAN_HINTS: Final = words_of(
    "abito abita abitiamo indirizzo siamo sono consegna spedire spedite spedisci grazie il del "
    "della dei delle mia mio dove casa nel alle al ci vivo all dell ciao piano scala interno"
)
_FRENCH_CLEAR: Final = words_of(
    "rue avenue av. av boulevard bd bld boul. allée allee allées impasse chemin quai faubourg "
    "sentier ruelle venelle esplanade rond-point chaussée montée traverse"
)
_FRENCH_WEAK: Final = words_of(
    "place cours route square passage villa cité résidence hameau lotissement lieu-dit"
)
_FRENCH: Final = re.compile(
    rf"{NUMBER}(?:[ ]?(?:bis|ter|quater))?,?[ ](?P<type>{any_of(_FRENCH_CLEAR | _FRENCH_WEAK)})[ ]"
    rf"(?P<name>(?:(?:de la|de l['\u2019]|du|des|de|la|le|les|d['\u2019]"
    rf"|l['\u2019]|aux?) ?){{0,2}}{NAME})"
)
_FRENCH_HINTS: Final = frozenset(
    word
    for words in _FRENCH_CLEAR | _FRENCH_WEAK
    for word in re.findall(r"[^\W\d_]+", words)
    if word not in {"de", "dit", "rond", "point"}
)
ROMANCE_HINTS: Final = frozenset(_TYPES_OF_WORD) | _COLOMBIAN_TYPES | _FRENCH_HINTS
"""Without one of these words there is no street of these languages."""
_NEXT_WORD: Final = re.compile(rf"[ ]({NAME}|[0-9]{{1,2}} (?=[^\W\d_]))")
_NOT_LAST: Final = (STOPS | JOINERS) - words_of("santa san st y e sur")
_APOSTROPHE_OR_SPACE: Final = re.compile(r"['\u2019 ]")
_MOST_NAMES: Final = 5


def romance_streets(look: StreetLook) -> Iterator[Match]:
    """Streets whose type stands first, and French ones."""
    plain, hints = look.plain, look.hints
    if words := hints & _TYPES_OF_WORD.keys():
        starts = starts_of(plain.lower, (kind for word in words for kind in _TYPES_OF_WORD[word]))
        yield from judged_at(plain, starts, _TYPED, _typed, Entity.ADDRESS)
    if types := hints & _COLOMBIAN_TYPES:
        starts = starts_of(plain.lower, types)
        yield from judged_at(plain, starts, _COLOMBIAN, _colombian, Entity.ADDRESS)
    if not _FRENCH_HINTS.isdisjoint(hints):
        yield from judged_at(plain, look.fronts, _FRENCH, _french, Entity.ADDRESS)


def _colombian(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    yield address(plain, found.start(), found.end(), 0.95)


def _typed(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    names = [word.strip(".") for word in found["name"].split()]
    if any(word in STOPS and word not in JOINERS for word in names[:-1]):
        return
    if names[-1] in _NOT_LAST:
        return
    score, end = _score(plain, found), found.end()
    if len(found["number"]) >= 5:
        # That is no house number but a postcode.
        score, end = 0.0, found.end("name")
    if score < 0.5 and has_evidence(plain, found.start(), end):
        score = 0.8
    if score >= 0.5:
        yield address(plain, found.start(), end, score)


def _score(plain: Plain, found: re.Match[str]) -> float:
    is_title = plain.text[found.start()].isupper()
    name_start = found.start("name")
    is_name_title = any(
        plain.text[start.start() + name_start].isupper()
        for start in re.finditer(r"\b[^\W\d_]", found["name"])
    )
    has_sign = bool(found["sign"].strip())
    kind = found["type"]
    if kind in _NEEDS_CARE or kind in _WEAK:
        if is_title and is_name_title:
            return 0.9
        is_italian = not _ITALIAN_HINTS.isdisjoint(plain.words)
        is_named = has_sign or (kind in _NEEDS_CARE and is_italian)
        is_lower_name = not is_name_title and len(found["name"].split()) >= 2
        return (
            0.7
            if (is_named and (is_name_title or kind in _NEEDS_CARE))
            or (is_lower_name and kind in _NEEDS_CARE)
            else 0.0
        )
    return 0.9


def _french(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    name = _APOSTROPHE_OR_SPACE.split(found["name"])[-1]
    if name in STOPS or name in DATES:
        return
    end = _name_end(plain, found.end())
    is_title = plain.text[found.end() - len(name)].isupper()
    is_french = found["type"] in _FRENCH_CLEAR or found["type"] in {"place", "cours"}
    is_lower_type = plain.text[found.start("type")].islower()
    is_clear = found["type"] in _FRENCH_CLEAR or len(name) < len(found["name"])
    is_clear = is_clear or (is_title and (is_french or is_lower_type))
    if is_clear or has_evidence(plain, found.start(), end):
        yield address(plain, found.start(), end, 0.9)


def _name_end(plain: Plain, end: int) -> int:
    """Where the name of a street ends: capitals go on, lower case is followed two words."""
    position = end
    for count in range(_MOST_NAMES):
        found = _NEXT_WORD.match(plain.lower, position)
        if found is None:
            break
        word, position = found[1].strip(".").strip(), found.end()
        is_capital = plain.text[found.start(1)].isupper() or word.isdigit()
        if word in JOINERS:
            continue
        is_lower_name = count < 3 and plain.text[end - 1].islower() and not is_capital
        if word in STOPS or word in DATES or not (is_capital or is_lower_name):
            break
        if is_lower_name and not plain.text[plain.text.rfind(" ", 0, end) + 1].islower():
            break
        end = position - (plain.lower[position - 1] in ". ")
    return end
