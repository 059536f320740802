"""Finds of dates of birth: a date is personal only beside the words that make it one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import MASK, Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_WORDS: Final = re.compile(
    r"(?<![^\W_])(?:dates?[ _\-]?of[ _\-]?births?|birth[ _\-]?(?:dates?|days?)|d\.?o\.?b\b\.?"
    r"|born|birthday|fechas?[ _]de[ _]nacimiento|nac(?:ido|ida|í|imiento)|geburtsdatum|geburtstag"
    r"|geboren|geb\.|date[ _]de[ _]naissance|naissance|n[ée]e?[ ]le|anniversaire"
    r"|data[ _]di[ _]nascita|nat[oa][ ]il|data[ _]de[ _]nascimento|nascid[oa]|nasci|geboortedatum)"
)
# One of these is a word of every phrase above.
_HINTS: Final = frozenset(
    (
        "birth", "births", "birthday", "birthdays", "birthdate", "dateofbirth", "dob", "d", "born",
        "nacimiento", "nacido", "nacida", "nací", "geburtsdatum", "geburtstag", "geboren", "geb",
        "naissance", "né", "née", "ne", "nee", "anniversaire", "nascita", "nato", "nata",
        "nascimento", "nascido", "nascida", "nasci", "geboortedatum",
    )
)  # fmt: skip
_MONTHS: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic|mai|juin|juil|ao[uû]"
    r"|d[ée]c|okt|dez|m[äa]r|gen|mag|giu|lug|set|ott|fev|f[ée]v|avr|out)[a-zçéûä]{0,9}\.?"
)
_DATE: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[\-/. ][0-9]{1,2}[\-/. ][0-9]{1,2}"
    r"|[0-9]{1,2} ?[\-/.] ?[0-9]{1,2} ?[\-/.] ?(?:[0-9]{4}|[0-9]{2})"
    rf"|{_MONTHS} ?(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?,? ?(?:of )?[0-9]{{4}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|er|\.|º)? ?(?:of |de |-|/)?{_MONTHS},?[ \-/]?(?:de |del )?"
    r"(?:[0-9]{4}|'?[0-9]{2})"
    rf"|{_MONTHS} ?[0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9])|[0-9]{{8}}|(?:19|20)[0-9]{{2}})"
    r"(?![0-9])"
)
_REACH: Final = 48
_LONGEST_DATE: Final = 32
_SENTENCE_END: Final = re.compile(rf"[!?\n]{{2}}|\. (?=[a-z])|{MASK}")
_FOLLOWED_BY: Final = re.compile(r"[\s,;]{0,2}\(?(?:date of birth|d\.?o\.?b|birthday|geburtsdatum)")


def births(plain: Plain) -> Iterator[Match]:
    """Dates that the words before or after them call a date of birth."""
    lower = plain.lower
    if _HINTS.isdisjoint(plain.words):
        return
    for word in _WORDS.finditer(lower):
        limit = word.end() + _REACH
        stop = _SENTENCE_END.search(lower, word.end(), limit)
        # The end is a bound for where a date begins: a bound for where it ends would cut it.
        found = _DATE.search(lower, word.end(), limit + _LONGEST_DATE)
        if found and found.start() < (stop.start() if stop else limit):
            yield _match(found)
        else:
            yield from _before(lower, word)


def _before(lower: str, word: re.Match[str]) -> Iterator[Match]:
    for found in _DATE.finditer(lower, max(0, word.start() - _REACH // 2), word.start()):
        if _FOLLOWED_BY.match(lower, found.end()):
            yield _match(found)


def _match(found: re.Match[str]) -> Match:
    return Match(
        start=found.start(), end=found.end(), entity=Entity.DOB, value=found.group().strip()
    )
