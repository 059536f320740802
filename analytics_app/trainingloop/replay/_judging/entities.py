"""What a text names that can be compared: money, days, codes, links, and what is not so."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.dates import iso_date, worded_date
from trainingloop.replay._judging.judgement import EntityDifference
from trainingloop.replay._judging.lexicon import negated, number_words, pattern
from trainingloop.replay._judging.links import LAST_OF_SENTENCE, LINK
from trainingloop.replay._judging.numbers import (
    NUMBER,
    amount,
    currency_after,
    currency_before,
    plain_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.replay._judging.wording import Wording

REDACTED: Final = r"<[A-Z][A-Z_]{1,29}(?:_[a-z2-7]{8})?(?:_[0-9]{1,9})?>"
"""What redaction leaves in place of personal data."""
_MOST: Final = 100
"""Entities of one kind that are kept of a text."""
_INDENT: Final = re.compile(r"\n[^\S\n]+")
_FEWEST_DIGITS: Final = 7


@cache
def _expression() -> re.Pattern[str]:
    number = f"(?:{NUMBER})"
    shapes = {
        "marker": r"(?m:^)\d{1,2}[.)](?=\s)",
        "token": REDACTED,
        "link": LINK,
        "iso": r"(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?=\b|T\d)",
        "worded": f"(?i:{worded_date()})",
        "before": rf"(?P<c1>{currency_before()})\s?(?P<n1>{number})",
        "after": rf"(?<![\w.,])(?P<n2>{number})\s?(?P<c2>(?i:{currency_after()}))",
        "percent": rf"(?<![\w.,])(?P<n3>{number})\s?%",
        "clock": (
            r"(?<![\w:])T?(?P<h>[0-2]?\d)(?::|h)(?P<m>[0-5]\d)(?::[0-5]\d)?"
            r"(?:\s?(?P<half>[ap])\.?m\b)?"
        ),
        "hour": (
            r"(?<![\w:])(?P<h2>[01]?\d)\s?(?P<half2>[ap])\.?m\b"
            r"|(?<![\w:])(?P<h3>[0-2]?\d) Uhr\b"
        ),
        "digits": (
            r"(?<![\w./-])(?!24/7\b)"
            r"(?:\d{1,4}(?P<sep>[./-])\d{1,2}(?P=sep)\d{1,4}|\d{1,2}/\d{1,2})(?![\w/-]|\.\d)"
        ),
        "phone": (
            r"(?<![\w-])(?:\+\d[\d .()-]{6,18}\d|\(?\d{2,4}\)?(?:[ .-]\(?\d{2,4}\)?){2,4})(?![\w-])"
        ),
        "id": (
            r"(?<![\w-])#?(?=[\w-]{0,60}\d)(?=[\d-]{0,60}[^\W\d])[^\W_][\w-]{2,60}(?!\w)"
            r"|(?<![\w-])#?\d{6,}(?!\w)|(?<![\w-])[A-Z]{5,8}(?![\w-])"
        ),
        "number": rf"(?<![\w.,-]){number}(?![\w-])",
    }  # fmt: skip
    listed = "|".join(f"(?P<{name}>{shape})" for name, shape in shapes.items())
    # Each begins with one of these, so that nothing is tried within a word.
    return re.compile(rf"(?:(?<!\w)(?=\w)|(?=[<$€£¥₹#+(]|T\d))(?:{listed})")


def entity_differences(one: Wording, other: Wording) -> tuple[EntityDifference, ...]:
    """What only one of two texts names, by kind."""
    first, second = entities_of(one), entities_of(other)
    differences: list[EntityDifference] = []
    for kind in sorted({*first, *second}):
        mine, others = first.get(kind, frozenset()), second.get(kind, frozenset())
        if mine == others:
            continue
        left, right = _without(mine, others), _without(others, mine)
        if left or right:
            differences.append(EntityDifference(kind=kind, recorded=left, replayed=right))
    return tuple(differences)


@lru_cache(maxsize=512)
def entities_of(wording: Wording) -> dict[str, frozenset[str]]:
    """What a text names, by kind, each in one spelling."""
    found: dict[str, set[str]] = {}
    for kind, name in _named(wording):
        named = found.setdefault(kind, set())
        if len(named) < _MOST:
            named.add(name)
    return {kind: frozenset(names) for kind, names in found.items()}


def _named(wording: Wording) -> Iterator[tuple[str, str]]:
    for match in _expression().finditer(_INDENT.sub("\n", wording.text)):
        entity = _entity(match)
        if entity is not None and (not entity[1].isalpha() or _is_code(match, wording)):
            yield entity
    yield from (("date", match.group()) for match in _found("relative", wording))
    numbers = number_words(wording.languages)
    yield from (("number", numbers[match.group()]) for match in _found("numbers", wording))
    yield from (("negation", name) for name in negations(wording))


def negations(wording: Wording) -> Iterator[str]:
    """What a text says is not so, of what matters: ``not cancel`` for "have not cancelled"."""
    expression = negated(wording.languages)
    for sentence in wording.sentences:
        for match in expression.finditer(sentence):
            yield f"not {match.lastgroup}"


def _found(section: str, wording: Wording) -> Iterator[re.Match[str]]:
    return pattern(section, wording.languages).finditer(wording.plain)


def _is_code(match: re.Match[str], wording: Wording) -> bool:
    """Whether capital letters are a code: those of a shout stand in no line that speaks of one."""
    start = match.string.rfind("\n", 0, match.start()) + 1
    line = match.string[start : match.end()]
    return not line.isupper() and bool(pattern("reference", wording.languages).search(line.lower()))


def _entity(match: re.Match[str]) -> tuple[str, str] | None:
    shape, text = match.lastgroup or "", match.group()
    match shape:
        case "token" | "link" | "id":
            return shape, text.rstrip(LAST_OF_SENTENCE)
        case "before" | "after":
            side = "1" if shape == "before" else "2"
            return "amount", amount(match["n" + side], match["c" + side])
        case "percent":
            return "percent", plain_number(match["n3"])
        case "iso" | "worded" | "digits":
            return "date", iso_date(text) or text
        case "clock" | "hour":
            return "time", _time(match)
        case "marker":
            return None
        case "phone":
            digits = re.sub(r"[^\d+]", "", text)
            return ("phone", digits) if len(digits) >= _FEWEST_DIGITS else None
        case _:
            number = plain_number(text)
            # "1" and "one" are articles as often as they are numbers.
            return None if number == "1" else ("number", number)


def _time(match: re.Match[str]) -> str:
    hour = int(match["h"] or match["h2"] or match["h3"])
    half = match["half"] or match["half2"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{match['m'] or '00'}"


def _without(names: frozenset[str], others: frozenset[str]) -> tuple[str, ...]:
    """The names that others have not; a day without a year is the same day of any year."""
    yearless = {name[-6:] for name in others if name.startswith("--")}
    with_year = {f"-{name[-6:]}" for name in others}
    return tuple(
        sorted(
            name
            for name in names - others
            if not (name.startswith("--") and name in with_year) and name[4:] not in yearless
        )
    )
