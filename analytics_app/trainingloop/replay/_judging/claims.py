"""What an answer says was done that nobody did."""

from __future__ import annotations

import re
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
_CLAUSE_START: Final = re.compile(
    r"[:;()\u2013\u2014]|\b(?:and|but|y|pero|und|aber|et|mais|e|ma|mas)\b"
)


def baseless_claims(context: Context, side: Side) -> Iterator[str]:
    """Phrases that say that something was done which neither this answer nor the context did."""
    languages = side.wording.languages
    for sentence in side.wording.sentences:
        if sentence.endswith("?"):
            continue
        for claim in pattern("did", languages).finditer(sentence):
            if not _is_unreal(claim, languages) and not _was_done(context, side, claim):
                yield quoted(claim.group())
        for claim in pattern("happened", languages).finditer(sentence):
            if not (
                _is_unreal(claim, languages)
                or _was_another(claim, languages)
                or _was_done(context, side, claim)
                or _was_read(context, side, claim)
            ):
                yield quoted(claim.group())


def _actions(claim: re.Match[str], languages: tuple[str, ...]) -> set[str]:
    return {str(done.lastgroup) for done in families("done", languages).finditer(claim.group())}


def _is_unreal(claim: re.Match[str], languages: tuple[str, ...]) -> bool:
    """Whether what stands before a claim in its clause makes it a condition, or it is denied."""
    clause = _CLAUSE_START.split(claim.string[: claim.start()])[-1]
    return (
        pattern("unless", languages).search(clause) is not None
        or pattern("not", languages).search(claim.group()) is not None
    )


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
    told = families("done", tuple(dict.fromkeys(("en", *side.wording.languages))))
    actions = _actions(claim, side.wording.languages)
    return any(done.lastgroup in actions for done in told.finditer(context.results))
