"""Finds of bank accounts and of numbers a state knows a person by."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors import checks
from trainingloop.processor._detectors.careful import beside, judged
from trainingloop.processor._detectors.ibans import COUNTRIES, iban_at
from trainingloop.processor._detectors.street_words import words_of
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainingloop.processor._normalise import Plain

# Each search begins with a plain class of characters, which runs at C speed; what stands before
# is looked at afterwards. Codes that begin with letters are found by their first two digits.
# British numbers have four more digits, and so has every bank account; a letter can be Italian.
_TWO_DIGITS: Final = re.compile(
    r"[0-9](?:(?<=[a-z][a-z][0-9])|(?<=[a-z][a-z][ \-.][0-9]))[0-9]"
    r"(?=(?P<many>(?:[a-z \-.]{0,32}+[0-9]){4})|[a-z])"
)
_NINO: Final = re.compile(
    r"(?<![0-9a-z])(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z]"
    r"([ \-]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[a-d](?![0-9a-z])"
)
_ITALIAN: Final = re.compile(
    r"(?<![0-9a-z])[a-z]{6}[0-9l-v]{2}[abcdehlmprst][0-9l-v]{2}[a-z][0-9l-v]{3}[a-z](?![0-9a-z])"
)
_RUN: Final = re.compile(r"[0-9](?:[ .\-/]{0,2}+[0-9ab]){6,}+")
_SSN: Final = re.compile(
    r"[0-9](?<![\w\-.][0-9])[0-9]{2}([\- .])[0-9]{2}\1[0-9]{4}(?![\w]|[\-.][0-9])"
)
_SPANISH: Final = re.compile(
    r"[0-9xyz](?<![0-9a-z][0-9xyz])(?:(?<=[0-9])|[ \-]?)[0-9]{7}[ \-]?[a-z](?![0-9a-z])"
)
_FRENCH: Final = re.compile(
    r"[12](?<![0-9a-z][12]) ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[ab]) ?[0-9]{3} ?[0-9]{3}[ \-]?"
    r"[0-9]{2}(?![0-9a-z])"
)
_GERMAN: Final = re.compile(r"[0-9](?<![\w.][0-9])[0-9] [0-9]{3} [0-9]{3} [0-9]{3}(?![\w])")
_BRAZILIAN: Final = re.compile(
    r"[0-9](?<![\w.][0-9])[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}[\-/][0-9]{2}(?![\w])"
    r"|[0-9](?<![\w.][0-9])[0-9]{2}\.[0-9]{3}\.[0-9]{5}(?![\w])"
)
_SWISS: Final = re.compile(r"756(?<![\w.]756)\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}(?![\w])")
_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool], Entity], ...]] = (
    (_SSN, checks.is_us_ssn, Entity.SSN),
    (_SPANISH, checks.is_spanish_id, Entity.NATIONAL_ID),
    (_FRENCH, checks.is_french_nir, Entity.NATIONAL_ID),
    # Without their usual separators every tenth number would fit these.
    (_GERMAN, checks.is_german_tax_id, Entity.NATIONAL_ID),
    (_BRAZILIAN, checks.is_brazilian_cpf, Entity.NATIONAL_ID),
    (_SWISS, lambda _: True, Entity.NATIONAL_ID),
)
# One look tells whether any of them fits; the one with a group of its own has to be the first.
_ANY_SHAPE: Final = re.compile("|".join(pattern.pattern for pattern, _, _ in _SHAPES))
_MARGIN: Final = 3

DOCUMENT_WORDS: Final = words_of(
    "ssn social soc ss passport reisepass pasaporte passeport passaporto passaporte paspoort "
    "driver drivers driving licence license führerschein fuhrerschein führerscheinnummer permis "
    "permiso licencia patente rijbewijs cnh national nino ni dni nie nif codice cf cpf rg nir "
    "insee numéro sécu sécurité securite steuer steuerid steueridentifikationsnummer steuernummer "
    "idnr tax taxpayer itin aadhaar curp rfc nss nhs medicare sin identity ausweis ausweisnummer "
    "personalausweis personalausweisnummer id bsn burgerservicenummer sofinummer pesel ahv avs "
    "svnr sozialversicherungsnummer rentenversicherungsnummer versicherungsnummer personnummer "
    "personnumret tfn documento cédula cedula rut ruc cuit cuil contribuinte cartão bilhete "
    "carte cni carta tessera reisepassnummer passnummer known ktn redress alien pps ppsn nric "
    "fin hetu seguro socail green numéro numero número fiscal fiscale krankenversichertennummer "
    "krankenversicherungsnummer krankenkassennummer versichertennummer segurança seguranca "
    "previdência didentità didentita identità identita identité identite dokument document visa"
)
"""One of these is in the name of every document whose number is known by its name."""
_DOTTED: Final = re.compile(r"s\.s\.n(?<![^\W_]s\.s\.n)(?![^\W_])")
_NAMED: Final = re.compile(
    r"(?:(?P<ssn>ssn|s\.s\.n\b|social sec(?:urity)?|soc\.? ?sec|seguro soc(?:ial|ail)"
    r"|social(?= (?:is|number|no|num|n[º#]"
    r"|#)\b|[ ]?[:#=])|ss ?(?=#|number|no\b|num))"
    r"|(?:passport|reisepass(?:nummer)?|passnummer|pasaporte|passeport|passaporto|passaporte"
    r"|paspoort|driver'?s? licen[cs]e|drivers'? licen[cs]e|driving licen[cs]e|licen[cs]e number"
    r"|f[uü]hrerschein(?:nummer)?|permis de conduire|permiso de conducir"
    r"|licencia de conducir|patente(?: di guida)?|rijbewijs|cnh|national (?:id|insurance|identity)"
    r"|nino|ni(?= (?:number|no))|dni|nie|nif|codice fiscale|cf(?=[ :])|cpf|rg|nir|insee"
    r"|(?:num[eé]ro de )?s[eé]curit[eé] sociale|num[eé]ro de s[eé]cu|s[eé]cu|steuer-?id"
    r"|steueridentifikationsnummer|steuernummer|idnr|tax (?:id|file|number)|taxpayer|itin"
    r"|aadhaar|curp|rfc|nss|nhs|medicare|sin|social insurance|identity (?:card|document|number)"
    r"|ausweis(?:nummer)?|personalausweis(?:nummer)?|id card|bsn|burgerservicenummer|sofinummer"
    r"|pesel|(?:num[eé]ro )?a[hv][vs](?:-n(?:ummer|r))?|svnr|sozialversicherungsnummer"
    r"|rentenversicherungsnummer|versicherungsnummer|personnum(?:mer|ret)|tfn|documento"
    r"(?: de identidad)?|c[ée]dula|rut|ruc|cuit|cuil|contribuinte|cart[ãa]o de cidad[ãa]o"
    r"|bilhete de identidade|carte (?:nationale )?d'identit[ée]|cni|carta d'identit[àa]"
    r"|tessera sanitaria|known travell?er|ktn|redress|alien (?:registration )?number|ppsn?|nric"
    r"|hetu|green card|id(?= (?:number|no|nr|card|n[º°])\b)|n[uú]m[eé]ro (?:national|fiscal"
    r"|(?:de )?"
    r"(?:la )?segur(?:idad|an[çc]a) social|carta d'?identit[àa])|segur(?:idad|an[çc]a) social"
    r"|kranken(?:versicherten|versicherungs|kassen)nummer|versichertennummer"
    r"|(?:carta |carte )?d'?identit[àaée]+))(?![^\W_])"
)
# What may stand between the name of a document and its number.
_NUMBER_OF: Final = re.compile(
    r"(?:[ \"'.:#=,()\-\n?{_]|(?<![^\W_])(?:number|s|lautet|nummer|numer|num|no|nr|n[uú]mero"
    r"|num[eé]ro|id|is"
    r"|es|ist|est|was|it|card|code|my|mine|and|the|for|n|nº|é|è|e|el|la|le|il|o|a|der|die|de|mi|is"
    r"|het|here|goes|its|that|would|be|last|four|4|digits)(?![^\W_])|[º°]){1,14}+"
    r"(?P<number>[0-9a-z](?:[ \-./]{0,2}[0-9a-z]){3,19})"
)
# With other words between, a sentence has to say that the number is it: "the SSN on file is".
_STATED: Final = re.compile(
    r"[^0-9\n.!?;]{0,48}?(?:[ ](?:is|es|ist|est|é|è|lautet|to)[ ]|[:=#][ ]?)"
    r"(?P<number>[0-9a-z](?:[ \-./]{0,2}[0-9a-z]){5,19})"
)
_DATE: Final = re.compile(r"[0-9]{1,4}[\-./ ][0-9]{1,2}[\-./ ][0-9]{2,4}(?![0-9])")
_FEWEST_DIGITS: Final = 4
_FEWEST_STATED: Final = 6
_FEWEST_OF_CODE: Final = 3
_CODE_NUMBER: Final = re.compile("[0-9a-z]{8,12}")
_SSN_BEFORE: Final = re.compile(
    r"(?<![\w])(?P<number>[0-9]{3}[ \-.]?[0-9]{2}[ \-.]?[0-9]{4})(?: is|,| was)?"
    r"(?: my| the| his| her)?[ (\-]{0,3}\Z"
)


def lettered_ids(plain: Plain) -> Iterator[Match]:
    """Bank accounts (IBAN), and British and Italian identity numbers: all begin with letters."""
    lower = plain.lower
    for anchor in _TWO_DIGITS.finditer(lower):
        start, end = anchor.start() - 2, anchor.end()
        begin = start if lower[start + 1] in ascii_lowercase else start - 1
        if anchor["many"]:
            if lower[begin : begin + 2] in COUNTRIES:
                yield from iban_at(lower, begin)
            if nino := _NINO.match(lower, begin):
                yield _match(nino, Entity.NATIONAL_ID)
        # Six letters together are rare before a digit; the first of them decides most often.
        if start >= 4 and lower[end : end + 1].isalpha() and lower[start - 4 : start].isalpha():
            italian = _ITALIAN.match(lower, start - 4)
            if italian and checks.is_codice_fiscale(_compact(italian)):
                yield _match(italian, Entity.NATIONAL_ID)


def national_ids(plain: Plain) -> Iterator[Match]:
    """Identity, tax and social security numbers, by check digit or by the words before them."""
    lower = plain.lower
    for run in _RUN.finditer(lower):
        start, end = max(0, run.start() - _MARGIN), run.end() + _MARGIN
        if not _ANY_SHAPE.search(lower, start, end):
            continue
        for pattern, is_valid, entity in _SHAPES:
            for found in pattern.finditer(lower, start, end):
                if is_valid(compact := _compact(found)):
                    # What begins with nine is no social security number, but a taxpayer's.
                    is_tax = entity is Entity.SSN and compact[0] == "9"
                    yield _match(found, Entity.NATIONAL_ID if is_tax else entity)
    if "s.s.n" in lower:
        yield from judged(plain, _DOTTED, _after_dotted, Entity.SSN)
    if not DOCUMENT_WORDS.isdisjoint(plain.words):
        yield from beside(plain, DOCUMENT_WORDS, _after_its_name, Entity.NATIONAL_ID)


def _after_dotted(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    return _after_its_name(plain, found.start(), found.end())


def _after_its_name(plain: Plain, begin: int, _: int) -> Iterator[Match]:
    lower = plain.lower
    name = _NAMED.match(lower, begin)
    if name is None:
        return
    entity = Entity.SSN if name["ssn"] else Entity.NATIONAL_ID
    found = _number_after(lower, name)
    if found:
        start, number = found
        yield Match(start=start, end=start + len(number), entity=entity, value=number)
    elif name["ssn"] and (
        before := _SSN_BEFORE.search(lower, max(0, name.start() - 30), name.start())
    ):
        yield Match(
            start=before.start(), end=before.end("number"), entity=entity, value=before["number"]
        )


def _number_after(lower: str, name: re.Match[str]) -> tuple[int, str] | None:
    """Where the number that belongs to a name begins, and the number."""
    fewest = _FEWEST_STATED if name.group() == "rfc" else _FEWEST_DIGITS
    if found := _NUMBER_OF.match(lower, name.end()):
        number = _digit_words(found["number"])
        digits = sum(map(str.isdigit, number))
        is_code = digits >= _FEWEST_OF_CODE and _CODE_NUMBER.fullmatch(number) is not None
        if digits >= fewest or (is_code and fewest == _FEWEST_DIGITS):
            return found.start("number"), number
    if found := _STATED.match(lower, name.end()):
        number = _digit_words(found["number"])
        if sum(map(str.isdigit, number)) >= _FEWEST_STATED and not _DATE.match(number):
            return found.start("number"), number
    return None


def _digit_words(written: str) -> str:
    """The part up to the last word that has a digit: the number, not the sentence after it."""
    words = re.split(r"(?<=[ \-./])", written)
    kept: list[str] = []
    for index, word in enumerate(words):
        has_digit = any(map(str.isdigit, word))
        # A letter alone at the end is a check letter, at the beginning a series.
        is_letters = len(word.rstrip(" -./")) <= (3 if index == 0 else 1)
        if not has_digit and not is_letters:
            break
        kept.append(word)
    return "".join(kept).rstrip(" -./")


def _compact(found: re.Match[str]) -> str:
    return "".join(filter(str.isalnum, found.group())).upper()


def _match(found: re.Match[str], entity: Entity) -> Match:
    return Match(start=found.start(), end=found.end(), entity=entity, value=_compact(found))
