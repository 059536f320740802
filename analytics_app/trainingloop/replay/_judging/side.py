"""One of the two answers, read once for all that is asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.replay._judging.calls import Call, calls_of
from trainingloop.replay._judging.kinds import kind_of
from trainingloop.replay._judging.wording import Wording, wording_of

if TYPE_CHECKING:
    from trainingloop.replay._judging.checks import Checks
    from trainingloop.replay._judging.judgement import Kind
    from trainingloop.replay.answers import Answer


@dataclass(frozen=True, slots=True)
class Side:
    """An answer and what it was read as."""

    answer: Answer
    kind: Kind
    calls: tuple[Call, ...]
    wording: Wording
    """Of what it says, a refusal included."""


def side_of(answer: Answer, checks: Checks) -> Side:
    """An answer, read."""
    spoken = f"{answer.text}\n{answer.refusal}" if answer.refusal else answer.text
    return Side(answer, kind_of(answer, checks), calls_of(answer), wording_of(spoken))
