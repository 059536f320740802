"""A running process that asks, and what tests do with it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.replay.asking import Caller, Question, open_caller
from trainingloop.replay.endpoints import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from support.replay_endpoint import Reaction, ReplayEndpoint
    from trainingloop.replay import Answered

KEY: Final = "sk-invented-for-this-test"
CHAT: Final[dict[str, object]] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
WITHIN_S: Final = 20.0
"""Longer than anything takes on a busy machine."""


class Desk:
    """One running process, and the endpoint it asks; the script is changed for each test."""

    def __init__(self, endpoint: ReplayEndpoint, caller: Caller) -> None:
        self.endpoint = endpoint
        self.caller = caller
        self._number = 0

    def asked(
        self,
        body: dict[str, object] | None = None,
        kind: Literal["answer", "moderation"] = "answer",
    ) -> Answered:
        """Ask one question and return what came of it."""
        self._number += 1
        self.caller.ask(Question(question_id=str(self._number), body=body or CHAT, kind=kind))
        answered = self.caller.next(WITHIN_S)
        assert answered is not None
        return answered


class Changeable:
    """A script that each test sets anew."""

    def __init__(self) -> None:
        self.reactions: list[Reaction] = []

    def __call__(self, _asked: object) -> Reaction:
        """React by the next of them; the last is repeated."""
        return self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]


@contextmanager
def opened(
    endpoint: ReplayEndpoint,
    *,
    api: Literal["chat", "responses"] = "chat",
    concurrency: int = 4,
    timeout_s: float = 10.0,
) -> Generator[Caller]:
    """Run a process that asks this endpoint."""
    place = Endpoint(base_url=endpoint.base_url, api=api)
    with open_caller(place, KEY, concurrency=concurrency, timeout_s=timeout_s) as caller:
        yield caller


def until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so, with a bound."""
    end = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)
