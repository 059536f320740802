"""E-mail addresses whose signs are written as words, or stand between spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from trainingloop.processor._entities import Entity, Match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.processor._normalise import Plain

_AT_WORDS: Final = (
    "arroba", "chiocciola", "klammeraffe", "arobase", "arobas", "arrobase", "apenstaartje",
)  # fmt: skip
_DOT_WORDS: Final = ("dot", "punto", "punkt", "point", "ponto", "punt")
_AT_NAMES: Final = "|".join(_AT_WORDS)
_DOT_NAMES: Final = "|".join(_DOT_WORDS)
_STRONG_HINTS: Final = frozenset(_AT_WORDS)
_DOT_HINTS: Final = frozenset(_DOT_WORDS)
_BRACKETED_HINTS: Final = (
    "at)",
    "at]",
    "at}",
    "at>",
    "at )",
    "at ]",
    "-at-",
    "_at_",
    "*at*",
    "|at|",
)

_LABEL: Final = rf"(?:[^\W_]|_(?!(?:at|{_DOT_NAMES})_)|-(?!(?:at|{_DOT_NAMES})-)){{1,63}}+"
_OPEN: Final = r"[(\[{<*|_\-]{1,2}"
_CLOSE: Final = r"[)\]}>*|_\-]{1,2}"
_ODD_DOT: Final = (
    rf"(?:[ ]{{0,2}}+{_OPEN}[ ]?(?:\.|{_DOT_NAMES})[ ]?{_CLOSE}[ ]{{0,2}}+"
    rf"|\s{{1,2}}+(?:{_DOT_NAMES})\s{{1,2}}+|\s\.\s?|\.\n)"
)
_DOT: Final = re.compile(rf"\.(?!\n)|{_ODD_DOT}")
_DOMAIN_LABEL: Final = re.compile(_LABEL)
_ANCHOR: Final = re.compile(
    # between letters, but with a dot further on that is no plain one
    rf"@(?<=\w.)(?={_LABEL}(?:\.{_LABEL}){{0,3}}+{_ODD_DOT}{_LABEL})"
    # between spaces, or one of them a line's end
    rf"|\s{{1,3}}+@\s{{0,3}}+(?={_LABEL}(?:\.|{_ODD_DOT}){_LABEL})"
    rf"|@\s{{1,3}}+(?={_LABEL}(?:\.|{_ODD_DOT}){_LABEL})"
)
_ANCHOR_WORD: Final = re.compile(
    rf"[ ]{{0,2}}+{_OPEN}[ ]?(?:at|{_AT_NAMES})[ ]?{_CLOSE}[ ]{{0,2}}+(?={_LABEL})"
    rf"|\s{{1,2}}+(?P<strong>{_AT_NAMES})\s{{1,2}}+(?={_LABEL})"
    rf"|\sat\s(?={_LABEL}{_ODD_DOT}{_LABEL})(?P<weak>)"
)
_TOD: Final = (
    rf"(?:[ ]{{0,2}}+{_CLOSE}[ ]?(?:\.|{_DOT_NAMES[::-1]})[ ]?{_OPEN}[ ]{{0,2}}+"
    rf"|\s(?:{_DOT_NAMES[::-1]})\s|\s\.\s|\.)"
)
_LOCAL_REVERSED: Final = re.compile(
    rf"[\w+\-]{{1,64}}?(?:{_TOD}[\w+\-]{{1,64}}?){{0,3}}(?![\w+\-])"
)
_TOP_LEVEL: Final = re.compile(r"[^\W\d_]{2,24}")
_KNOWN_TOP_LEVELS: Final = frozenset(
    (
        "com", "org", "net", "edu", "gov", "info", "biz", "io", "ai", "dev", "app", "co", "de",
        "es", "fr", "it", "pt", "br", "mx", "ar", "cl", "uk", "ie", "us", "ca", "au", "nz", "nl",
        "be", "ch", "at", "eu", "pl", "se", "no", "dk", "fi", "cz", "gr", "ro", "hu", "ru", "in",
        "jp", "cn", "kr", "za", "test", "example",
    )
)  # fmt: skip
# "at this point in time" is no address, nor is "at some point it".
_FRENCH_TOP_LEVELS: Final = frozenset(("com", "fr", "org", "net", "eu"))
_MOST_LABELS: Final = 6
_REACH: Final = 96


def spelled_addresses(plain: Plain) -> Iterator[Match]:
    """E-mail addresses such as ``ada [at] example [dot] com`` and ``ada @ example . com``."""
    lower = plain.lower
    if "@" in lower:
        for anchor in _ANCHOR.finditer(lower):
            yield from _around(lower, anchor, is_weak=True)
    if _may_spell_at(plain):
        for anchor in _ANCHOR_WORD.finditer(lower):
            yield from _around(lower, anchor, is_weak=anchor["weak"] is not None)


def _may_spell_at(plain: Plain) -> bool:
    words = plain.words
    if not _STRONG_HINTS.isdisjoint(words):
        return True
    if "at" not in words:
        return False
    return not _DOT_HINTS.isdisjoint(words) or any(hint in plain.lower for hint in _BRACKETED_HINTS)


def _around(lower: str, anchor: re.Match[str], *, is_weak: bool) -> Iterator[Match]:
    """The address around a sign; where the sign proves little, its end must be a usual one."""
    head = lower[max(0, anchor.start() - _REACH) : anchor.start()][::-1]
    local = _LOCAL_REVERSED.match(head)
    if local is None:
        return
    labels, end = _domain(lower, anchor.end())
    top = labels[-1] if labels else ""
    if len(labels) < 2 or not _TOP_LEVEL.fullmatch(top):
        return
    if is_weak and not _is_plausible(lower[anchor.end() : end], top):
        return
    start = anchor.start() - local.end()
    name = _DOT.sub(".", lower[start : anchor.start()])
    value = f"{name}@{'.'.join(labels)}"
    yield Match(start=start, end=end, entity=Entity.EMAIL, value=value)


def _is_plausible(domain: str, top: str) -> bool:
    if " dot " in domain:
        return True
    return top in (_FRENCH_TOP_LEVELS if " point " in domain else _KNOWN_TOP_LEVELS)


def _domain(lower: str, start: int) -> tuple[list[str], int]:
    labels: list[str] = []
    end = position = start
    while len(labels) < _MOST_LABELS and (label := _DOMAIN_LABEL.match(lower, position)):
        labels.append(label.group())
        end = label.end()
        dot = _DOT.match(lower, end)
        # Past "example.com" only a plain dot goes on: " . Then" is the next sentence.
        is_over = len(labels) > 1 and label.group() in _KNOWN_TOP_LEVELS
        if dot is None or (is_over and dot.group() != "." and dot.group().strip() == "."):
            break
        position = dot.end()
    return labels, end
