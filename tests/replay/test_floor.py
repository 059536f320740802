"""A noisy endpoint, asked twice, shows its floor: from the first question to the verdict."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from support.replay_endpoint import MODEL_SERVED, Asked, Good, replay_endpoint
from support.replaying import Replaying
from support.reviewed import decided, said
from trainingloop.instrumentation import semconv
from trainingloop.replay.comparison import FloorVerdict, Level, compare_run
from trainingloop.replay.gate import check_gate, parse_condition
from trainingloop.replay.runs import Arm
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainingloop.replay.comparison import RunComparison

ANSWERS: Final = ("Until six.", "Until six.", "Until six.", "We close at seven.")
"""What the recorded version says to everything: mostly the one, by chance the other."""
DECISIONS: Final = 120


@pytest.fixture(scope="module")
def replaying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replaying]:
    """Decisions of a version that throws dice, ready to be replayed."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('floor') / 'store'}") as store:
        store.insert_spans(
            [
                decided(
                    number,
                    answered=[said("assistant", _dice(f"recorded {number}"))],
                    more={semconv.RESPONSE_MODEL: MODEL_SERVED},
                )
                for number in range(1, DECISIONS + 1)
            ]
        )
        yield Replaying(store)


@pytest.mark.parametrize("floor", [Arm.BASELINE, Arm.REPEAT])
def test_as_noisy_as_the_recorded_version_is_no_difference(
    replaying: Replaying, floor: Arm
) -> None:
    """Four of ten answers are not the recorded ones, and so it is with the second arm."""
    compared = _replayed(replaying, floor, lambda asked: _dice(_thrown(asked)))

    identical = compared.level(Level.IDENTICAL)
    assert identical.floor is not None
    assert identical.candidate.value == pytest.approx(0.625, abs=0.12)
    assert identical.floor.value == pytest.approx(0.625, abs=0.12)
    assert {one.verdict for one in compared.agreement} <= {
        FloorVerdict.AS_OFTEN,
        FloorVerdict.TOO_FEW,
    }
    assert check_gate(compared, [parse_condition("below_floor>0")]) == []


def test_a_candidate_that_differs_beyond_its_noise_is_found(replaying: Replaying) -> None:
    """The same dice, but half of what the candidate says is something else."""

    def worse(asked: Asked) -> str:
        is_candidate = asked.body["model"] == "candidate-1"
        loses = is_candidate and Random(_thrown(asked)).random() < 0.5
        return "I am not allowed to tell you that." if loses else _dice(_thrown(asked))

    compared = _replayed(replaying, Arm.BASELINE, worse)

    assert compared.level(Level.IDENTICAL).verdict is FloorVerdict.LESS_OFTEN
    assert compared.level(Level.WRITE_CALLS).verdict is FloorVerdict.AS_OFTEN
    assert len(check_gate(compared, [parse_condition("below_floor>0")])) == 1


def _replayed(replaying: Replaying, floor: Arm, answer: Callable[[Asked], str]) -> RunComparison:
    with replay_endpoint(script=lambda asked: Good(answer(asked))) as endpoint:
        # One question at a time: the dice fall by the number of the question.
        run_id = replaying.make(endpoint.base_url, floor=floor.value, concurrency=1)
        replaying.drive(run_id)
    return compare_run(replaying.reads("default"), run_id)


def _thrown(asked: Asked) -> str:
    """Which dice a question throws: the candidate's and its second arm's are others."""
    return f"{asked.number} {asked.body['model']}"


def _dice(seed: str) -> str:
    return ANSWERS[sha256(seed.encode()).digest()[0] % len(ANSWERS)]
