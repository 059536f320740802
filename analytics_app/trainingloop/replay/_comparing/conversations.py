"""Whole conversations of two versions, compared as if one were the replay of the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trainingloop.chat import Request
from trainingloop.replay._comparing.pairs import Pair, Took
from trainingloop.replay.answers import Answer, AnswerState, ToolCall, Usage
from trainingloop.replay.cases import Case, Versions
from trainingloop.replay.errors import ReplayError
from trainingloop.replay.judgements import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.replay.checks import Checks

_SOME_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing that is said of two conversations depends on when they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All that one version said and did in a conversation."""

    task: str
    """What it was about; conversations of the same task are compared."""
    texts: tuple[str, ...] = ()
    """Of the assistant, in their order."""
    tool_calls: tuple[ToolCall, ...] = ()
    took: Took = field(default_factory=Took)
    weight: float = 1.0
    """How many tasks it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedConversations:
    """Conversations of the same tasks, as pairs of answers."""

    pairs: tuple[Pair, ...]
    alone: int
    """Tasks that only one version has."""


def paired(
    recorded: Iterable[Conversation], other: Iterable[Conversation], checks: Checks
) -> PairedConversations:
    """Judge each pair: one answer is all that was said and called in a conversation.

    Raises:
        ReplayError: a version has two conversations of one task.
    """
    before, after = _by_task(recorded), _by_task(other)
    # Who knew what at which point is gone, so that nothing can be said to go beyond it.
    unflagged = replace(checks, flags=frozenset(), own=())
    both = [(one, after[task]) for task, one in before.items() if task in after]
    return PairedConversations(
        pairs=tuple(_pair(one, two, unflagged) for one, two in both),
        alone=len(before.keys() ^ after.keys()),
    )


def _by_task(conversations: Iterable[Conversation]) -> dict[str, Conversation]:
    listed = list(conversations)
    found = {one.task: one for one in listed}
    if len(found) < len(listed):
        raise ReplayError(
            f"got {len(listed)} conversations of {len(found)} tasks: give one of each task, or"
            " name tasks that were tried several times apart"
        )
    return found


def _pair(one: Conversation, other: Conversation, checks: Checks) -> Pair:
    return Pair(
        decision_id=one.task,
        thread_id=one.task,
        state=AnswerState.OK,
        judgement=judge(_case(one), _answer(one), _answer(other), checks),
        weight=one.weight,
        recorded=one.took,
        replayed=other.took,
    )


def _case(conversation: Conversation) -> Case:
    return Case(
        decision_id=conversation.task,
        thread_id=conversation.task,
        decided_at=_SOME_TIME,
        retention_days=0,
        request=Request(messages=[], tools=[], params={}),
        recorded=_answer(conversation),
        versions=Versions(),
        usage=Usage(),
        cost_usd=None,
    )


def _answer(conversation: Conversation) -> Answer:
    return Answer(text=_joined(conversation.texts), tool_calls=conversation.tool_calls)


def _joined(texts: Sequence[str]) -> str:
    return "\n\n".join(texts)
