"""Finds of values that look like a secret in a sentence that speaks of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.secret_values import (
    is_chosen,
    is_random,
    stands_for_secret,
    trimmed,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_GUESSED: Final = 0.6
_NEAR: Final = 96
# "Pass" alone has too many meanings.
_BARE: Final = r"pass(?<![a-zà-ÿ]pass)e?(?![a-zà-ÿ])|"
# Every alternative begins with a letter of its own, and looks behind only after it: so the search
# skips what cannot begin a name as fast as it can read.
PASSWORDS: Final = (
    r"pass(?:wd|phrase|code)s?|pas{1,2}[ow]{1,3}[or]{0,3}[dt]s?"
    rf"|{_BARE}palavra-passe|parola|ps{1, 2}wo?r?d"
    r"|pw(?:d|ord(?! [a-z]))|psw|pw(?<![a-zà-ÿ]pw)(?!ord [a-z])"
    r"|kennwort|cont?ra?se[ñn]i?a|clave(?<![a-zà-ÿ]clave)|senha"
    r"|mot de pass?e|mdp(?<![a-zà-ÿ]mdp)"
    r"|(?:code|clé|clave|codice|código) (?:du |del |do |de )?wi-?fi"
    r"|(?:wi-?fi|wlan)[ \-]?(?:code|key|schlüssel)"
)
"""What passwords are called in six languages and in haste."""
_CLUES: Final = (
    "password|passwort|pwd|pw|senha|mdp|passe|contraseña|contrasena|clave|kennwort"
    "|to|as|is|its|it's|it|tried|try|trying|use|used|using|enter|entered|entering|type|typed|put"
    "|with|auf|zu|als|mit|ist|a|con|por|en|es|avec|par|est|per|com|para|é|è|su|da|usando|usar"
    "|utiliser"
)
_CLUED: Final = re.compile(
    rf"(?<![^\W_])(?:{_CLUES})[ :\n]{{1,2}}[\"'`]?(?P<value>[^\s\"'`]{{6,64}}+)"
)
_LOOSE_KEY: Final = re.compile(r"[ \n](?P<value>[0-9a-z+/=_\-]{20,128}+)(?=[\s.,;:!?)]|\Z)")
_HASHES: Final = re.compile(r"hash|sha|commit|checksum|digest|trace|span|uuid|md5|revision|\bid\b")
_NAMED_PASSWORD: Final = re.compile(PASSWORDS.replace(_BARE, ""))
_NAMED_KEY: Final = re.compile(
    r"(?:secret|token|(?:api|access|private|secret|signing|encryption|licen[cs]e|admin)[ _\-]?key)"
    r"s?(?![\w=:\"'\-])"
)


def mentioned_passwords(plain: Plain) -> Iterator[Match]:
    """What looks like a password near its name: "I changed it to … and it says wrong password"."""
    for start, value in _near(plain, _NAMED_PASSWORD, _CLUED):
        if is_chosen(value) and not stands_for_secret(value):
            yield _match(start, value)


def mentioned_keys(plain: Plain) -> Iterator[Match]:
    """What looks like a key near its name: "I rotated the token, do not use … any more"."""
    for start, value in _near(plain, _NAMED_KEY, _LOOSE_KEY):
        if is_random(value) and not _HASHES.search(plain.lower, max(0, start - 32), start):
            yield _match(start, value)


def _near(
    plain: Plain, names: re.Pattern[str], values: re.Pattern[str]
) -> Iterator[tuple[int, str]]:
    lower = plain.lower
    for begin, end in _surroundings(lower, names):
        for found in values.finditer(lower, begin, end):
            start, stop = found.span("value")
            # What goes on behind the end is no word.
            if stop < end or not lower[stop : stop + 1].strip():
                yield start, trimmed(plain.text[start:stop])


def _surroundings(lower: str, names: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The parts of a text around the names in it, apart from each other."""
    begin, end = 0, -1
    for name in names.finditer(lower):
        if name.start() - _NEAR > end:
            if end >= 0:
                yield begin, end
            begin = max(0, name.start() - _NEAR)
        end = name.end() + _NEAR
    if end >= 0:
        yield begin, min(end, len(lower))


def _match(start: int, value: str) -> Match:
    return Match(
        start=start, end=start + len(value), entity=Entity.SECRET, value="", score=_GUESSED
    )
