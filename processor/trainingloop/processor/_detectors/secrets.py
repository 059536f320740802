"""Finds of credentials: keys of known providers, and values that are named as secrets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.secret_codes import short_codes
from trainingloop.processor._detectors.secret_names import named_secrets
from trainingloop.processor._detectors.secret_rules import RULES, SecretRule
from trainingloop.processor._detectors.secret_values import (
    has_digit,
    is_dull_key,
    stands_for_secret,
)
from trainingloop.processor._entities import Entity, Match
from trainingloop.processor._normalise import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.processor._normalise import Plain

_SHORTEST_KEY: Final = 13
# A key in quotes is apart from its name: "AccountKey=" has to count by itself.
_SHORTEST_PART: Final = 11
_SHORTEST_LOGIN: Final = 3
# No key has these characters, and what is written around one often does.
_APART: Final = str.maketrans(dict.fromkeys("\"',;{}()[]<>", " "))
# Lower case without a digit; it can hold a webhook or a login all the same.
_PROSE: Final = re.compile(r"[^\w]*+[^\W\d_]?(?!.*(?:slack\.com|:_auth))[a-zà-ÿ.\-_/:!?*=&#@]*+")


def _by_head() -> dict[str, tuple[SecretRule, ...]]:
    heads: defaultdict[str, list[SecretRule]] = defaultdict(list)
    for rule in RULES:
        heads[rule.head].append(rule)
    return {head: tuple(rules) for head, rules in heads.items()}


_BY_HEAD: Final = _by_head()
_HEADLESS: Final = tuple((rule.anchor, rule) for rule in _BY_HEAD.pop(""))

_PEM_BEGIN: Final = re.compile(
    r"-----BEGIN [A-Z0-9 _\-]{0,60}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]"
)
_PEM_END: Final = re.compile(
    r"-----END [A-Z0-9 _\-]{0,60}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: [0-9a-f]{1,128}"
)
_SCHEME: Final = re.compile(
    r"(?:bearer|basic|digest|apikey|token)[ :]{1,3}(?P<value>[0-9a-z._~+/=@\-]{8,8192}+={0,2})"
)
_MIXED_CASE: Final = re.compile("[A-Za-z]{0,12}[a-z][A-Z].{8}")
_LONG_CREDENTIAL: Final = 24
_SCHEME_HINTS: Final = frozenset(("bearer", "basic", "digest", "apikey", "token"))
_URL_USER: Final = re.compile(r"://(?P<value>[^\s/:@\"'<>]{0,128}:[^\s/@\"'<>]{1,256})@")
_DRIVER_USER: Final = re.compile(r"[\w.\-]{1,64}:[^\s/@:\"'<>]{1,128}(?=@(?:tcp|unix)\()")
_CURL_USER: Final = re.compile(
    r"(?:\s-u|--user)(?:=|\s{1,3})(?P<value>(?:\"[^\"\n]{1,128}\"|'[^'\n]{1,128}'|[^\s\"':]{1,64})"
    r"(?::(?:\"[^\"\n]{1,128}\"|'[^'\n]{1,128}'|[^\s\"']{1,128}))?)"
)
_PASSWORD_OPTIONS: Final = frozenset(("mysql", "mysqldump", "mysqladmin", "mariadb", "sshpass"))
_OPTION_PASSWORD: Final = re.compile(
    r"(?:mysql(?:dump|admin)?|mariadb|sshpass)(?:\s{1,3}(?!-p)[^\s|;&]{1,64}+){0,8}?\s{1,3}-p"
    r"(?:(?<=sshpass\s-p)\s)?[\"']?(?P<value>[^\s\"'|;&]{3,64})"
)
_SAMPLE_PASSWORDS: Final = frozenset(("password", "pass", "passwd", "pw", "token", "test", "yyy"))
_MANIFEST_VALUE: Final = re.compile(
    r":[ \t]{1,4}(?:[|>][+\-]?\s{1,12})?[\"']?(?P<value>(?=[A-Za-z]{0,64}[0-9+/=])"
    r"[0-9A-Za-z+/]{10,8192}+={0,3})[\"']?(?=\s|\Z)"
)
_STORAGE_KEY: Final = re.compile(r"==(?<=(?<![0-9A-Za-z+/=])[0-9A-Za-z+/]{86}==)(?!=)")
_STORAGE_KEY_LENGTH: Final = 88


def secrets(plain: Plain) -> Iterator[Match]:
    """Credentials by their shape or by the name before them."""
    text = plain.text
    sure = list(_provider_keys(plain))
    yield from sure
    yield from _raised(named_secrets(plain), sure)
    yield from short_codes(plain)
    if not _SCHEME_HINTS.isdisjoint(plain.words):
        yield from _raised(_schemes(plain), sure)
    if "@" in text:
        yield from _logins(text)
    if "curl" in text:
        yield from _curl_logins(text)
    if "-p" in text and not _PASSWORD_OPTIONS.isdisjoint(plain.words):
        yield from _option_passwords(text)
    if "==" in text and "azure" in plain.lower:
        yield from _storage_keys(plain)
    if "apiversion" in plain.words and "secret" in plain.words:
        yield from _manifest_values(text)


def _raised(found: Iterable[Match], sure: list[Match]) -> Iterable[Match]:
    """The finds, as sure as what they overlap: a name adds no doubt to a shape."""
    if not sure:
        return found
    starts = sorted((match.start, match.end) for match in sure)
    return (replace(match, score=1.0) if _is_among(match, starts) else match for match in found)


def _is_among(match: Match, places: list[tuple[int, int]]) -> bool:
    index = bisect_left(places, (match.end, 0))
    return index > 0 and places[index - 1][1] > match.start


def private_keys(plain: Plain) -> Iterator[Match]:
    """Private keys in armour; one that was cut off runs to the end of the text."""
    if "-----BEGIN" not in plain.text and "PuTTY-User-Key" not in plain.text:
        return
    position = 0
    while begin := _PEM_BEGIN.search(plain.text, position):
        closing = _PEM_END.search(plain.text, begin.end())
        position = closing.end() if closing else len(plain.text)
        yield _match(begin.start(), position)


def _provider_keys(plain: Plain) -> Iterator[Match]:
    if plain.longest < _SHORTEST_KEY or not (dense := _dense(plain.text)):
        return
    longest = plain.longest
    heads = _BY_HEAD.keys() & words_of(dense.lower())
    headless = [rule for anchor, rule in _HEADLESS if anchor in dense]
    for rule in chain(headless, *(_BY_HEAD[head] for head in sorted(heads))):
        if rule.anchor not in dense or longest < rule.shortest:
            continue
        if rule.context and not any(word in plain.lower for word in rule.context):
            continue
        yield from _rule_finds(plain.text, rule)


def _dense(text: str) -> str:
    """The words of a text that are long enough to be keys; in most chat there are none."""
    words = [word for word in text.split() if len(word) >= _SHORTEST_PART]
    parts = " ".join(words).translate(_APART).split()
    return " ".join(
        [part for part in parts if len(part) >= _SHORTEST_PART and not _PROSE.fullmatch(part)]
    )


def _rule_finds(text: str, rule: SecretRule) -> Iterator[Match]:
    for found in rule.pattern.finditer(text):
        start, end = found.start() - rule.length_before, found.end()
        if rule.may_be_dull or not is_dull_key(text[start:end]):
            yield _match(start, end)


def _schemes(plain: Plain) -> Iterator[Match]:
    for found in _SCHEME.finditer(plain.lower):
        start, end = found.span("value")
        if found.start() and plain.lower[found.start() - 1].isalnum():
            continue
        value = plain.text[start:end]
        # "basic information" is no credential: a real one has a digit, is long or of mixed case.
        is_credential = (
            has_digit(value[:64]) or len(value) >= _LONG_CREDENTIAL or _MIXED_CASE.match(value)
        )
        if is_credential and not stands_for_secret(value):
            yield _match(start, end, score=0.85)


def _logins(text: str) -> Iterator[Match]:
    if "://" in text:
        for found in _URL_USER.finditer(text):
            if not stands_for_secret(found["value"].partition(":")[2]):
                yield _match(*found.span("value"))
    if "@tcp(" in text or "@unix(" in text:
        for found in _DRIVER_USER.finditer(text):
            yield _match(*found.span())


def _curl_logins(text: str) -> Iterator[Match]:
    for found in _CURL_USER.finditer(text):
        value = found["value"]
        _, colon, password = value.partition(":")
        known = password.strip("\"'")
        is_sample = known.lower() in _SAMPLE_PASSWORDS or value[0] == "<"
        is_empty = len(value.strip("\"': ")) < _SHORTEST_LOGIN
        if colon and not (is_empty or is_sample or stands_for_secret(known)):
            yield _match(*found.span("value"), score=0.85)


def _option_passwords(text: str) -> Iterator[Match]:
    """Passwords that the tools of MySQL take right behind ``-p``."""
    for found in _OPTION_PASSWORD.finditer(text):
        if not stands_for_secret(found["value"]):
            yield _match(*found.span("value"), score=0.85)


def _storage_keys(plain: Plain) -> Iterator[Match]:
    """Storage keys of Azure: their shape is that of any hash, so the name must be near."""
    lower = plain.lower
    for found in _STORAGE_KEY.finditer(plain.text):
        start = found.end() - _STORAGE_KEY_LENGTH
        near = _lines_around(lower, start, found.end())
        if "azure" in near and "publickey" not in near:
            yield _match(start, found.end(), score=0.85)


def _manifest_values(text: str) -> Iterator[Match]:
    """The encoded values of a Kubernetes secret."""
    for found in _MANIFEST_VALUE.finditer(text):
        yield _match(*found.span("value"), score=0.6)


def _lines_around(text: str, start: int, end: int) -> str:
    """The lines of ``start:end``, two more on either side, and no more than 512 characters."""
    before = text[max(0, start - 512) : start].rsplit("\n", 3)[-3:]
    after = text[end : end + 512].split("\n", 3)[:3]
    return "\n".join(before) + "\n".join(after)


def _match(start: int, end: int, score: float = 1.0) -> Match:
    return Match(start=start, end=end, entity=Entity.SECRET, value="", score=score)
