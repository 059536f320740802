"""Finds of bank accounts and of numbers a state knows a person by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors import checks
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

# Each search begins with a plain class of characters, which runs at C speed; what stands before
# is looked at afterwards. Codes that begin with letters are found by their first two digits.
_TWO_DIGITS: Final = re.compile(r"[0-9](?:(?<=[a-z][a-z][0-9])|(?<=[a-z][a-z][ \-][0-9]))[0-9]")
_IBAN: Final = re.compile(r"(?<![0-9a-z])[a-z]{2}[0-9]{2}(?:[ \-]?[0-9a-z]){11,30}+")
_NINO: Final = re.compile(
    r"(?<![0-9a-z])(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z]"
    r"([ \-]?)[0-9]{2}\1[0-9]{2}\1[0-9]{2}\1[a-d](?![0-9a-z])"
)
_ITALIAN: Final = re.compile(
    r"(?<![0-9a-z])[a-z]{6}[0-9l-v]{2}[abcdehlmprst][0-9l-v]{2}[a-z][0-9l-v]{3}[a-z](?![0-9a-z])"
)
_LONG_RUN: Final = re.compile(r"[0-9](?:[ .\-/]?[0-9ab]){7}")
_SSN: Final = re.compile(r"[0-9](?<![\w\-.][0-9])[0-9]{2}([\- ])[0-9]{2}\1[0-9]{4}(?![\w]|-[0-9])")
_SPANISH: Final = re.compile(
    r"[0-9xyz](?<![0-9a-z][0-9xyz])(?:(?<=[0-9])|[ \-]?)[0-9]{7}[ \-]?[a-z](?![0-9a-z])"
)
_FRENCH: Final = re.compile(
    r"[12](?<![0-9a-z][12]) ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[ab]) ?[0-9]{3} ?[0-9]{3}[ \-]?"
    r"[0-9]{2}(?![0-9a-z])"
)
_GERMAN: Final = re.compile(r"[0-9](?<![\w.][0-9])[0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![\w])")
_BRAZILIAN: Final = re.compile(
    r"[0-9](?<![\w.][0-9])[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}[\-/]?[0-9]{2}(?![\w])"
)
_NAMED: Final = re.compile(
    r"\b(?P<ssn>ssn|social security)\b|\b(?:passport|reisepass|pasaporte|passeport|passaporto"
    r"|passaporte|driver'?s? licen[cs]e|driving licen[cs]e|f[uü]hrerschein|permis de conduire"
    r"|national (?:id|insurance)|nino|dni|nie|nif|codice fiscale|cpf|rg|nir|insee"
    r"|s[eé]curit[eé] sociale|steuer-?id|steueridentifikationsnummer|idnr|tax id|taxpayer"
    r"|aadhaar|curp|nhs|medicare|sin|social insurance|identity card|ausweis|id card)\b"
)
# One of these is a word of every name above.
_NAME_WORDS: Final = (
    "ssn social passport reisepass pasaporte passeport passaporto passaporte driver drivers "
    "licence license führerschein fuhrerschein permis national nino dni nie nif codice cpf rg nir "
    "insee sociale steuer steuerid steueridentifikationsnummer idnr tax taxpayer aadhaar curp nhs "
    "medicare sin identity ausweis id"
)
_NAME_HINTS: Final = frozenset(_NAME_WORDS.split())
# What may stand between the name of a document and its number.
_NUMBER_OF: Final = re.compile(
    r"(?:[ \"'.:#=,()\-]|\b(?:number|no|nr|num|n[uú]mero|num[eé]ro|numero|id|is|es|ist|est|was|it"
    r"|card|code|my|and|the|for|n)\b|[º°]){1,8}(?P<number>[0-9a-z](?:[ \-./]?[0-9a-z]){4,17})"
)


def lettered_ids(plain: Plain) -> Iterator[Match]:
    """Bank accounts (IBAN), and British and Italian identity numbers: all begin with letters."""
    lower = plain.lower
    for anchor in _TWO_DIGITS.finditer(lower):
        start = anchor.start() - 2
        if found := _IBAN.match(lower, start):
            yield from _iban(found)
        nino = _NINO.match(lower, start) or (start and _NINO.match(lower, start - 1))
        if nino:
            yield _match(nino, Entity.NATIONAL_ID)
        italian = _ITALIAN.match(lower, start - 4) if start >= 4 else None
        if italian and checks.is_codice_fiscale(_compact(italian)):
            yield _match(italian, Entity.NATIONAL_ID)


def _iban(found: re.Match[str]) -> Iterator[Match]:
    length = checks.iban_length(found.group()[:2].upper())
    end = _end_of_characters(found.group(), length)
    compact = re.sub(r"[ \-]", "", found.group()[:end]).upper()
    if length and end and checks.is_iban(compact):
        stop = found.start() + end
        yield Match(start=found.start(), end=stop, entity=Entity.IBAN, value=compact)


def _end_of_characters(written: str, count: int) -> int:
    """Where the first ``count`` letters and digits end; 0 when there are fewer."""
    for index, character in enumerate(written):
        count -= character.isalnum()
        if count == 0:
            return index + 1
    return 0


def national_ids(plain: Plain) -> Iterator[Match]:
    """Identity, tax and social security numbers, by check digit or by the words before them."""
    lower = plain.lower
    if _LONG_RUN.search(lower):
        for found in _SSN.finditer(lower):
            if checks.is_us_ssn(_compact(found)):
                yield _match(found, Entity.SSN)
        for pattern, is_valid in (
            (_SPANISH, checks.is_spanish_id),
            (_FRENCH, checks.is_french_nir),
        ):
            for found in pattern.finditer(lower):
                if is_valid(_compact(found)):
                    yield _match(found, Entity.NATIONAL_ID)
        yield from _formatted_only(lower)
    if not _NAME_HINTS.isdisjoint(plain.words):
        yield from _after_their_names(lower)


def _formatted_only(lower: str) -> Iterator[Match]:
    """Numbers of digits only: without their usual separators every tenth number would fit."""
    for found in _GERMAN.finditer(lower):
        if " " in found.group() and checks.is_german_tax_id(_compact(found)):
            yield _match(found, Entity.NATIONAL_ID)
    for found in _BRAZILIAN.finditer(lower):
        if not found.group().isdigit() and checks.is_brazilian_cpf(_compact(found)):
            yield _match(found, Entity.NATIONAL_ID)


def _after_their_names(lower: str) -> Iterator[Match]:
    for name in _NAMED.finditer(lower):
        found = _NUMBER_OF.match(lower, name.end())
        if found is None:
            continue
        number = _digit_words(found["number"])
        if sum(map(str.isdigit, number)) < 4:
            continue
        start = found.start("number")
        entity = Entity.SSN if name["ssn"] else Entity.NATIONAL_ID
        yield Match(start=start, end=start + len(number), entity=entity, value=number)


def _digit_words(written: str) -> str:
    """The part up to the last word that has a digit: the number, not the sentence after it."""
    words = re.split(r"(?<=[ \-./])", written)
    while words and not any(map(str.isdigit, words[-1])):
        words.pop()
    kept: list[str] = []
    for word in words:
        if kept and not any(map(str.isdigit, word)):
            break
        kept.append(word)
    return "".join(kept).rstrip(" -./")


def _compact(found: re.Match[str]) -> str:
    return "".join(filter(str.isalnum, found.group())).upper()


def _match(found: re.Match[str], entity: Entity) -> Match:
    return Match(start=found.start(), end=found.end(), entity=entity, value=_compact(found))
