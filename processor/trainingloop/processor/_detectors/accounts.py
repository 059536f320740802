"""Finds of account numbers: a number is one only beside the words that make it one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.careful import beside, judged
from trainingloop.processor._detectors.street_words import words_of
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_BANK: Final = words_of(
    "account bankaccount accountnumber acount accont accunt acct acc accnt nib rib konto "
    "kontonummer kontonr kto ktonr bankkonto girokonto cuenta cta "
    "compte conto conta rekening rekeningnummer rekeningnr bankrekening"
)
_CUSTOMER: Final = words_of(
    "customer member membership client loyalty flyer rewards reward policy patient mrn subscriber "
    "kundennummer kundennr mitgliedsnummer versichertennummer policennummer cliente socio póliza "
    "poliza tessera adhérent apólice klantnummer lidnummer polisnummer medical"
)
_BRANCH: Final = words_of(
    "routing aba sort blz bankleitzahl clabe cbu bsb rib abi cab agência agencia ag ifsc transit"
)
_BIC: Final = words_of("bic swift")
ACCOUNT_WORDS: Final = _BANK | _CUSTOMER | _BRANCH | _BIC
"""Without one of these words, or "c/c", no number is an account's."""
_LINK: Final = (
    r"(?:[ \"'.:#=,()\-\n_{?]|(?<![^\W_])(?:number|numbers|num|no|nr|nro|nummer|n[uú]mero"
    r"|num[eé]ro|id"
    r"|code|card|is|es|ist|est|was|it|its|my|the|mine|é|è|e|el|la|le|il|o|a|n[º°]?|de|der|die"
    r"|het|mi|mein"
    r"|meine|mon|bancaria|bancario|bancaire|corriente|corrente|courant|corriente|bancária"
    r"|client|s|lautet|here|goes"
    r"|cliente|record|plan|program|ending|ends|in|with|last|four|digits|terminada|en|with|for"
    r"|endet|auf|plus|miles|and|checking|savings)(?![^\W_])|[º°]){1,12}+"
)
_NUMBER: Final = re.compile(
    rf"(?P<link>{_LINK})(?P<number>[a-z]{{0,3}}[ \-]?[0-9](?:[ \-./]?[0-9a-z]){{2,24}})"
)
_AMOUNT: Final = re.compile(
    r"[ ]?(?:euros?|eur|€|\$|usd|pesos|dollars|reais|gbp|pounds|%|years?|a[nñ]os|days)(?![^\W_])"
)
_BIC_CODE: Final = re.compile(
    rf"{_LINK}(?P<number>[a-z]{{4}} ?[a-z]{{2}} ?[a-z0-9]{{2}}(?: ?[a-z0-9]{{3}})?)(?![a-z0-9])"
)
# With other words between, a sentence has to say that the number is it.
_STATED: Final = re.compile(
    r"(?P<link>[^0-9\n.!?;]{0,48}?(?:[ ](?:is|es|ist|est|é|è|lautet)[ ]|[:=#][ ]?))"
    r"(?P<number>[a-z]{0,3}[ \-]?[0-9](?:[ \-./]?[0-9a-z]){6,24})"
)
_DATE: Final = re.compile(r"[0-9]{1,4}[\-./ ][0-9]{1,2}[\-./ ][0-9]{2,4}(?![0-9])")
_GIRO: Final = re.compile(r"c/c(?<![^\W_]c/c)(?![^\W_])")
_ENDING: Final = re.compile(r"(?<![^\W_])(?:ending|ends|terminada|endet|last)(?![^\W_])")
_ENDING_DIGITS: Final = 4
_FEWEST_DIGITS: Final = 6


def accounts(plain: Plain) -> Iterator[Match]:
    """Bank account, branch, customer and member numbers after their names."""
    if "c/c" in plain.lower:
        yield from judged(plain, _GIRO, _after_giro, Entity.ACCOUNT)
    if not ACCOUNT_WORDS.isdisjoint(plain.words):
        yield from beside(plain, ACCOUNT_WORDS, _after_its_name, Entity.ACCOUNT)


def _after_giro(plain: Plain, found: re.Match[str]) -> Iterator[Match]:
    return _after_its_name(plain, found.start(), found.end())


def _after_its_name(plain: Plain, begin: int, end: int) -> Iterator[Match]:
    if plain.lower[begin:end] in _BIC:
        yield from _bic(plain, end)
        return
    found = _NUMBER.match(plain.lower, end)
    if found is None and (found := _STATED.match(plain.lower, end)):
        found = None if _DATE.match(found["number"]) else found
    if found is None:
        return
    number = _digit_words(found["number"])
    is_ending = _ENDING.search(found["link"]) is not None
    digits = sum(map(str.isdigit, number))
    start = found.start("number")
    is_amount = _AMOUNT.match(plain.lower, start + len(number)) is not None
    if not is_amount and digits >= (_ENDING_DIGITS if is_ending else _FEWEST_DIGITS):
        value = re.sub(r"[ \-./]", "", number)
        yield Match(
            start=start, end=start + len(number), entity=Entity.ACCOUNT, value=value, score=0.8
        )


def _bic(plain: Plain, begin: int) -> Iterator[Match]:
    found = _BIC_CODE.match(plain.lower, begin)
    if found is None:
        return
    start, end = found.span("number")
    # In lower case every word of eight letters would be one.
    if plain.text[start:end].isupper() or any(map(str.isdigit, found["number"])):
        value = found["number"].replace(" ", "")
        yield Match(start=start, end=end, entity=Entity.ACCOUNT, value=value, score=0.7)


def _digit_words(written: str) -> str:
    """The groups up to the first that has no digit: the number, not the sentence after it."""
    kept: list[str] = []
    for index, group in enumerate(re.split(r"(?<=[ \-./])", written)):
        if index and not any(map(str.isdigit, group)):
            break
        kept.append(group)
    return "".join(kept).rstrip(" -./")
