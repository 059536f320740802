"""Finds of credentials: keys of known providers, and values that are named as secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

# Prefix (as it must appear in the text) and the whole key. The prefix is searched first: a plain
# search runs at memory speed, so a text without secrets costs next to nothing.
_PROVIDERS: Final = tuple(
    (prefix, re.compile(r"(?<![0-9A-Za-z])" + pattern))
    for prefix, pattern in (
        ("sk-", r"sk-[0-9A-Za-z_\-]{16,256}"),
        ("_live_", r"(?:sk|rk|pk|whsec)_live_[0-9A-Za-z]{10,128}"),
        ("_test_", r"(?:sk|rk|pk)_test_[0-9A-Za-z]{10,128}"),
        ("whsec_", r"whsec_[0-9A-Za-z]{16,128}"),
        ("gh", r"gh[pousr]_[0-9A-Za-z]{20,255}"),
        ("github_pat_", r"github_pat_[0-9A-Za-z_]{20,255}"),
        ("gl", r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-[0-9A-Za-z_\-=.]{16,128}"),
        ("A", r"(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Z])"),
        ("xox", r"xox[abeoprs]-[0-9A-Za-z\-]{10,256}"),
        ("xapp-", r"xapp-[0-9A-Za-z\-]{10,256}"),
        ("hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows)/[0-9A-Za-z/_\-]{20,128}"),
        ("AIza", r"AIza[0-9A-Za-z_\-]{30,64}"),
        ("ya29.", r"ya29\.[0-9A-Za-z_\-]{20,512}"),
        ("GOCSPX-", r"GOCSPX-[0-9A-Za-z_\-]{20,64}"),
        ("eyJ", r"eyJ[0-9A-Za-z_\-]{8,4096}\.[0-9A-Za-z_\-]{8,16384}(?:\.[0-9A-Za-z_\-]{0,4096})?"),
        ("SG.", r"SG\.[0-9A-Za-z_\-]{16,64}\.[0-9A-Za-z_\-]{16,128}"),
        ("AC", r"AC[0-9a-f]{32}(?![0-9a-f])"),
        ("SK", r"SK[0-9a-f]{32}(?![0-9a-f])"),
        ("key-", r"key-[0-9a-f]{32}(?![0-9a-f])"),
        ("-us", r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9])"),
        ("npm_", r"npm_[0-9A-Za-z]{36}"),
        ("pypi-", r"pypi-[0-9A-Za-z_\-]{32,512}"),
        ("hf_", r"hf_[0-9A-Za-z]{30,64}"),
        ("gsk_", r"gsk_[0-9A-Za-z]{40,64}"),
        ("r8_", r"r8_[0-9A-Za-z]{30,64}"),
        ("pplx-", r"pplx-[0-9A-Za-z]{32,64}"),
        ("dop_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
        ("shp", r"shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}"),
        ("AKC", r"AKC[0-9A-Za-z]{10,128}"),
        ("EAA", r"EAA[0-9A-Za-z]{40,512}"),
        ("sq0", r"sq0(?:atp|csp)-[0-9A-Za-z_\-]{22,64}"),
        ("dapi", r"dapi[0-9a-f]{32}"),
        ("lin_api_", r"lin_api_[0-9A-Za-z]{32,64}"),
        ("secret_", r"secret_[0-9A-Za-z]{40,64}"),
        ("ntn_", r"ntn_[0-9A-Za-z]{40,64}"),
        ("hvs.", r"hvs\.[0-9A-Za-z_\-]{24,256}"),
        ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
        (":AA", r"[0-9]{8,10}:AA[0-9A-Za-z_\-]{32,36}"),
        ("Q~", r"[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.\-]{31,34}"),
        ("AccountKey=", r"AccountKey=[0-9A-Za-z+/]{40,128}={0,2}"),
    )
)
_SHORTEST_KEY: Final = 13
_DISCORD: Final = re.compile(
    r"[MNO](?<![0-9A-Za-z][MNO])[0-9A-Za-z_\-]{23,25}\.[0-9A-Za-z_\-]{6}\.[0-9A-Za-z_\-]{27,38}"
)
_PEM_BEGIN: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END: Final = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
# "basic information" is no credential: a real one has a digit or is long.
_SCHEME: Final = re.compile(
    r"\b(?i:bearer|basic|digest|apikey|token)[ :]{1,3}(?=[A-Za-z._~+/\-]{0,64}[0-9]|[^\s]{24})"
    r"(?P<value>[0-9A-Za-z._~+/\-]{12,8192}={0,2})"
)
_NAMES: Final = (
    r"pass(?:word|wd|phrase|code)?|pwd|secret|api[ _\-]?key|apikey|access[ _\-]?key(?:[ _\-]?id)?"
    r"|secret[ _\-]?key|private[ _\-]?key|client[ _\-]?secret|auth[ _\-]?token|access[ _\-]?token"
    r"|refresh[ _\-]?token|id[ _\-]?token|session[ _\-]?token|bearer[ _\-]?token|api[ _\-]?token"
    r"|secret[ _\-]?access[ _\-]?key|encryption[ _\-]?key|signing[ _\-]?key|account[ _\-]?key"
    r"|credentials?|authorization|cookie|contraseña|clave|passwort|kennwort|mot de passe|senha"
    r"|parola|token|pin(?: code)?|cvv2?|cvc2?|otp|security code|one[ \-]time (?:code|password)"
)
_ASSIGNED: Final = re.compile(
    rf"(?<![^\W_])(?P<name>{_NAMES})[\"']?\s{{0,3}}(?P<sign>[:=]+>?|\bis\b|\bes\b|\bist\b|\best\b"
    r"|\bé\b|\bè\b)\s{0,3}(?P<quote>[\"'`]?)(?P<value>[^\s\"'`,;<>\ufffc]{3,512})"
)
# One of these is a word of every name above, where they are words of their own.
_NAME_WORDS: Final = (
    "pass password passwd passphrase passcode pwd secret key apikey token credential credentials "
    "authorization cookie contraseña clave passwort kennwort senha parola pin cvv cvc otp "
    "passe accesskey accesstoken authtoken clientsecret privatekey secretkey refreshtoken "
    "idtoken sessiontoken bearertoken apitoken encryptionkey signingkey accountkey secretaccesskey "
    "accesskeyid"
)
_NAME_HINTS: Final = frozenset(_NAME_WORDS.split())
_SCHEME_HINTS: Final = frozenset(("bearer", "basic", "digest", "apikey", "token"))
_SIGNS: Final = (":", "=", " is ", " es ", " ist ", " est ", " é ", " è ")
_EVERYDAY_WORDS: Final = (
    "null none true false required optional string str number integer int undefined empty "
    "hidden redacted todo changeme bearer basic here below above missing invalid wrong "
    "incorrect expired not needed never the a an in on to set unset yes no value "
)
_PLAIN_WORDS: Final = frozenset(_EVERYDAY_WORDS.split())
_SHORT_CODES: Final = frozenset({"pin", "pin code", "cvv", "cvv2", "cvc", "cvc2", "otp"})
_URL_USER: Final = re.compile(r"(?<=://)[^\s/:@\"'<>]{0,128}:[^\s/@\"'<>]{1,256}(?=@)")


def secrets(plain: Plain) -> Iterator[Match]:
    """Credentials by their shape or by the name before them."""
    text, lower = plain.text, plain.lower
    if max(map(len, text.split()), default=0) >= _SHORTEST_KEY:
        for prefix, pattern in _PROVIDERS:
            if prefix in text:
                yield from map(_match, pattern.finditer(text))
        if text.count(".") >= 2:
            yield from map(_match, _DISCORD.finditer(text))
    if "://" in text and "@" in text:
        yield from map(_match, _URL_USER.finditer(text))
    if not _SCHEME_HINTS.isdisjoint(plain.words):
        yield from (_match(found, "value") for found in _SCHEME.finditer(text))
    is_named = not _NAME_HINTS.isdisjoint(plain.words) or "ne-time" in lower or "ity code" in lower
    if is_named and any(sign in lower for sign in _SIGNS):
        yield from _assigned(plain)


def private_keys(plain: Plain) -> Iterator[Match]:
    """Private keys in armour; one that was cut off runs to the end of the text."""
    if "-----BEGIN" not in plain.text:
        return
    position = 0
    while begin := _PEM_BEGIN.search(plain.text, position):
        closing = _PEM_END.search(plain.text, begin.end())
        position = closing.end() if closing else len(plain.text)
        yield Match(start=begin.start(), end=position, entity=Entity.SECRET, value="")


def _assigned(plain: Plain) -> Iterator[Match]:
    for found in _ASSIGNED.finditer(plain.lower):
        value = plain.text[found.start("value") : found.end("value")].rstrip(".)]}!?")
        if _is_secret_value(found, value):
            start = found.start("value")
            yield Match(start=start, end=start + len(value), entity=Entity.SECRET, value="")


def _is_secret_value(found: re.Match[str], value: str) -> bool:
    if len(value) < 3 or value.lower() in _PLAIN_WORDS or value[0] in "$%{[(" or "(" in value:
        return False
    name = found["name"]
    if name in _SHORT_CODES or "code" in name:
        return value.isdigit() and 3 <= len(value) <= 8
    has_digit = any(map(str.isdigit, value))
    if name == "token":
        return len(value) >= 12 and has_digit and not value.isdigit()
    if found["sign"] in {":", "=", "=>", ":="} or found["quote"]:
        # "clave: producto" and "key: value" are prose; a secret is long or has a digit.
        return name != "clave" or has_digit
    return has_digit or any(not char.isalnum() and char not in "-_.," for char in value)


def _match(found: re.Match[str], group: str | int = 0) -> Match:
    return Match(start=found.start(group), end=found.end(group), entity=Entity.SECRET, value="")
