"""Finds of short codes: PINs, card security codes and one-time codes, in chat of six languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._normalise import Plain

_NAMES: Final = (
    r"(?:pin(?:[ \-]?(?:code|number|nummer))?|n[úu]mero pin|cvv2?|cvc2?|cvn|otp|mfa|2fa|m?tan"
    r"|passcode|einmalpasswort|(?:best[äa]tigungs|sicherheits|einmal|verifizierungs|freigabe|pr[üu]f"
    r"|zugangs|entsperr)[ \-]?(?:code|nummer|ziffer)"
    r"|(?:security|verification|one[ \-]time|authentication|auth|login|log-in|sign-in|2fa|mfa|otp"
    r"|sms|access|activation|unlock|two[ \-]factor|temporary)[ \-](?:pass)?(?:code|password|pin)"
    r"|c[óo]digo (?:de )?(?:verificaci[óo]n|seguridad|acceso|seguran[çc]a|verifica[çc][ãa]o|acesso"
    r"|un solo uso|uso [úu]nico|otp|sms|pin)"
    r"|code (?:de )?(?:v[ée]rification|s[ée]curit[ée]|validation|d'acc[èe]s|secret|sms|pin|otp)"
    r"|codice (?:di )?(?:verifica|sicurezza|accesso|otp|pin|sms|temporaneo|monouso|segreto))"
)
_CODE: Final = r"(?:[a-z]-)?(?P<value>[0-9](?:[ \-]?[0-9]){2,7}+)(?![\w%]|[.,][0-9])"
_FILLERS: Final = (
    "is|es|ist|est|é|è|lautet|number|nr|no|für|for|of|del|de|da|du|your|card|tarjeta|karte|carte"
    "|carta|ending|now|on|the|back|was"
)
_NAMED: Final = re.compile(
    rf"{_NAMES}(?:[\"'\s:=#(>\-]{{1,4}}(?:{_FILLERS})(?![^\W_])){{0,5}}"
    rf"[\"'\s:=#(>\-.]{{0,5}}{_CODE}"
)
_TOLD_BEFORE: Final = re.compile(
    r"(?:(?<![^\W_])[a-z]-|(?<![\w.,\-]))(?P<value>[0-9]{3}[ \-]?[0-9]{1,5})"
    r" (?:is|es|ist|est|é|è) (?:(?:your|the|my|tu|su|el|ihr|dein|der|votre|ton|le|il|tuo|o|seu) )"
    rf"{{0,2}}(?:[\w\-]{{1,20}} ){{0,2}}{_NAMES}(?![^\W_])"
)
_NAME_WORDS: Final = (
    "pin pincode cvv cvc cvn otp mfa fa tan mtan passcode einmalpasswort einmalcode zugangscode "
    "sicherheitscode sicherheitsnummer bestätigungscode verifizierungscode freigabecode prüfnummer "
    "prüfziffer entsperrcode"
)
_CODE_WORDS: Final = "code password passwort código codigo codice"
_PURPOSE_WORDS: Final = (
    "security verification time authentication auth login sms access activation unlock factor "
    "temporary verificación verificacion seguridad acceso segurança verificação acesso "
    "vérification sécurité validation accès secret verifica sicurezza accesso temporaneo monouso "
    "segreto uso"
)
_NAMED_CODES: Final = frozenset(_NAME_WORDS.split())
_CODES: Final = frozenset(_CODE_WORDS.split())
_PURPOSES: Final = frozenset(_PURPOSE_WORDS.split())
_ANCHORS: Final = _NAMED_CODES | _CODES
_MOST_PLACES: Final = 64
_REACH_BEFORE: Final = 96
_REACH_AFTER: Final = 160


def short_codes(plain: Plain) -> Iterator[Match]:
    """Digits that a name beside them calls a PIN, a security code or a one-time code."""
    words = plain.words
    has_purpose = not (_CODES.isdisjoint(words) or _PURPOSES.isdisjoint(words))
    if not has_purpose and _NAMED_CODES.isdisjoint(words):
        return
    lower = plain.lower
    for begin, end in _surroundings(lower, words & _ANCHORS):
        for pattern in (_NAMED, _TOLD_BEFORE):
            for found in pattern.finditer(lower, begin, end):
                # Checked here, not by the pattern: the search skips from letter to letter.
                if found.start() and lower[found.start() - 1].isalnum():
                    continue
                start, stop = found.span("value")
                yield Match(start=start, end=stop, entity=Entity.SECRET, value="", score=0.75)


def _surroundings(lower: str, anchors: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The parts of a text in which a code can be named; the whole text where they are many."""
    places = sorted({place for word in anchors for place in _places(lower, word)})
    if len(places) > _MOST_PLACES:
        yield 0, len(lower)
        return
    begin = end = -1
    for place in places:
        if place - _REACH_BEFORE > end:
            if end >= 0:
                yield begin, end
            begin = max(0, place - _REACH_BEFORE)
        end = min(len(lower), place + _REACH_AFTER)
    if end >= 0:
        yield begin, end


def _places(lower: str, word: str) -> Iterator[int]:
    start = lower.find(word)
    while start >= 0:
        yield start
        start = lower.find(word, start + len(word))
