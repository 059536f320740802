"""Invented pairs of answers for tests of comparisons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.replay import AnswerState
from trainingloop.replay.comparison import Pair
from trainingloop.replay.judgements import (
    Agreement,
    ArgumentDifference,
    Flag,
    Judgement,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

CANCELS = "cancel_reservation"
SAME = Judgement(
    agreement=Agreement.IDENTICAL,
    recorded_kind=Kind.REPLY,
    replayed_kind=Kind.REPLY,
    recorded_intent="reply",
    replayed_intent="reply",
)
OTHER_WORDS = replace(SAME, agreement=Agreement.SAME_KIND)
UNLIKE = replace(SAME, agreement=Agreement.DIFFERENT, replayed_kind=Kind.ASK, replayed_intent="ask")


def judged(before: Kind, after: Kind, agreement: Agreement | None = None) -> Judgement:
    """What is said of answers of two kinds."""
    same = Agreement.IDENTICAL if before is after else Agreement.DIFFERENT
    return Judgement(
        agreement=agreement or same,
        recorded_kind=before,
        replayed_kind=after,
        recorded_intent=before.value,
        replayed_intent=after.value,
    )


def flagged(before: Iterable[str] = (), after: Iterable[str] = ()) -> Judgement:
    """What is said of two answers that raise flags."""
    return replace(
        SAME,
        recorded_flags=tuple(Flag(name=name, evidence=f"before {name}") for name in before),
        replayed_flags=tuple(Flag(name=name, evidence=f"after {name}") for name in after),
    )


def other_write(tool: str = CANCELS, code: str = "value") -> Judgement:
    """What is said of two answers that call the same tool with other arguments."""
    return Judgement(
        agreement=Agreement.SAME_TOOLS,
        recorded_kind=Kind.TOOL_WRITE,
        replayed_kind=Kind.TOOL_WRITE,
        recorded_intent=f"tool_write:{tool}",
        replayed_intent=f"tool_write:{tool}",
        arguments=(
            ArgumentDifference(
                tool=tool, path="reservation_id", code=code, recorded='"A1"', replayed='"B2"'
            ),
        ),
    )


def same_write(tool: str = CANCELS) -> Judgement:
    """What is said of two answers that make the same call."""
    return replace(other_write(tool), agreement=Agreement.IDENTICAL, arguments=())


def pair(
    number: int,
    judgement: Judgement | None = SAME,
    floor: Judgement | None = None,
    *,
    thread: int | None = None,
    state: AnswerState = AnswerState.OK,
    weight: float = 1.0,
    step: int = 0,
) -> Pair:
    """One decision, of a conversation of its own unless ``thread`` says otherwise."""
    return Pair(
        decision_id=f"{number:016x}",
        thread_id=f"t-{number if thread is None else thread}",
        state=state,
        judgement=judgement,
        step=step,
        weight=weight,
        floor_state=AnswerState.OK if floor else None,
        floor=floor,
    )


def pairs(
    count: int, judgement: Judgement, floor: Judgement | None = None, *, at: int = 0
) -> list[Pair]:
    """Several decisions of which the same is said."""
    return [pair(at + number, judgement, floor) for number in range(count)]
