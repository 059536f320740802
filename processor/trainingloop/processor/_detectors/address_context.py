"""What words say that an address follows, and addresses that only these words give away."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.address_tails import tail_of
from trainingloop.processor._detectors.careful import beside
from trainingloop.processor._detectors.street_words import (
    DATES,
    JOINERS,
    LETTER,
    STOPS,
    words_of,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trainingloop.processor._detectors.street_look import StreetLook
    from trainingloop.processor._normalise import Plain

# Not "IP address" nor "e-mail address", which the character before the word tells.
_NOUNS: Final = (
    r"(?<!ip )(?<!ail )(?<!mac )(?<!web )(?<!let )(?<!ork )address(?:es)?|adresse|anschrift"
    r"|direcci[oó]n|domicilio|indirizzo|morada|endere[cç]o|adres|wohnort|lieferadresse"
)
_VERBS: Final = (
    r"liv(?:e|es|ing)(?: now)? (?:at|on|in)|resid(?:e|es|ing) (?:at|on|in)"
    r"|located (?:at|on)|situated (?:at|on)|(?:moved|moving|relocated) to"
    r"|(?:ship|deliver|send|post|mail|forward|bring|take)(?:s|ed|ing|ped|ping)?"
    r"(?: (?:it|them|this|that|me|us|everything|(?:the|my|a|our) \w{2,12}))? to"
    r"|sent to|taking .{2,12} to|delivery to|pick (?:me|us|it|him|her) up (?:at|from)"
    r"|pickup (?:at|from)|drop \w{2,4} off at"
    r"|directions to|home is (?:at|on)|wohne(?:n|t)?|wohnt|ziehe|liefer[nt]|lieferung"
    r"|schick(?:en|t|e)?|senden|vivo|vivimos|vive|resido"
    r"|env[ií](?:a|e|ar|alo|elo|en|em)|entreg(?:a|ar|uen)"
    r"|mande|ci troviamo|troviamo|trova|abito|abitiamo|abita|sped(?:ire|isci|ite)|consegn(?:a|are)"
    r"|moro|moramos|mora|habite|habitons|demeure|envoye[rz]|livre[rz]|livraison"
    r"|woon|wonen|stuur|bezorg(?:en|ing)?|verzend"
)
_LINK: Final = (
    r"(?:[ ]?[:=\-,]|[ ](?:is|are|was|now|at|on|in|to|es|está|ist|lautet|est|è|é|en|em|na|no"
    r"|a|à|al|au|aux|alla|nel|im|an|auf|am|der|dem|die|das|nach|op|naar|het|de|la|el|le|per"
    r"|via|para|it|for|delivery|changed|should|be|as|still|actually)(?![\w])){0,5}[ \n]"
)
_CONTEXT: Final = re.compile(rf"(?:(?P<noun>{_NOUNS})|(?:{_VERBS})){_LINK}")
_AHEAD: Final = re.compile(rf"(?:{_NOUNS}|(?<![\w])(?:{_VERBS}))(?![\w])[^.!?;]{{0,28}}\Z")
CONTEXT_WORDS: Final = words_of(
    "address addresses adresse anschrift dirección direccion domicilio indirizzo morada "
    "endereço endereco adres wohnort lieferadresse live living lives reside resides residing "
    "located situated moved moving relocated ship shipped shipping deliver delivered "
    "delivering delivers delivery send sends sent sending post posted mail mailed forward "
    "bring take taking pick pickup drop directions home wohne wohnen wohnt ziehe liefern "
    "liefert lieferung schick schicken schickt schicke senden vivo vivimos vive resido envía "
    "envia envíe envie enviar envíalo envialo envíelo envíen entrega entregar entreguen mande "
    "troviamo trova abito abitiamo abita spedire spedisci spedite consegna consegnare "
    "moro moramos mora "
    "enviem habite habitons demeure envoyer envoyez livrer livrez livraison woon wonen stuur "
    "bezorg bezorgen bezorging verzend"
)
_NUMBER_FIRST: Final = re.compile(
    rf"(?P<number>[0-9]{{1,6}}(?:[/\-][0-9]{{1,4}})?[a-z]?(?: ?(?:bis|ter))?),?[ ]"
    rf"(?P<name>(?:{LETTER}|[0-9]{{1,3}}(?:st|nd|rd|th))[^\n,;:!?()\"<>@\ufffc]{{1,40}})"
)
_NAME_FIRST: Final = re.compile(
    rf"(?P<name>{LETTER}[\w'\u2019.\-/]{{1,30}}(?:[ ]{LETTER}[\w'\u2019.\-/]{{0,24}}){{0,5}}?),?[ ]"
    r"(?:n[º°r]?\.? ?|no\.? |\#|num\.? )?(?P<number>[0-9]{1,5}(?:[/\-][0-9]{1,4})?(?: ?[a-z])?)"
    r"(?![\w%:]|[.,][0-9]|[ ](?:uhr|pm|am|min|minut|km|euro|hours|days|tage|jahre|years))"
)
_REACH: Final = 44


def is_address_ahead(plain: Plain, start: int) -> bool:
    """Whether the words before ``start`` announce an address."""
    if CONTEXT_WORDS.isdisjoint(plain.words):
        return False
    return _AHEAD.search(plain.lower, max(0, start - _REACH), start) is not None


def announced_addresses(look: StreetLook, known: Sequence[Match]) -> Iterator[Match]:
    """What stands behind "my address is" and "I live at" and can be an address.

    Args:
        look: The text.
        known: Addresses that were found in it already, with all that follows them.
    """
    if words := CONTEXT_WORDS & look.hints:
        judge = partial(_announced, known)
        yield from beside(look.plain, words, judge, Entity.ADDRESS)


def _announced(known: Sequence[Match], plain: Plain, start: int, _: int) -> Iterator[Match]:
    context = _CONTEXT.match(plain.lower, start)
    if context is None:
        return
    start = context.end()
    end = _number_first(plain, start) or _name_first(plain, start)
    if end and not (known and _is_covered(plain.lower, start, end, known)):
        stop = max(end, tail_of(plain, end).end)
        value = " ".join(plain.lower[start:stop].replace(",", " ").split())
        yield Match(start=start, end=stop, entity=Entity.ADDRESS, value=value, score=0.6)


def _is_covered(lower: str, start: int, end: int, known: Sequence[Match]) -> bool:
    """Whether an address is found already whose name ends where this one does."""
    is_whole = lower[start].isdigit() and not lower[end : end + 1].strip(",\n")
    return is_whole and any(match.start <= start and end <= match.end for match in known)


def _number_first(plain: Plain, start: int) -> int:
    found = _NUMBER_FIRST.match(plain.lower, start)
    if found is None:
        return 0
    end = position = found.start("name")
    count = 0
    for word in found["name"].split(" "):
        bare = word.strip(".")
        is_joiner = count > 0 and bare in JOINERS
        if not bare or (not is_joiner and (bare in STOPS or bare in DATES)) or count == 5:
            break
        if not is_joiner:
            end = position + len(word.rstrip("."))
        position += len(word) + 1
        count += 1
        if word.endswith(".") and len(word) > 4:
            break
    is_capital = plain.text[found.start("name")].isupper()
    is_enough = is_capital or sum(map(str.isdigit, found["number"])) >= 2
    return end if count and is_enough and end > found.start("name") else 0


def _name_first(plain: Plain, start: int) -> int:
    found = _NAME_FIRST.match(plain.lower, start)
    if found is None:
        return 0
    words = [word.strip(".") for word in found["name"].split(" ")]
    has_stop = any(word in DATES or (word in STOPS and word not in JOINERS) for word in words)
    if has_stop or words[-1] in JOINERS or "in" in words:
        return 0
    return found.end()
