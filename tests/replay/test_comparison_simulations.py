"""What verdicts beside a floor promise, tried on invented runs of known truth.

Each seed is fixed, so a run tells the same every time; docs/replay-comparison.md has the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from replay.compared import judged, pair
from trainingloop.replay.comparison import FloorVerdict, Level, compare_pairs
from trainingloop.replay.judgements import Kind
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trainingloop.replay.comparison import Pair, RunComparison

RUNS: Final = 200
ANSWERS: Final = (Kind.REPLY, Kind.ASK, Kind.DENY, Kind.ESCALATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A version of an assistant that throws dice."""

    strays: float
    """How often it answers otherwise than it mostly does."""
    loses: float = 0.0
    """How often it answers otherwise for good."""


NOISY: Final = Endpoint(strays=0.15)


def answered(
    rng: np.random.Generator, endpoint: Endpoint, difficulty: NDArray[np.float64]
) -> list[Kind]:
    """Answer each decision; those of a hard conversation stray more often."""
    strays = rng.random(len(difficulty)) < endpoint.strays * difficulty
    loses = rng.random(len(difficulty)) < endpoint.loses
    others = rng.integers(1, len(ANSWERS), len(difficulty))
    return [
        ANSWERS[other] if strayed or lost else ANSWERS[0]
        for strayed, lost, other in zip(strays, loses, others, strict=True)
    ]


def run(
    rng: np.random.Generator,
    candidate: Endpoint,
    *,
    floor: Arm,
    decisions: int = 200,
    per_conversation: int = 2,
) -> RunComparison:
    """Replay decisions of a noisy version with a candidate and a second arm."""
    conversations = np.arange(decisions) // per_conversation
    # Half of all conversations are hard: chance comes in clusters.
    difficulty = np.where(rng.random(decisions) < 0.5, 0.2, 1.8)[conversations]
    recorded = answered(rng, NOISY, difficulty)
    first = answered(rng, candidate, difficulty)
    again = answered(rng, NOISY if floor is Arm.BASELINE else candidate, difficulty)
    compared = recorded if floor is Arm.BASELINE else first
    pairs = _pairs(conversations.tolist(), recorded, first, compared, again)
    return compare_pairs(pairs, floor=floor)


@pytest.mark.parametrize("floor", [Arm.BASELINE, Arm.REPEAT])
@pytest.mark.parametrize("per_conversation", [1, 5])
def test_a_version_against_itself_raises_no_alarm(floor: Arm, per_conversation: int) -> None:
    """In 5 % of runs at most any verdict tells a noisy version from itself."""
    rng = np.random.default_rng(11)

    alarms = sum(
        _alarmed(run(rng, NOISY, floor=floor, per_conversation=per_conversation))
        for _ in range(RUNS)
    )

    assert alarms / RUNS <= 0.05


def test_without_a_floor_chance_looks_like_a_loss() -> None:
    """The same runs agree with what was recorded in three of four decisions only."""
    rng = np.random.default_rng(12)

    shares = [
        run(rng, NOISY, floor=Arm.BASELINE).level(Level.SAME_KIND).candidate.value
        for _ in range(50)
    ]

    assert np.mean([share or 0 for share in shares]) == pytest.approx(0.75, abs=0.03)


def test_a_real_loss_is_found() -> None:
    """A candidate that decides a quarter of all decisions otherwise, in nine of ten runs."""
    rng = np.random.default_rng(13)
    worse = Endpoint(strays=0.15, loses=0.25)

    found = sum(
        run(rng, worse, floor=Arm.BASELINE, decisions=300).level(Level.SAME_KIND).verdict
        is FloorVerdict.LESS_OFTEN
        for _ in range(100)
    )

    assert found >= 90


def test_as_often_is_rarely_said_of_a_loss() -> None:
    """A candidate that is fifteen points below the floor is taken for its equal in few runs."""
    rng = np.random.default_rng(14)
    worse = Endpoint(strays=0.15, loses=0.2)

    mistaken = sum(
        run(rng, worse, floor=Arm.BASELINE).level(Level.SAME_KIND).verdict is FloorVerdict.AS_OFTEN
        for _ in range(100)
    )

    assert mistaken <= 5


def _alarmed(compared: RunComparison) -> bool:
    adjusted = [
        *(one.adjusted_p for one in compared.agreement),
        compared.safety.adjusted_p,
        compared.escalations.adjusted_p,
        compared.kinds.adjusted_p,
    ]
    verdicts = {one.verdict for one in compared.agreement}
    is_sure = any(p is not None and p < 0.05 for p in adjusted)
    return is_sure or bool(verdicts & {FloorVerdict.LESS_OFTEN, FloorVerdict.MORE_OFTEN})


def _pairs(
    conversations: list[int],
    recorded: Sequence[Kind],
    first: Sequence[Kind],
    compared: Sequence[Kind],
    again: Sequence[Kind],
) -> list[Pair]:
    said = {(one, other): judged(one, other) for one in ANSWERS for other in ANSWERS}
    columns = zip(conversations, recorded, first, compared, again, strict=True)
    return [
        pair(number, said[was, now], said[before, after], thread=conversation)
        for number, (conversation, was, now, before, after) in enumerate(columns)
    ]
