"""What an answer says was done that nobody did."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.actions import can_have_done
from trainingloop.replay._judging.evidence import quoted
from trainingloop.replay._judging.lexicon import families, pattern
from trainingloop.replay._judging.tools import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.replay._judging.context import Context
    from trainingloop.replay._judging.side import Side

_LONGEST_BY: Final = 12
_NUMBER: Final = re.compile(r"\d+\.")
"""The number of a line of a list, which is a sentence of its own."""
_CLAUSE_START: Final = re.compile(
    r"[:;()\u2013\u2014]|\b(?:and|but|y|pero|und|aber|et|mais|e|ma|mas)\b"
)


def baseless_claims(context: Context, side: Side) -> Iterator[str]:
    """Phrases that say that something was done which neither this answer nor the context did."""
    languages = side.wording.languages
    for before, sentence in pairwise(("", *side.wording.sentences)):
        if sentence.endswith("?"):
            continue
        for claim in pattern("did", languages).finditer(sentence):
            if not _is_unreal(claim, languages) and not _was_done(context, side, claim):
                yield quoted(claim.group())
        for claim in _happened(before, sentence, languages):
            if not (
                _is_unreal(claim, languages)
                or _is_reported(claim, languages)
                or _was_another(claim, languages)
                or _was_done(context, side, claim)
                or _was_read(context, side, claim)
            ):
                yield quoted(claim.group())


def _happened(before: str, sentence: str, languages: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """What a sentence says was done, by whomever; "refund issued." does, unless it has a number."""
    whole = None if _NUMBER.fullmatch(before) else pattern("headline", languages).search(sentence)
    return iter([whole]) if whole else pattern("happened", languages).finditer(sentence)


def _actions(claim: re.Match[str], languages: tuple[str, ...]) -> set[str]:
    """What a claim is about: "issued" of a refund is a refund."""
    return _named("deed", claim.group(), languages) or _named("done", claim.group(), languages)


def _named(section: str, text: str, languages: tuple[str, ...]) -> set[str]:
    return {str(match.lastgroup) for match in families(section, languages).finditer(text)}


def _is_unreal(claim: re.Match[str], languages: tuple[str, ...]) -> bool:
    """Whether what stands before a claim in its clause makes it a condition, or it is denied."""
    return (
        pattern("unless", languages).search(_clause_before(claim)) is not None
        or pattern("not", languages).search(claim.group()) is not None
    )


def _is_reported(claim: re.Match[str], languages: tuple[str, ...]) -> bool:
    """Whether it is what the customer said: "I understand that it has been cancelled"."""
    return pattern("reported", languages).search(_clause_before(claim)) is not None


def _clause_before(claim: re.Match[str]) -> str:
    return _CLAUSE_START.split(claim.string[: claim.start()])[-1]


def _was_another(claim: re.Match[str], languages: tuple[str, ...]) -> bool:
    """Whether it is said that somebody else did it: "has been cancelled by the airline"."""
    near = claim.string[claim.start() : claim.end() + _LONGEST_BY]
    return pattern("by", languages).search(near) is not None


def _was_done(context: Context, side: Side, claim: re.Match[str]) -> bool:
    tools = [call.tool for call in context.done if call.is_done_write]
    tools += [
        call.name
        for call in side.calls
        if context.checks.tools.effect_of(call.name) is Effect.WRITE
    ]
    actions = _actions(claim, side.wording.languages)
    return not actions or any(can_have_done(tool, action) for tool in tools for action in actions)


def _was_read(context: Context, side: Side, claim: re.Match[str]) -> bool:
    """Whether a tool returned that it was done, so that the answer only passes it on."""
    languages = side.wording.languages
    known = tuple(dict.fromkeys(("en", *languages)))
    told = _named("done", context.results, known)
    if _named("deed", claim.group(), languages):
        told |= _named("deed", context.results, known)
    return not told.isdisjoint(_actions(claim, languages))
