"""What the text beside a secret's name is: a secret, or something that only stands for one."""

from __future__ import annotations

import re
from typing import Final

_STANDS_FOR: Final = re.compile(
    r"\$[a-z_]+(?:[A-Z][a-z]+)*;?|\$[A-Z_][A-Z0-9_]*|\$[0-9]|\$?\{+[\w .:$|()'\"\-]{0,80}\}{0,3}\)?"
    r"|\$\([a-z][^\n]{0,80}|<[^\n]{0,80}>?|\[[A-Za-z _.\-]{1,40}\]?"
    r"|%\(?\w{1,40}\)?%|%[sdr]|@\w{1,40}@"
    r"|[*.•#_\-]{3,}|[xX*.\-_]{3,}|__\w{1,40}__|`[^\n]{0,80}"
)
_REFERENCE: Final = re.compile(
    r"[A-Za-z]\w{0,40}(?:\.[A-Za-z_]{4,40}){1,4}"
    r"|[A-Za-z_$]{1,40}[0-9]{0,2}(?:(?:\.|->|::)[A-Za-z_$]{1,40}[0-9]{0,2}){1,8}[;,)\[(]{0,3}"
    r"|[A-Za-z_$][\w.$]{0,60}\([\w.,$ ]{0,40}\)[;,.()]{0,8}"
    r"|[A-Za-z_$.]{1,60}\("
    r"|[A-Za-z_][\w.]{0,60}\[[\w\"']{0,40}\]?[;,)]{0,3}"
)
_MARKS: Final = "example|placeholder|your|change.?me|insert|dummy|fake|sample|redacted|replace|todo"
_MARKERS: Final = re.compile(rf"{_MARKS}|notapass|my.?pass|here|undefined")
# In a value with a digit a marker must be a word of its own: "Yourself99!" is a password.
_MARKERS_APART: Final = re.compile(rf"(?<![^\W_])(?:{_MARKS}|here|undefined)(?![^\W_])|xxxx|\.\.\.")
_KEY_MARKERS: Final = re.compile("example|placeholder|your|insert|xxxx|redacted|change.?me")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE: Final = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]")
_ADDRESS: Final = re.compile(r"[a-z]{2,12}://|/(?:etc|home|usr|var|tmp|opt|run)/|\./|[A-Z]:\\")
_KEY_ALPHABET: Final = re.compile(r"[0-9A-Za-z+/=_.~\-]+")
_HEX: Final = re.compile("[0-9a-fA-F]+")
_ODD: Final = re.compile(r"[^\w\-., /:]")
_QUERY: Final = re.compile(r"&(?:amp;)?[\w.\-\[\]%]{1,32}=")
_DIGIT: Final = re.compile("[0-9]")
_QUANTITY: Final = re.compile(
    "[0-9][0-9.,]*[-]?(?:[kmg]?hz|days?|weeks?|months?|years?|hours?|minutes?|seconds?|mins?|secs?|tage"
    "|stunden|minuten|d[ií]as|horas|minutos|jours|heures|giorni|ore|dias|bits?|bytes?|px|am|pm|uhr)"
    "|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}",
    re.IGNORECASE,
)
_SHORTEST_CHOSEN: Final = 5
_LOWER: Final = re.compile("[a-z]")
_MARKED: Final = re.compile(r"[A-Za-z0-9][!?#$%&*+=@^_~][A-Za-z0-9]|[A-Za-z][!#$%&*+=^_~]+\Z")
# Two capitals or more behind lower case: more than "JavaScript" and "Anne-Marie" have.
_CAPITALS_WITHIN: Final = re.compile(
    r"(?=[A-Za-z\-]{8,64}\Z)[A-Za-z\-]*?[a-z](?=[A-Z])(?:[a-z\-]*[A-Z]){2}[A-Za-z\-]*\Z"
)
_ORDINARY: Final = re.compile(
    r"[0-9.,:/\-]*(?:st|nd|rd|th|am|pm|h|hrs?|min|mins?|s|ms|x|km|kg|gb|mb|kb|eur|usd|[a-z]?€)?"
    r"|[$€£¥][0-9.,]+\w{0,3}|v?[0-9]+(?:\.[0-9]+)+|[a-z]{2,16}-?[0-9]{1,2}",
    re.IGNORECASE,
)
_ADDRESS_OR_CODE: Final = re.compile(
    r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,24}|[A-Z#]{1,6}[\-_]?[0-9]+|(?:[a-z0-9\-]+\.)+[a-z]{2,6}(?:/\S*)?"
    r"|[0-9]+-[a-z]+(?:-[a-z]+)*"
)
_LETTER: Final = re.compile("[A-Za-z]")


def stands_for_secret(value: str) -> bool:
    """Whether a value is a placeholder, a variable or a call, and so nothing to hide."""
    return (
        _STANDS_FOR.fullmatch(value) is not None
        or _MARKERS_APART.search(value.lower()) is not None
        or (not has_digit(value) and _MARKERS.search(value.lower()) is not None)
        or _ADDRESS.match(value) is not None
    )


def is_code(value: str) -> bool:
    """Whether an unquoted value refers to where a secret is kept: ``config.password``."""
    return _REFERENCE.fullmatch(value) is not None


def is_dull_key(key: str) -> bool:
    """Whether what has the shape of a provider's key was typed to show that shape."""
    body = key[4:]
    return (
        len(set(body)) < 6
        or (body.islower() and not has_digit(body))
        or _KEY_MARKERS.search(key.lower()) is not None
    )


def trimmed(value: str) -> str:
    """An unquoted value without the punctuation and the parameters that follow it."""
    if "&" in value and (following := _QUERY.search(value)):
        value = value[: following.start()]
    return value.rstrip(".)]}!?>:\\")


def has_digit(value: str) -> bool:
    """Whether a value has a decimal digit."""
    return _DIGIT.search(value) is not None


def is_odd(value: str) -> bool:
    """Whether a value has a character that words, names and paths do not have."""
    return _ODD.search(value) is not None


def is_mixed(value: str, least: int) -> bool:
    """Whether a value has letters and digits, or upper and lower case, and is long enough."""
    if len(value) < least or _DATE.match(value) or _QUANTITY.fullmatch(value):
        return False
    if has_digit(value):
        return _LETTER.search(value) is not None and len(set(value)) > 4
    return len(value) >= 20 and not value.islower() and not value.isupper() and value.isalpha()


def is_chosen(value: str) -> bool:
    """Whether a word is written as passwords are, and names, times and amounts are not."""
    is_short = len(value) < _SHORTEST_CHOSEN
    if is_short or _ORDINARY.fullmatch(value) or _QUANTITY.fullmatch(value) or "://" in value:
        return False
    if not has_digit(value) and not _MARKED.search(value):
        return _CAPITALS_WITHIN.match(value) is not None and _LOWER.search(value) is not None
    return _LETTER.search(value) is not None and _ADDRESS_OR_CODE.fullmatch(value) is None


def is_random(value: str) -> bool:
    """Whether a value is long, of a key's alphabet, and of many different characters."""
    if len(value) < 20 or _KEY_ALPHABET.fullmatch(value) is None or not is_mixed(value, 20):
        return False
    # Hexadecimal digits are 16; a word with a number has fewer digits and fewer characters.
    least = 8 if _HEX.fullmatch(value) else 11
    has_digits = len(_DIGIT.findall(value[:256])) > 2
    return has_digits and len(set(value)) >= least and not _UUID.fullmatch(value)
