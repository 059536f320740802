"""What may follow a street and a house number: unit, town, region, postcode and country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.street_words import (
    DATES,
    JOINERS,
    LETTER,
    STOPS,
    any_of,
    words_of,
)

if TYPE_CHECKING:
    from trainingloop.processor._normalise import Plain

_REGION_CODES: Final = words_of(
    "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj "
    "nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu as mp pw fm mh ae "
    "ap aa nsw vic qld tas act nt sa ab bc mb nb nl ns nu on pe qc sk yt ac am ba ce df es go "
    "mg pb pi pr rj rn ro rr rs se sp to ags bc bcs cdmx chis chih coah col dgo gto gro hgo "
    "jal mex mich mor nay oax pue qro qroo slp sin son tab tamps tlax ver yuc zac"
)
_REGIONS: Final = words_of(
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia"
    "|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland"
    "|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada"
    "|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma"
    "|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah"
    "|vermont|virginia|washington|west virginia|wisconsin|wyoming|new south wales|victoria"
    "|queensland|tasmania|ontario|quebec|british columbia|alberta|manitoba|nova scotia|calif",
    "|",
)
_COUNTRIES: Final = words_of(
    "usa|u.s.a|u.s|us|united states|united states of america|uk|u.k|united kingdom|england"
    "|scotland|wales|northern ireland|ireland|canada|australia|new zealand|germany"
    "|deutschland|österreich|austria|schweiz|suisse|svizzera|switzerland|france|españa|spain"
    "|italia|italy|portugal|brasil|brazil|méxico|mexico|colombia|argentina|chile|perú|peru"
    "|nederland|netherlands|the netherlands|belgië|belgique|belgium",
    "|",
)
_UNIT_WORDS: Final = words_of(
    "apt apartment suite ste unit floor fl room rm flat building bldg lot space spc trailer "
    "level lvl office studio shop piso puerta planta esc escalera bloque portal depto dpto "
    "departamento int interior edif edificio local casa apto ap bl bloco sala andar conj "
    "cobertura lote loja bât bâtiment batiment appt appartement étage etage porte résidence "
    "scala piano interno appartamento whg wohnung stiege top haus zimmer bus verdieping box "
    "concourse col colonia barrio urb no nr km tür ático bajo"
)
_LETTERED: Final = "suite|apt|apartment|unit|flat|ste|bldg|building|block|bloco|bloque|scala|puerta"
_WORD: Final = rf"{LETTER}[\w'\u2019.\-]{{0,24}}+"
_POSTCODE: Final = (
    r"(?:(?:c\.?p\.?|zip|zip code|cep|cap)[ :.]{1,2})?(?:[a-z]{1,2}-)?"
    r"(?:[0-9]{5}(?:-[0-9]{3,4}|[0-9]{3})?|[0-9]{4}-[0-9]{3}|[1-9][0-9]{3} ?[a-z]{2}(?!\. [a-z])"
    r"|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}|[a-z][0-9][a-z][ \-]?[0-9][a-z][0-9])(?![\w])"
)
_SHORT_POSTCODE: Final = rf"(?:[a-z]{{1,2}}-)?[1-9][0-9]{{3}}(?=[ ]{LETTER}{{3}}|,[ ])"
_PART: Final = re.compile(
    rf"(?P<unit>(?:{any_of(_UNIT_WORDS)}\.?[ ]?|\#[ ]?)\#?(?:[0-9]{{1,5}}[a-z]?|[a-z][0-9]{{1,4}})"
    rf"(?:[\-/.][0-9a-z]{{1,4}})?(?![\w])|(?:{_LETTERED})\.? [a-z](?![\w])"
    r"|[0-9]{1,2}(?:st|nd|rd|th|er|[ºª°]|e|o|a)\.? ?(?:floor|fl|piso|andar|[ée]tage|stock|og"
    r"|izq\w{0,9}|dcha|dch|der\w{0,6}|esq\w{0,6}|dto|dir\w{0,5}|frente|fte|centro|[a-h]|"
    r"[0-9]{1,2}[ªa])?(?![\w])|[0-9]{1,2}[a-h](?![\w]))"
    rf"|(?P<post>{_POSTCODE})|(?P<short>{_SHORT_POSTCODE})"
    rf"|(?P<region>\(?{any_of(_REGIONS)}\)?(?![\w]))|(?P<country>{any_of(_COUNTRIES)}(?![\w]))"
)
_CODE: Final = re.compile(rf"\(?(?P<code>{any_of(_REGION_CODES)}|[a-z]{{2}}(?=\)))\)?\.?(?![\w'])")
_AFTER_STATE: Final = re.compile(r"[0-9]{4}(?![\w])")
_ZIP_AHEAD: Final = re.compile(r",? ?[0-9a-z]{3,5}[ \-]?[0-9]|,? ?[0-9]{4}")
_GAP: Final = re.compile(r"(?:[ ]?[\-/|][ ]|[ ]{0,2}[,;]?[ ]{0,2}\n?[ ]?|\.[ ])")
_DIRECTION: Final = re.compile(
    r"[ ](?:n|s|e|w|ne|nw|se|sw|north|south|east|west|northeast|northwest|southeast|southwest"
    r"|n\.e|n\.w|s\.e|s\.w)\.?(?![\w'])"
)
_TOWN_WORD: Final = re.compile(_WORD)
_CONFIRMED: Final = re.compile(
    rf"{_WORD}(?:[ ]{_WORD}){{0,5}}?(?:[ ]?[,\n][ ]?|[ ](?:[\-/][ ])?|[ ](?=\())"
    rf"(?=\(?(?:{any_of(_REGION_CODES)})\)?(?P<zip>,? (?:[0-9]|[a-z][0-9]))"
    rf"|(?P<code>{any_of(_REGION_CODES)})(?![\w'])|\([a-z]{{2}}\)|{any_of(_REGIONS)}(?![\w])"
    rf"|{_POSTCODE}|{any_of(_COUNTRIES)}(?![\w]))"
)
_LONELY: Final = re.compile(rf"{LETTER}{{3,20}}(?:[ ]{LETTER}{{3,20}}){{0,2}}(?=[.,;!?\n]|\Z)")
_MOST_PARTS: Final = 9
_LONGEST: Final = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The rest of an address."""

    end: int
    is_evidence: bool
    """It holds a unit, a region or a postcode: what stands before it was an address."""


