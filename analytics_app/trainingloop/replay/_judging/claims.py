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

_CLAUSE_START: Final = re.compile(
    r"[:;()\u2013\u2014]|\b(?:and|but|y|pero|und|aber|et|mais|e|ma|mas)\b"
)


def baseless_claims(context: Context, side: Side) -> Iterator[str]:
    """Phrases that say that something was done which neither this answer nor the context did."""
    languages = side.wording.languages
    claims, done = pattern("claim", languages), families("done", languages)
    for sentence in side.wording.sentences:
        if sentence.endswith("?"):
            continue
        for claim in claims.finditer(sentence):
            if _is_unreal(sentence[: claim.start()], claim.group(), languages):
                continue
            actions = {str(match.lastgroup) for match in done.finditer(claim.group())}
            if actions and not any(_was_done(context, side, action) for action in actions):
                yield quoted(claim.group())


def _is_unreal(before: str, claim: str, languages: tuple[str, ...]) -> bool:
    """Whether what stands before a claim in its clause makes it a condition, or it is denied."""
    clause = _CLAUSE_START.split(before)[-1]
    return (
        pattern("unless", languages).search(clause) is not None
        or pattern("not", languages).search(claim) is not None
    )


def _was_done(context: Context, side: Side, action: str) -> bool:
    tools = [call.tool for call in context.done if call.is_done_write]
    tools += [
        call.name
        for call in side.calls
        if context.checks.tools.effect_of(call.name) is Effect.WRITE
    ]
    return any(can_have_done(tool, action) for tool in tools)
