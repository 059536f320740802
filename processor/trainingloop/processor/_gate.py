"""Which detectors can find anything in a text at all: a look that costs next to nothing.

The answer may name too many, never too few. With google-re2 installed (the extra ``fast``) all
patterns are tried at once, in one pass over the text; without it a few plain searches give a
coarser answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from trainingloop.processor._detectors.accounts import ACCOUNT_WORDS
from trainingloop.processor._detectors.births import BIRTH_WORDS
from trainingloop.processor._detectors.hidden import NUMBER_WORDS
from trainingloop.processor._detectors.ibans import COUNTRIES
from trainingloop.processor._detectors.identities import DOCUMENT_WORDS
from trainingloop.processor._detectors.places import STREET_WORDS
from trainingloop.processor._detectors.streets_germanic import LAST_LETTERS
from trainingloop.processor._entities import MASK
from trainingloop.processor._names import introductions
from trainingloop.processor._names.phrases import PHRASES
from trainingloop.processor._normalise import Plain, words_of
from trainingloop.processor._pattern_set import NO_LETTER, loosened, search_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    Gate: TypeAlias = Callable[[Plain], Collection[str]]

_DIGIT_WORD: Final = rf"(?:{'|'.join(sorted(NUMBER_WORDS))})"
_AT_NAME: Final = r"arroba|chiocciola|klammeraffe|aro?robas|arobas|apenstaart"
_DOT_NAME: Final = r"\b(?:dot|punkt|punto|ponto|point|punt)\b"
_NAMES_OF_SECRETS: Final = (
    r"pas[osw]|pword|wi-?fi|wlan|mysql|mariadb|pwd|psw|\bpw|kennwort|contrase|parola|clave"
    r"|senha|mdp|secret|key|cred|token|auth|cookie"
    r"|session|connection|sessid|jwt|bearer|sig|basic|digest|curl|\bpin|cvv|cvc|cvn|otp|mfa|2fa"
    r"|tan\b|code|c[óo]digo|codice|nummer|n[úu]mero|ziffer"
)
_LONG_WORD: Final = r"[^\s]{13}"


def _any_word(words: Iterable[str]) -> str:
    """Any of some words as a whole; a letter of another alphabet counts as none."""
    return rf"{NO_LETTER}(?:{'|'.join(map(re.escape, sorted(words)))})(?:[^a-z]|$)"


_COUNTRY: Final = f"(?:{'|'.join(sorted(COUNTRIES))})"
# What a text in lower case must hold for a detector to find anything in it: patterns of which each
# is in the syntax of RE2, which has no look-around and whose classes know ASCII only.
_SIGNS: Final[Mapping[str, str]] = {
    "digit": r"[0-9]",
    "address": rf"@|[(\[{{<] ?at ?[)\]}}>]|\bdot\b|\bpunto\b|{_AT_NAME}",
    "spelled address": rf"@|at ?[)\]}}>]|[\-_*|]at[\-_*|]|{_DOT_NAME}|{_AT_NAME}",
    "digits in words": rf"{_DIGIT_WORD}[^a-z]+{_DIGIT_WORD}[^a-z]+{_DIGIT_WORD}",
    "groups of four": r"[0-9]{4}[^0-9a-z]{1,3}[0-9]{4}",
    "letters for digits": r"[0-9oil|sbz](?:[ .\-]?[0-9oqdil|sbz]){13}",
    "secret": rf"{_LONG_WORD}|{_NAMES_OF_SECRETS}|@|\s-u|--user",
    "field": r"[:=]>?\s*[\"']|--[a-z]",
    "number": r"[0-9](?:[ ().\-/]*[0-9]){4}",
    "account number": rf"{_COUNTRY}[ \-.]?[0-9]{{2}}(?:[a-z \-.]*[0-9]){{4}}",
    "british number": (r"[a-z]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[a-d]"),
    "italian number": r"[a-z]{6}[0-9]{2}[a-z]",
    "nine figures": r"[0-9](?:[ .\-/]{0,2}[0-9ab]){8}",
    "spanish number": r"[0-9xyz][ \-]?[0-9]{7}[ \-]?[a-z]",
    "name of a document": rf"s\.s\.n|{_any_word(DOCUMENT_WORDS)}",
    "name of an account": rf"c/c|{_any_word(ACCOUNT_WORDS)}",
    "bank code": r"bic|swift",
    "network": (
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|::|(?:[0-9a-f]{1,4}:){3}"
        r"|[0-9a-f]{2}(?:[:\-][0-9a-f]{2}){3}|[0-9a-f]{4}\.[0-9a-f]{4}\.|mac(?:[ _\-=:\"']|addr)"
    ),
    "word of a street": _any_word(STREET_WORDS),
    "end of a street": rf"(?:{'|'.join(map(re.escape, sorted(LAST_LETTERS)))}) [0-9]",
    "birth": _any_word(BIRTH_WORDS),
    "wallet": r"[0-9a-z]{26}",
    "introduction": "|".join(loosened(phrase.pattern.pattern) for phrase in PHRASES),
}
_MUST_HOLD: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "emails": (("address",),),
    "spelled_addresses": (("spelled address",),),
    "hidden_numbers": (("digits in words",), ("groups of four",), ("letters for digits",)),
    "secrets": (("secret",),),
    "fields": (("field",),),
    "numbers": (("number",),),
    "lettered_ids": (("account number",), ("british number",), ("italian number",)),
    "national_ids": (
        ("nine figures",),
        ("spanish number",),
        ("digit", "name of a document"),
    ),
    "accounts": (("digit", "name of an account"), ("bank code",)),
    "network": (("network",),),
    "streets": (("digit", "word of a street"), ("end of a street",)),
    "births": (("digit", "birth"),),
    "crypto": (("wallet",),),
    "introductions": (("introduction",),),
}
"""For each detector the signs one of which, or one group of which, a text must hold."""
_WITHOUT_DIGITS: Final = frozenset(
    ("emails", "spelled_addresses", "hidden_numbers", "secrets", "fields", "introductions")
)
# A cheap question for those that are seldom needed and take long to find out themselves.
_NETWORK: Final = re.compile(r"[.:\-](?<=[0-9a-f].)[0-9a-f]{1,4}[.:\-][0-9a-f]|::")
_LEAST_WALLET: Final = 26
_RARELY: Final[Mapping[str, Callable[[Plain], object]]] = {
    "network": lambda plain: "mac" in plain.lower or _NETWORK.search(plain.lower),
    "crypto": lambda plain: plain.longest >= _LEAST_WALLET,
}
_HAS_DIGIT: Final = re.compile(r"\d")
_NOT_PLAIN: Final = re.compile(r"[^\x00-\x7f]|[%\\&]")
# Escapes, other scripts, tokens, and what `reread` looks for: marks, and lines that end in numbers.
_NOT_AS_WRITTEN: Final = re.compile(
    r"[^\x00-\x24\x27-\x29\x2c-\x3b\x3d-\x3f\x41-\x5b\x5d\x5e\x61-\x7d]|\n[ \t]{0,4}[0-9(]"
)
_MOST_KNOWN: Final = 4096

_PARTS: Final = (
    "pass", "paso", "pasw", "wifi", "wi-fi", "wlan", "mysql", "mariadb", "pwd", "psw",
    "kennwort", "contrase", "parola", "secret", "key", "cred", "token",
    "auth", "cookie", "session", "connection", "sessid", "sig", "@", "at)", "at]", "at}", "at>",
    "at )", "-at-", "_at_", "*at*", "|at|", "--",
)  # fmt: skip
_WORDS: Final = frozenset(
    (
        "pw", "pword", "clave", "senha", "mdp", "jwt", "bearer", "basic", "digest", "curl",
        "dot", "punkt",
        "punto", "ponto", "point", "punt", "arroba", "chiocciola", "klammeraffe", "arobase",
        "arobas", "arrobase", "apenstaartje",
    )
)  # fmt: skip
_LEAST_LONG: Final = 13
_LEAST_SPELLED: Final = 3


def python_gate(names: Sequence[str]) -> Gate:
    """A gate that needs nothing but Python: it asks whether there is a digit."""
    without = tuple(name for name in names if name in _WITHOUT_DIGITS or name not in _MUST_HOLD)

    def gate(plain: Plain) -> Collection[str]:
        if not _HAS_DIGIT.search(plain.text):
            return without
        return [name for name in names if name not in _RARELY or _RARELY[name](plain)]

    return gate


def re2_gate(names: Sequence[str]) -> Gate | None:
    """A gate that tries all patterns in one pass; ``None`` without google-re2."""
    search = search_of(_SIGNS.values())
    if search is None:
        return None
    known: dict[tuple[int, ...], tuple[str, ...]] = {}

    def gate(plain: Plain) -> Collection[str]:
        # What was masked is no word, however long.
        found = search(plain.lower.replace(MASK, " "))
        if found is None:
            return names
        called = known.get(found)
        if called is None:
            called = _called(names, found)
            if len(known) < _MOST_KNOWN:
                known[found] = called
        return called

    return gate


def _called(names: Sequence[str], found: tuple[int, ...]) -> tuple[str, ...]:
    """The detectors for which a text holds enough, in a fixed order: of equal finds one counts."""
    signs = {sign for index, sign in enumerate(_SIGNS) if index in found}
    return tuple(
        name
        for name in names
        if any(signs.issuperset(group) for group in _MUST_HOLD.get(name, ((),)))
    )


def is_read_as_written(text: str) -> bool:
    """Whether all there is to find in a text can be found in it as it stands."""
    return _NOT_AS_WRITTEN.search(text) is None


def is_clean(text: str) -> bool:
    """Whether our detectors cannot find anything in a text, as far as a few searches can tell."""
    if _HAS_DIGIT.search(text) or _NOT_PLAIN.search(text):
        return False
    lower = text.lower()
    for part in _PARTS:  # twice as fast as any() over a generator
        if part in lower:
            return False
    if ("'" in text or '"' in text) and (":" in text or "=" in text):
        return False
    if max(map(len, lower.split()), default=0) >= _LEAST_LONG:
        return False
    words = words_of(lower)
    if not _WORDS.isdisjoint(words):
        return False
    if sum(map(NUMBER_WORDS.__contains__, words)) >= _LEAST_SPELLED:
        return False
    # Half of all messages thank, greet or say "my": only the search itself tells them apart.
    return next(iter(introductions(Plain(text))), None) is None
