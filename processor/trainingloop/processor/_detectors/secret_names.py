"""Finds of values that a name beside them calls a secret, in the syntax of many languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._detectors.secret_mentions import (
    PASSWORDS,
    mentioned_keys,
    mentioned_passwords,
)
from trainingloop.processor._detectors.secret_values import (
    has_digit,
    is_chosen,
    is_code,
    is_mixed,
    is_odd,
    is_random,
    stands_for_secret,
    trimmed,
)
from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trainingloop.processor._normalise import Plain

_ASSIGNED: Final = 0.85
_TOLD: Final = 0.75
_GUESSED: Final = 0.6

# As in PASSWORDS, every alternative begins with a letter of its own.
_KEYS: Final = (
    r"secret|key(?!board|word|note|stone|hole|pad|ring|ed)|credentials?|creds|cookie|token|jwt"
    r"|bearer|connection[ _]?string"
    r"|session(?:[ _\-]?id)?|sessid|signature|sig(?<=[?&;]sig)(?==)|auth(?:orization)?(?![a-z])"
)
# A name may go on ("password for the router", "apiKeyProd", ``secret"]``, ``token string``).
_TAIL: Final = (
    r"(?P<tail>[\w.\-]{0,24}+(?:\ (?:string|str)\b)?"
    r"(?:\ (?:for|to|of|de|del|para|für|pour|per)(?:\ [\w.@\-]{1,32}+){1,3}?|\ \([^()\n]{1,24}\))?"
    r"[\"'`)\]\[]{0,3})"
)
# What looks chosen or drawn as a password although it has no digit.
_SHAPED: Final = r"\S{1,40}?[!?#$%&*+=@^_~][a-z0-9]|[a-z]{10,24}(?![^\s.,;:!?])"
# Without a sign, only a value with a digit early in it can be meant.
_SIGN: Final = (
    r"(?:(?P<sign>[ \t]{0,12}+(?::{1,3}=?|[?.|]?={1,3}>?|[=\-]>|\|\|)[ \t]{0,8}(?:\n[ \t]{0,8})?@?"
    r"|>\s{0,12}|\s?,\s{0,2}(?=[\"'`])|\s{1,3}value\s?=\s?|,\s?[\"']value[\"']\s?:\s?)"
    r"|(?P<told>\ (?:is|was|es|ist|est|é|è|lautet|equals|to|sei|war|era|c'est|cest)[ :]{1,3})"
    rf"(?=[\"'`]|\S{{0,40}}?[^a-zà-ÿ\s.,;:!?()\"'`]|{_SHAPED})"
    r"|(?P<loose>@loose@)"
    r"|(?P<gap>\s{0,3})(?=[\"'`])"
    r"|(?P<space>[ ])(?=[^\s0-9]{0,32}[0-9]|\S{1,40}?[!?#$%&*+=@^_~][a-z0-9]))"
)


# With other words between: "the password has been set to".
_LOOSE: Final = (
    r"(?:\ [a-zà-ÿ'\-]{1,20}+){0,4}?"
    r"\ (?:is|was|es|ist|est|é|è|lautet|war|era|c'est|be|to|auf|as|now|jetzt|ahora"
    r"|a|por|en|in|para|par)[ :]{1,3}"
    rf"(?=[\"'`]?\S{{5}})(?=[^\s0-9]{{0,40}}[0-9]|{_SHAPED})"
)
_NEVER: Final = "(?!)"


def _named_value(names: str, shortest: int, loose: str = _NEVER) -> re.Pattern[str]:
    """A name, what may follow it, a sign and a value in one kind of quotes or in none."""
    length = f"{{{shortest},512}}"
    value = (
        rf"(?:\"(?P<double>[^\"\n\ufffc]{length})\"|'(?P<single>[^'\n\ufffc]{length})'"
        rf"|`(?P<back>[^`\n\ufffc]{length})`|[\"'`]?(?P<raw>[^\s\"'`,;<\ufffc]{length}+))"
    )
    sign = _SIGN.replace("@loose@", loose)
    return re.compile(f"(?P<name>{names}){_TAIL}{sign}{value}")


_PASSWORD: Final = _named_value(PASSWORDS, 3)
_LOOSE_PASSWORD: Final = _named_value(PASSWORDS, 3, _LOOSE)
_KEY: Final = _named_value(_KEYS, 6)

_PASSWORD_PARTS: Final = ("pas", "pwd", "contrase", "kennwort", "parola", "wifi", "wlan")
_PASSWORD_WORDS: Final = frozenset(("pw", "psw", "pword", "clave", "senha", "mdp"))
_PASSWORD_STARTS: Final = (
    "pas", "parola", "palavra-passe", "pss", "psw", "pw", "kennwort", "cont", "clave", "senha",
    "mot de pas", "mdp", "code ", "clé ", "codice ", "código ", "wifi", "wi-fi", "wlan",
)  # fmt: skip
_KEY_PARTS: Final = (
    "secret", "key", "cred", "token", "auth", "cookie", "session", "connection", "sessid", "jwt",
    "bearer", "sig",
)  # fmt: skip

_TOKENS: Final = frozenset(
    ("session id", "session_id", "session-id", "sessionid", "session", "sessid", "token", "cookie")
) | {"auth", "bearer", "jwt", "signature", "sig"}
_STRONG_KEY: Final = re.compile(
    r"(?:api|access|private|account|encryption|signing|licen[cs]e|master|shared|service"
    r"|storage|cloudant"
    r"|subscription|deploy|webhook|consumer|client|root|ssh|admin|function)[ _\-]?$"
)
# What a name that goes on like this holds is about a secret, and none.
_ABOUT: Final = re.compile(
    r"s?[_.\-]?(?:ids?|ur[il]|endpoint|name|type|file|path|length|len|size|count|limit|budget|usage"
    r"|version|field|label|hint|policy|reset|expir\w*|ttl|host|class|prefix|regex|pattern|format"
    r"|error|status|required|valid\w*|min|max|rotation|manager|store|selector|pressed|down|up"
    r"|event|variable|strength|rules?|algo\w*|hash_?algo\w*|source|server|results?|issuers?"
    r"|vault\w*|ref|arn|mapping|pair|code|ing|i[sz]e[rd]?|i[sz]ation)(?![a-z])"
)
_NO_KEY: Final = (
    "public pub primary foreign partition sort issuer bucket schema sequence cache object row "
    "routing host hot short answer lookup search group shard product field message event page "
    "continuation next sync eos bos pad stop cancellation max min per csrf idempotency registry "
    "dict map json index dictionary"
)
_NO_KEY_BEFORE: Final = tuple(_NO_KEY.split())
_NO_KEY_APART: Final = tuple(
    f"{word} " for word in _NO_KEY_BEFORE if word not in {"message", "event", "host", "product"}
)
_NO_PASS_BEFORE: Final = ("boarding ", "ski ", "day ", "season ", "bus ", "monthly ", "lounge ")
_NAME_BEFORE: Final = 16
_EVERYDAY: Final = (
    "null none true false nil required optional string str number integer int undefined empty "
    "hidden redacted todo basic bearer here below above missing invalid wrong incorrect expired "
    "not needed never the a an in on to set unset yes no value password passwort contraseña senha "
    "secret token key must should can will may please at click enter your my we you it is was "
    "reset change changed forgot forgotten login user username email text boolean bool object "
    "array correct strong weak sent stored encrypted protected unknown any other what which why "
    "how falsch falsche nicht incorrecta olvidada incorrect oublié sbagliata errada esquecida "
    "and or if when then with without because same still already also too very only just "
    "self this input data request default disabled enabled n/a tbd pending"
)
_EVERYDAY_WORDS: Final = frozenset(_EVERYDAY.split())
_NEEDS_DIGIT: Final = frozenset({"clave", "parola", "pass", "passe", "pw", "psw", "mdp"})
_AMBIGUOUS: Final = frozenset({"pass", "passe"})
_NEXT_WORD: Final = re.compile(r" [a-zà-ÿ]")
_MOST_SPACES: Final = 3
_MOST_LOOSE: Final = 1024
_SHORTEST_RANDOM: Final = 20
_PADDED: Final = re.compile(r"[0-9a-z+/_\-]{16,}={1,2}", re.IGNORECASE)
_ABOUT_WORDS: Final = re.compile(
    r" (?:length|hint|policy|reset link|limit|expiry|requirements?|attempts?|strength|minimum"
    r"|maximum|link|id|email|e-mail|page|error|until|since|not|at least|than|only|protected"
    r"|least|before|by"
    r"|caracteres|zeichen|characters?)(?![^\W_])"
)


def named_secrets(plain: Plain) -> Iterator[Match]:
    """Values that are passwords, keys or tokens because a name beside them says so."""
    words = plain.words
    # Each word once: in a long text that is much less to search.
    vocabulary = " ".join(words)
    if not _PASSWORD_WORDS.isdisjoint(words) or _holds_any(vocabulary, _PASSWORD_PARTS):
        starts = [part for part in _PASSWORD_STARTS if part in plain.lower]
        places = _places(plain.lower, starts)
        # More names than any prose has: looked at with less patience, so that time stays bounded.
        pattern = _LOOSE_PASSWORD if len(places) <= _MOST_LOOSE else _PASSWORD
        yield from _finds(plain, pattern, _password_score, places)
        yield from mentioned_passwords(plain)
    starts = [part for part in _KEY_PARTS if part in vocabulary]
    if starts:
        yield from _finds(plain, _KEY, _key_score, _places(plain.lower, starts))
        if plain.longest >= _SHORTEST_RANDOM:
            yield from mentioned_keys(plain)


def _places(lower: str, starts: Iterable[str]) -> list[int]:
    """Where names can begin, in order."""
    places: list[int] = []
    for start in starts:
        place = lower.find(start)
        while place >= 0:
            places.append(place)
            place = lower.find(start, place + len(start))
    places.sort()
    return places


def _holds_any(lower: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110  # twice as fast as any() over a generator
        if part in lower:
            return True
    return False


def _finds(
    plain: Plain,
    pattern: re.Pattern[str],
    score_of: Callable[[re.Match[str], str], float],
    places: Iterable[int],
) -> Iterator[Match]:
    lower = plain.lower
    position = 0
    for place in places:
        if place < position or not (found := pattern.match(lower, place)):
            continue
        group = found.lastgroup or "raw"
        start, position = found.span(group)
        value = plain.text[start:position]
        if group == "raw":
            value = trimmed(value)
        score = score_of(found, value)
        if score and not _is_harmless(found, value):
            end = start + len(value)
            yield Match(start=start, end=end, entity=Entity.SECRET, value="", score=score)
        elif group != "raw":
            # What is quoted can hold a name and a value of its own.
            position = start


def _is_harmless(found: re.Match[str], value: str) -> bool:
    if len(value) < 3 or value.lower() in _EVERYDAY_WORDS:
        return True
    if found.lastgroup == "raw":
        raw = found["raw"]
        if raw[-1] == ":" or (raw[-1] == "=" and not _PADDED.fullmatch(raw)) or is_code(value):
            return True
    elif value.count(" ") > _MOST_SPACES:
        return True
    if _ABOUT.match(found["tail"]) or stands_for_secret(value):
        return True
    before = _before(found)
    if found.re is not _KEY:
        return before.endswith(_NO_PASS_BEFORE)
    joined = before.rstrip("_-")
    is_no_key = joined.endswith(_NO_KEY_BEFORE) or before.endswith(_NO_KEY_APART)
    return is_no_key and not joined.endswith("bitbucket")


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _NAME_BEFORE) : found.start()]


def _password_score(found: re.Match[str], value: str) -> float:
    is_quoted = found.lastgroup != "raw"
    is_telling = has_digit(value) or is_odd(value)
    if found["told"]:
        return _TOLD if is_telling or is_quoted or is_chosen(value) else 0
    if found["loose"]:
        is_about = _ABOUT_WORDS.search(found["loose"]) is not None
        is_likely = is_mixed(value, 6) or is_chosen(value)
        return _TOLD if is_likely and not is_about and found["name"] not in _AMBIGUOUS else 0
    if not found["sign"]:
        is_likely = is_mixed(value, 6) or is_chosen(value) or (is_quoted and is_telling)
        return _GUESSED if is_likely else 0
    if is_telling or is_chosen(value):
        return _ASSIGNED
    if " " in value or "\n" in found["sign"] or found["name"] in _NEEDS_DIGIT:
        return 0
    if value.islower() and not is_quoted and _NEXT_WORD.match(found.string, found.end()):
        return 0
    return _GUESSED if value.isalpha() else _ASSIGNED


def _key_score(found: re.Match[str], value: str) -> float:
    if " " in value:
        return 0
    name = found["name"]
    if name == "key" and not _STRONG_KEY.search(_before(found)):
        return _GUESSED if is_random(value) else 0
    if name in _TOKENS:
        return _token_score(found, value)
    return _secret_score(found, value)


def _token_score(found: re.Match[str], value: str) -> float:
    if value.isdigit():
        is_joined = found["sign"] and ("=" in found["sign"] or found.lastgroup != "raw")
        return _GUESSED if len(value) >= 15 and is_joined else 0
    if found["sign"]:
        return _ASSIGNED if is_mixed(value, 10) else 0
    return _TOLD if is_mixed(value, 16) else 0


def _secret_score(found: re.Match[str], value: str) -> float:
    is_quoted = found.lastgroup != "raw"
    is_strange = len(value) > 7 and is_odd(value)
    if not found["sign"]:
        is_key = has_digit(value) and is_mixed(value, 12 if found["told"] else 16)
        return _TOLD if is_key or (is_quoted and is_strange) else 0
    if has_digit(value):
        is_long = len(value) >= (6 if is_quoted else 8)
        return _ASSIGNED if is_long and not value.isdigit() else 0
    if is_strange or is_mixed(value, 16):
        return _ASSIGNED
    return _GUESSED if is_quoted and value.isalpha() and len(value) > 7 else 0