def tail_of(plain: Plain, end: int) -> Tail:
    """The parts that follow an address which ends, so far, at ``end``."""
    lower, limit = plain.lower, end + _LONGEST
    direction = _DIRECTION.match(lower, end)
    if direction:
        end = direction.end()
    is_evidence, before = False, "street"
    for _ in range(_MOST_PARTS):
        gap = _GAP.match(lower, end)
        start = gap.end() if gap else end
        if start == end or start >= limit:
            break
        kind, stop = _part(plain, start, before, lower[end:start])
        if not kind:
            break
        is_evidence = is_evidence or kind in {"unit", "post", "code", "region"}
        end, before = stop, kind
    return Tail(end=end, is_evidence=is_evidence)


def _part(plain: Plain, start: int, before: str, gap: str) -> tuple[str, int]:
    """The kind of the part that begins at ``start`` and where it ends; no kind when none does."""
    lower = plain.lower
    if not lower[start : start + 1].strip():
        return "", start
    found = _PART.match(lower, start)
    if found and (found.lastgroup != "short" or _names_town(plain, found.end())):
        return ("post" if found.lastgroup == "short" else found.lastgroup or "unit"), found.end()
    if stop := _code_end(plain, start, before):
        return "code", stop
    if lower[start].isdigit():
        found = _AFTER_STATE.match(lower, start) if before in {"code", "region"} else None
        return ("post", found.end()) if found else ("", start)
    if before == "post":
        stop = _town_end(plain, start, is_lower_allowed=True)
        return ("town", stop) if stop else ("", start)
    confirmed = _CONFIRMED.match(lower, start)
    if confirmed and _is_confirmed(plain, confirmed):
        return "town", len(confirmed.group().rstrip(" ,\n-/")) + start
    if gap.strip(" ") and before != "country":
        stop = _town_end(plain, start) or _lower_town_end(plain, start)
        return ("town", stop) if stop else ("", start)
    return "", start


def _names_town(plain: Plain, end: int) -> bool:
    """Whether a number of four digits has a town behind it, or a country."""
    return (
        plain.text[end + 1 : end + 2].isupper()
        or plain.lower[end] == ","
        or (_town_end(plain, end + 1, is_lower_allowed=True) > 0)
    )


def _code_end(plain: Plain, start: int, before: str) -> int:
    found = _CODE.match(plain.lower, start)
    if found is None:
        return 0
    is_capital = plain.text[found.start("code") : found.end("code")].isupper()
    if is_capital or _ZIP_AHEAD.match(plain.lower, found.end()):
        return found.end()
    return found.end("code") if before == "town" and found["code"] not in STOPS else 0


def _is_confirmed(plain: Plain, found: re.Match[str]) -> bool:
    words = found.group().replace(",", " ").split()
    if any((word in STOPS or word in DATES) and word not in JOINERS for word in words):
        return False
    code = found["code"]
    if code is None or found["zip"]:
        return True
    end = found.end()
    is_capital = plain.text[end : end + len(code)].isupper()
    return is_capital or ("," in found.group() and code not in STOPS)


def _lower_town_end(plain: Plain, start: int) -> int:
    """Where a town in lower case ends that stands alone between a comma and an end; or 0."""
    found = _LONELY.match(plain.lower, start)
    if found is None or not plain.text[start : found.end()].islower():
        return 0
    words = found.group().split()
    return 0 if any(word in STOPS or word in DATES for word in words) else found.end()


def _town_end(plain: Plain, start: int, *, is_lower_allowed: bool = False) -> int:
    """Where the name of a town ends; 0 when no name begins there."""
    end = position = start
    names = 0
    for count in range(6):
        found = _TOWN_WORD.match(plain.lower, position)
        if found is None:
            break
        word = found.group().rstrip(".")
        is_capital = plain.text[position].isupper()
        is_joiner = (count > 0 or is_lower_allowed) and word in JOINERS
        is_plain = is_lower_allowed and names < 2 and len(word) > 2 and plain.text[start].islower()
        is_name = (is_capital or is_plain) and word not in STOPS and word not in DATES
        if not is_name and not is_joiner:
            break
        if is_name:
            names += not is_joiner
            end = position + len(found.group().rstrip(".-'\u2019"))
        position = found.end()
        if plain.lower[position : position + 1] not in {" ", "/"}:
            break
        position += 1
    return end if end > start else 0
