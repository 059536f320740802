"""The words that streets are named with, and the patterns made of lists of words."""

from __future__ import annotations

from itertools import groupby
from typing import Final

LETTER: Final = r"[^\W\d_]"
NAME: Final = rf"{LETTER}[\w'\u2019.ªº\-]{{0,24}}+"


def words_of(written: str, separator: str | None = None) -> frozenset[str]:
    """The set of words that a string lists."""
    return frozenset(written.split(separator))


CLEAR: Final = words_of(
    "street avenue ave av road boulevard blvd lane terrace crescent parkway pkwy highway hwy "
    "freeway expressway expy turnpike driveway esplanade promenade thruway causeway motorway"
)
"""Nothing else is called so after a number and a name."""
SHORT: Final = words_of(
    "st rd dr ln ct pl sq cir trl ter crt cres crst bvd plz hts mt pk cct hwy tce"
)
"""Abbreviations: clear, too, when the name before them can be one."""
EVERYDAY: Final = words_of(
    "drive court way place square circle trail close alley row plaza loop path walk gardens "
    "garden grove park hill hills pike route gate green wharf quay run crossing bend mews "
    "broadway"
)
"""They name streets and much else: a capital, a long number or other evidence has to help."""
RARE: Final = words_of(
    "alleyway amble anchorage approach arcade artery bank basin bay beach block "
    "bluff boardwalk bottom building buildings cul-de-sac range ranges "
    "branch bridge brook brooks brow burg bypass camp canyon cape "
    "center centre centreway chase circlet circuit circus cliff cliffs club cluster colonnade "
    "common commons concourse copse corner corners corso course courtyard cove creek crest "
    "cross crossroad crossroads crossway cruiseway curve cutting dale dam dell deviation dip "
    "distributor divide edge elbow entrance estate estates extension fairway fall falls "
    "ferry field fields fireline flat flats ford footway forest forge fork forks "
    "formation fort frontage gap gateway glade glen heath heights harbor harbour haven hollow "
    "inlet interchange intersection island islands isle junction key keys knoll knolls lake "
    "lakes land landing laneway lees light lights loaf lock locks lodge "
    "lookout mall manor manors meadow meadows mew mill mills mission motor mount "
    "mountain neck orchard outlook oval overpass parade parkways pass passage pathway "
    "peak pine pines piazza plain plains plateau pocket point points port ports prairie quad "
    "quadrangle quadrant quays radial ramble ramp ranch rapid rapids reach reserve rest "
    "retreat ride ridge ridges ridgeway ring rise river riverway riviera roads "
    "rotary round roundabout rue serviceway shoal shoals shore shores shunt siding "
    "skyway slope sound spring springs spur squares stairs station steps strand stravenue "
    "stream strip subway summit tarn throughway thoroughfare tollway top tor tower towers "
    "trace track tracks trafficway trailer triangle trunkway tunnel turn underpass union "
    "unions vale valley valleys via viaduct view views villa village villages villas "
    "ville vista walks walkway wall waters waterway ways well wells woods wynd yard"
)
"""Names of streets in some directory; they count with capitals and a long number only."""
ENGLISH_TYPES: Final = CLEAR | SHORT | EVERYDAY | RARE

_STOPS: Final = (
    "a am an and any are as at bag bags be because been before beds best both but by can could day "
    "days dollars each euros every few first flight flights for from get go going good had has "
    "have he hello her here hi his hour hours how hrs i if in into is issues it items its just km "
    "least less let like love me mg mile miles min mins minute minutes month months more most much "
    "my name need no not of off ok okay on once one only or order orders other our out over "
    "pages people percent person persons please pls plz pm points quick rooms room seconds she "
    "since so sorry stars steps still table tables thank thanks than that the their them then "
    "there these they this those tickets time times to today tomorrow tonight too two until up us "
    "usd using very via was we week weeks were what when where which while who why will with would "
    "year years yes yet you your zone seat line gate terminal floor page nights guests adults kids "
    "friends characters digits letters words copies votes boxes cards accounts emails messages "
    "calls hotel email mail phone meters metres feet foot star percent gb mb tb kg lbs oz cm mm "
    "lane exit episode season chapter version points countries places cities states homes level "
    "y e o u et und oder con sin por para pero que porque gracias hola aus bei bis danke dann das "
    "dem der die ein eine er es ich ist mein meine mit nicht noch nur oder sich sie und uns "
    "von wir wo zu zum zur minuten stunden uhr tage jahre avec pour par merci svp est sont dans "
    "sur chez nous vous je il elle mais ou avant après personnes heures jours grazie ciao sono "
    "per ma anche alle dalle minuti ore giorni persone obrigado obrigada olá mas com sem uma às "
    "minutos horas dias pessoas het een en van voor naar niet ook bedankt aub minuten uur dagen "
    "años personas días desde seit depuis sinds há kommt einer einem eines einen om está "
    "habitaciones zimmer kinder since anni ans anos jaar jahren still"
)
_MONTHS: Final = (
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday "
    "saturday sunday januar februar märz mai juni juli oktober dezember montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro "
    "março maio junho julho setembro outubro novembro dezembro januari februari maart mei "
    "augustus oktober lunes martes miércoles jueves viernes sábado domingo"
)
STOPS: Final = frozenset(_STOPS.split())
"""Words of everyday sentences, of which no street or town is named in lower case."""
DATES: Final = frozenset(_MONTHS.split())
"""Months and days of the week: "12 March" is a date whatever follows."""
JOINERS: Final = words_of(
    "of the and de la le les l' d' du des del della delle dei degli di da do dos das y e los "
    "las el san santa st saint van der den de het ter ten am an auf im zum zur von und der dem "
    "en sur sous lo li in bei vorm vor ob a"
)
"""Small words inside of names."""


def any_of(words: frozenset[str]) -> str:
    """A pattern for any of the words, quick to fail: first letters are told apart first."""
    return _branches(sorted(words))


def any_word_of(words: frozenset[str]) -> str:
    """The same where no word character stands before; the check is made after the first letter.

    A search for a plain set of first letters runs at C speed, one for a look-behind does not.
    """
    parts = (
        f"{_escaped(first)}(?<!\\w{_escaped(first)}){_branches([word[1:] for word in group])}"
        for first, group in groupby(sorted(words), key=lambda word: word[0])
    )
    return f"(?:{'|'.join(parts)})"


def _branches(words: list[str]) -> str:
    """Alternatives by their first letter, the longer ones first."""
    parts: list[str] = []
    for first, group in groupby(sorted(words, reverse=True), key=lambda word: word[:1]):
        rest = [word[1:] for word in group]
        if not first:
            parts.append("")
        elif len(rest) == 1:
            parts.append(_escaped(first + rest[0]))
        else:
            parts.append(_escaped(first) + _branches(rest))
    return f"(?:{'|'.join(parts)})"


def _escaped(written: str) -> str:
    return "".join(c if c.isalnum() or c in " '\u2019" else f"\\{c}" for c in written)
