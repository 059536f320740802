"""Finds of dates of birth: a date is personal only beside the words that make it one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.careful import beside
from trainingloop.processor._detectors.street_words import words_of
from trainingloop.processor._entities import MASK, Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._normalise import Plain

BIRTH_WORDS: Final = words_of(
    "date dates dateofbirth bron borrn brith birht brithday bithday birthdy birth births "
    "birthdate birthdates birthday birthdays bday dob d born "
    "fecha fechas f nacimiento nacido nacida nací naci nac cumpleaños cumple geburtsdatum "
    "geburtstag geboren geb naissance né née ne nee naquit anniversaire data dt nascita nato nata "
    "nació nacio nacque nasceu nacimineto nacimeinto nacimieto naciminto nacsita nacita naissane "
    "compleanno nascimento nascido nascida nasci nasc aniversário aniversario geboortedatum "
    "verjaardag"
)
"""One of these begins every phrase that makes a date one of birth."""
_WORDS: Final = re.compile(
    r"(?:dates?[ _\-]?of[ _\-]?births?|birth[ _\-]?(?:dates?|days?)|birthdays?|birthdates?"
    r"|birthdy|br?it?h?day|bi?rit?h?|birht|borrn|bron|birth|bday|dob|d\.? ?o\.? ?b|born"
    r"|fechas?[ _](?:de[ _])?nac(?:imiento)?|f\. ?nac(?:imiento)?"
    r"|nac(?:id[oa]|[ií]|imiento|(?=\.))|cumple(?:años)?|geburtsdatum|geburtstag|geboren"
    r"|geb(?=[.:]| [0-9])|date[ _]de[ _]naissance|naissance|n[ée]e?(?:\(e\))?(?:[ ]le|(?=[ "
    r"](?:en[ ])?[0-9]))|naquit|anniversaire|naissane"
    r"|data[ _]di[ _]nascita|nat[oa](?=[ ](?:(?:il|a|nel|in)\b|[0-9]))|nac?s?c?ita|nacque"
    r"|compleanno|data[ _]de[ _]nascimento"
    r"|dt\. ?nasc|nascimento|nascid[oa]|nasceu|nasci?|nac(?:i[óo]|im[a-z]{3,6}o)"
    r"|anivers[aá]rio|geboortedatum|verjaardag)"
    r"(?![^\W_])\.?"
)
_MONTHS: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic|mai|juin|juil|ao[uû]"
    r"|d[ée]c|okt|dez|m[äa]r|maa|mei|gen|mag|giu|lug|set|ott|fev|f[ée]v|avr|out)"
    r"[a-zçéûä]{0,9}\.?"
)
_DATE: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[\-/. ][0-9]{1,2}[\-/. ][0-9]{1,2}"
    r"|[0-9]{1,2} ?[\-/.] ?[0-9]{1,2} ?[\-/.] ?(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2} [0-9]{1,2} [0-9]{4}"
    rf"|{_MONTHS} ?(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?,? ?(?:of |in )?(?:[0-9]{{4}}|'?[0-9]{{2}})"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.|º|°)? ?(?:of |de |day of |-|/)?{_MONTHS},?[ \-/]?"
    r"(?:de |del |of |in )?(?:[0-9]{4}|'?[0-9]{2})"
    rf"|{_MONTHS} ?[0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9])|[0-9]{{8}}"
    rf"|{_MONTHS},? ?(?:of |de |in )?(?:19|20)[0-9]{{2}}"
    r"|(?P<year>(?:19|20)[0-9]{2}))(?![0-9])"
)
# A year alone is one of birth only right behind such a word.
_BEFORE_YEAR: Final = re.compile(
    r"\A[ :=(]{0,3}\Z|[ ](?:in|en|im|em|nel|year|jahr|año|ano)[ :=(]{1,2}\Z"
)
_REACH: Final = 48
_LONGEST_DATE: Final = 32
_SENTENCE_END: Final = re.compile(rf"[!?\n]{{2}}|\. (?=[a-z])|{MASK}")
_FOLLOWED_BY: Final = re.compile(
    r"[ ,;\n]{0,2}(?:is|was|es|ist|est|è|é|as|como|als|comme|come)?[ ]?"
    r"(?:my|the|your|her|his|their|mi|su|tu|mein|ihr|dein|das|ma|votre|ta|sa|la|il|mia|sua"
    r"|tua|minha"
    r"|a|data|fecha)?[ ]?(?:de )?\(?\Z"
)


def births(plain: Plain) -> Iterable[Match]:
    """Dates that the words before or after them call a date of birth."""
    if BIRTH_WORDS.isdisjoint(plain.words):
        return ()
    return beside(plain, BIRTH_WORDS, _dated, Entity.DOB)


def _dated(plain: Plain, start: int, _: int) -> Iterator[Match]:
    lower = plain.lower
    word = _WORDS.match(lower, start)
    if word is None:
        return
    limit = word.end() + _REACH
    stop = _SENTENCE_END.search(lower, word.end(), limit)
    # The end is a bound for where a date begins: a bound for where it ends would cut it.
    found = _DATE.search(lower, word.end(), limit + _LONGEST_DATE)
    if found and found.start() < (stop.start() if stop else limit):
        if found["year"] is None or _BEFORE_YEAR.search(lower[word.end() : found.start()]):
            yield _match(found)
    else:
        yield from _before(lower, word)


def _before(lower: str, word: re.Match[str]) -> Iterator[Match]:
    for found in _DATE.finditer(lower, max(0, word.start() - _REACH), word.start()):
        if found["year"] is None and _FOLLOWED_BY.match(lower, found.end(), word.start()):
            yield _match(found)


def _match(found: re.Match[str]) -> Match:
    return Match(
        start=found.start(),
        end=found.end(),
        entity=Entity.DOB,
        value=found.group().strip(),
        score=0.95,
    )
