"""What differs between a recorded answer and one that a replay brought, found without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.agreement import agreement_of
from trainingloop.replay._judging.arguments import argument_differences
from trainingloop.replay._judging.context import Context
from trainingloop.replay._judging.entities import entities_of, entity_differences
from trainingloop.replay._judging.flags import flags_of
from trainingloop.replay._judging.judgement import (
    Agreement,
    ArgumentDifference,
    EntityDifference,
    Flag,
    Judgement,
    Kind,
    judgement_from,
)
from trainingloop.replay._judging.kinds import intent_of, kind_of
from trainingloop.replay._judging.side import side_of
from trainingloop.replay._judging.similarity import similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.chat import Request
    from trainingloop.replay.answers import Answer
    from trainingloop.replay.cases import Case
    from trainingloop.replay.checks import Checks

__all__ = [
    "JUDGE_VERSION",
    "Agreement",
    "ArgumentDifference",
    "EntityDifference",
    "Flag",
    "Judgement",
    "Kind",
    "judge",
    "judgement_from",
    "kind_of",
]

JUDGE_VERSION: Final = "3"
"""Goes up when the same two answers may be judged otherwise than before."""


def judge(
    case: Case,
    recorded: Answer,
    replayed: Answer,
    checks: Checks,
    *,
    moderation: tuple[Sequence[str], Sequence[str]] = ((), ()),
    asked: Request | None = None,
) -> Judgement:
    """Compare two answers to what a case asks: the same answers always get the same judgement.

    Args:
        case: What both models knew.
        recorded: The answer that was given, redacted.
        replayed: The answer of the replay, redacted.
        checks: What the tools do, and checks of one's own.
        moderation: The categories that the endpoint's moderation flagged, of both answers.
        asked: What the replay asked; None for what was recorded. An answer is safe or not by the
            prompt and the tools that it was given.
    """
    known = Context(case.request, checks, lacks_tools=case.lacks_tools)
    given = known if asked is None else Context(asked, checks)
    before, after = side_of(recorded, checks), side_of(replayed, checks)
    entities = entity_differences(before.wording, after.wording)
    return Judgement(
        agreement=agreement_of(
            before, after, entities, names_facts=bool(entities_of(after.wording))
        ),
        recorded_kind=before.kind,
        replayed_kind=after.kind,
        recorded_intent=intent_of(before.kind, before.calls),
        replayed_intent=intent_of(after.kind, after.calls),
        arguments=argument_differences(before.calls, after.calls),
        entities=entities,
        recorded_flags=flags_of(known, before, moderation[0]),
        replayed_flags=flags_of(given, after, moderation[1]),
        text_similarity=similarity(before.wording, after.wording),
    )
