"""For how long an endpoint that refuses everything is asked: one question at a time, and not long.

The clock is the test's own, so that minutes take no time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from support.asking import CHAT
from support.replay_endpoint import Asked, Good, refused, replay_endpoint
from trainingloop.replay import AnswerState
from trainingloop.replay._child.calls import Caller
from trainingloop.replay._child.client import client_for
from trainingloop.replay._child.pauses import Patience, Pause
from trainingloop.replay._wire import Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.replay_endpoint import Reaction, ReplayEndpoint
    from trainingloop.replay.answers import Answered


class _Clock:
    """Shows a later time at each look."""

    def __init__(self, step_s: float = 0.0) -> None:
        self.now_s = 0.0
        self._step_s = step_s

    def __call__(self) -> float:
        self.now_s += self._step_s
        return self.now_s


def _one_by_one(endpoint: ReplayEndpoint, clock: _Clock, count: int) -> Sequence[Answered]:
    """Ask some questions, one after the other, of a process whose clock is that one."""
    opening = Opening(
        base_url=endpoint.base_url,
        api="chat",
        key="none",
        peers=(("127.0.0.1", endpoint.port),),
        places=(),
        concurrency=1,
        timeout_s=10.0,
        seed=1,
    )

    async def asked() -> list[Answered]:
        async with client_for(opening) as client:
            caller = Caller(opening, client, Pause(clock, lambda _seconds: None))
            return [await caller.answer(str(n), "answer", CHAT) for n in range(count)]

    return asyncio.run(asked())


def test_an_endpoint_that_refuses_everything_is_left_alone() -> None:
    """After two minutes without an answer, questions come back without being asked."""
    with replay_endpoint(refused(429, "rate_limit_exceeded")) as endpoint:
        first, *others = _one_by_one(endpoint, _Clock(step_s=15), 3)

    assert first.state is AnswerState.RATE_LIMITED
    assert first.reason == "the endpoint refused everything for 120 s"
    assert 1 < first.attempts == endpoint.count < 9
    assert [(other.state, other.attempts) for other in others] == [
        (AnswerState.RATE_LIMITED, 0)
    ] * 2


def test_an_answer_now_and_then_is_enough_to_go_on() -> None:
    """The two minutes begin anew with each."""

    def every_third(asked: Asked) -> Reaction:
        return Good() if asked.number % 3 == 0 else refused(429, "rate_limit_exceeded")

    with replay_endpoint(script=every_third) as endpoint:
        answers = _one_by_one(endpoint, _Clock(step_s=15), 8)

    assert {answered.state for answered in answers} == {AnswerState.OK}


def test_who_asked_before_may_still_be_answered() -> None:
    """An endpoint that is busy with long answers, and refuses more, is not given up."""
    clock = _Clock()
    pause = Pause(clock, lambda _seconds: None)

    async def refused_for_ten_minutes() -> tuple[str, str]:
        async with pause.turn() as is_probe:
            async with pause.turn() as is_other:
                pause.learn(is_served=False, is_limit=True, is_probe=is_other)
            clock.now_s = 600.0
            async with pause.turn() as is_other:
                pause.learn(is_served=False, is_limit=True, is_probe=is_other)
            while_busy = pause.given_up
            pause.learn(is_served=False, is_limit=False, is_probe=is_probe)
        return while_busy, pause.given_up

    while_busy, when_alone = asyncio.run(refused_for_ten_minutes())

    assert while_busy == ""
    assert when_alone == "the endpoint refused everything for 120 s"


def test_waits_that_bring_nothing_become_longer() -> None:
    """However short they are that the endpoint asks for."""
    pause = Pause(_Clock(), lambda _seconds: None)
    waits: list[tuple[float, float]] = []
    for _ in range(24):
        waits.append((pause.refused_wait_s(0.0, 1.0), pause.refused_wait_s(0.01, 1.0)))
        pause.learn(is_served=False, is_limit=True, is_probe=True)

    said_nothing, said_soon = zip(*waits, strict=True)
    assert said_nothing[:7] == (0.5, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
    assert said_soon[16:23] == (0.01, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
    assert pause.refused_wait_s(60.0, 1.0) == 60.0


@pytest.mark.parametrize(
    ("is_limit", "step_s", "attempts"), [(False, 0.0, 5), (True, 0.0, 40), (True, 30.0, 10)]
)
def test_a_question_is_not_asked_for_ever(is_limit: bool, step_s: float, attempts: int) -> None:
    """Five failures, forty refusals, or five minutes: what comes first."""
    patience = Patience(_Clock(step_s))

    while patience.lasts(is_limit=is_limit):
        pass

    assert patience.attempts == attempts
