"""Questions under way: sent, paid for, and shown to the moderation when their answers come."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.replay._asked_results import AskedResult
from trainingloop.replay._moderation import words_of
from trainingloop.replay._work import Asking
from trainingloop.replay._writer import Outcome
from trainingloop.replay.answers import SPOKEN
from trainingloop.replay.asking import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.replay._ledger import Ledger
    from trainingloop.replay._moderation import Moderation
    from trainingloop.replay._work import Work
    from trainingloop.replay.answers import Answered
    from trainingloop.replay.asking import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """An answer whose texts are shown to the moderation."""

    work: Work
    answered: Answered
    cost_usd: float | None
    is_cached: bool
    texts: tuple[str, str]
    """What it is compared with, and itself."""


class Asker:
    """Keeps questions under way; used by one thread.

    Args:
        caller: asks them.
        ledger: what they take.
        moderation: what is said of their answers.
        concurrency: how many are asked at once. Twice as many are under way, so that the next is
            there when one ends.
    """

    def __init__(
        self, caller: Caller, ledger: Ledger, moderation: Moderation, concurrency: int
    ) -> None:
        self._caller = caller
        self._ledger = ledger
        self._moderation = moderation
        self._most: Final = 2 * concurrency
        self._asked: dict[str, Work | str] = {}
        """By their ids the questions; of one to the moderation its text."""
        self._to_show: deque[str] = deque()
        self._shown: set[str] = set()
        self._held: list[_Held] = []
        self._done: list[Outcome] = []
        self._numbers = count(1)
        self.asked = 0
        """Questions to a model so far."""

    @property
    def has_room(self) -> bool:
        """Whether one more can be asked."""
        return len(self._asked) + len(self._to_show) < self._most

    @property
    def under_way(self) -> int:
        """How many questions are under way, or shown to the moderation."""
        return len(self._asked) + len(self._held)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not (self._asked or self._held or self._done)

    @property
    def waiting_s(self) -> float:
        """For how long the endpoint wants nobody to ask."""
        return self._caller.waiting_s

    def ask(self, work: Work, asking: Asking) -> None:
        """Ask a question whose cost was looked at."""
        self._ledger.reserve(asking)
        self.asked += 1
        self._send(work, asking.body, "answer")

    def show(
        self, work: Work, answered: Answered, cost_usd: float | None, *, is_cached: bool
    ) -> None:
        """Have an answer looked at by the moderation, if that is wanted; `take` returns it."""
        recorded = words_of(work.follow.compared) if work.follow else ""
        held = _Held(
            work=work,
            answered=answered,
            cost_usd=cost_usd,
            is_cached=is_cached,
            texts=(recorded, words_of(answered.answer)),
        )
        missing = self._moderation.missing(held.texts) if answered.state in SPOKEN else []
        if not missing:
            self._done.append(self._outcome(held))
            return
        self._held.append(held)
        fresh = [text for text in missing if text not in self._shown]
        self._shown.update(fresh)
        self._to_show += fresh
        self._show_more()

    def take(self, timeout_s: float) -> list[Outcome]:
        """Return what has come to an end, waiting for something to be at most so long."""
        answered = self._caller.next(0 if self._done else timeout_s) if self._asked else None
        while answered is not None:
            self._take(answered)
            answered = self._caller.next(0) if self._asked else None
        done, self._done = self._done, []
        return done

    def abandon(self) -> list[Work]:
        """Give up what is under way; return the questions nothing is known of."""
        works = [work for work in self._asked.values() if not isinstance(work, str)]
        works += [held.work for held in self._held]
        self._asked.clear()
        self._to_show.clear()
        self._held.clear()
        return works

    def _take(self, answered: Answered) -> None:
        work = self._asked.pop(answered.question_id)
        if isinstance(work, str):
            self._shown.discard(work)
            self._moderation.learn(work, answered)
            self._let_go()
        elif isinstance(work.todo, Asking):
            is_answered = answered.state in SPOKEN
            cost_usd = self._ledger.settle(work.todo, answered.usage, is_answered=is_answered)
            self.show(work, answered, cost_usd, is_cached=False)
        self._show_more()

    def _show_more(self) -> None:
        while self._to_show and len(self._asked) < self._most:
            text = self._to_show.popleft()
            self._send(text, {"input": text}, "moderation")

    def _let_go(self) -> None:
        """Let those go of which everything is known now."""
        held, self._held = self._held, []
        for one in held:
            if self._moderation.missing(one.texts):
                self._held.append(one)
            else:
                self._done.append(self._outcome(one))
        if not self._moderation.is_on:
            self._to_show.clear()

    def _outcome(self, held: _Held) -> Outcome:
        todo = held.work.todo
        result = AskedResult(
            place=held.work.place,
            answered=held.answered,
            cost_usd=held.cost_usd,
            cache_key=todo.key if isinstance(todo, Asking) else "",
            is_cached=held.is_cached,
            moderation=self._moderation.of(held.texts),
        )
        return Outcome(work=held.work, result=result)

    def _send(
        self, what: Work | str, body: Mapping[str, object], kind: Literal["answer", "moderation"]
    ) -> None:
        question_id = f"{kind[0]}{next(self._numbers)}"
        self._caller.ask(Question(question_id=question_id, body=body, kind=kind))
        self._asked[question_id] = what
