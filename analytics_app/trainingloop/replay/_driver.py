"""Asks, takes answers, has them stored, and goes on: one thread, for one run."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from trainingloop.replay._asked_results import AskedResult
from trainingloop.replay._failures import Failures
from trainingloop.replay._feed import known_answers
from trainingloop.replay._work import Asking, Settled
from trainingloop.replay._writer import Outcome
from trainingloop.replay.answers import SPOKEN, Answered, AnswerState
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trainingloop.replay._asker import Asker
    from trainingloop.replay._feed import Feed
    from trainingloop.replay._ledger import Ledger
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay._tally import Tally
    from trainingloop.replay._work import Follow, Planner, Work
    from trainingloop.replay._writer import Stored, Writer

_LOOK_S: Final = 0.02
"""How long an answer may wait until it is seen, at most."""
_MOST_UNSTORED: Final = 1000
"""Results that may wait for the store before nothing more is asked."""
_MOST_RECENT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a driver works with."""

    feed: Feed
    planner: Planner
    asker: Asker
    ledger: Ledger
    writer: Writer
    tally: Tally
    reads: TenantReads
    clock: Callable[[], datetime]


class Driver:
    """Does all that is to be done for a run, one `step` after the other.

    Args:
        parts: what it works with.
        concurrency: how many questions are asked at once.
        repeats: whether the candidate is asked once more.
    """

    def __init__(self, parts: Parts, *, concurrency: int, repeats: bool) -> None:
        self._parts = parts
        self._repeats = repeats
        self._failures: defaultdict[Arm, Failures] = defaultdict(lambda: Failures(concurrency))
        self._ready: deque[Work] = deque()
        self._open: set[str] = set()
        """Keys of questions that are asked, and not stored yet."""
        self._waiting: dict[str, list[Work]] = {}
        """What waits for the answer to the same question."""
        self._recent: OrderedDict[str, Answered] = OrderedDict()
        self._unstored = 0
        self._unstored_answers = 0
        """Of these the answers to questions: what would have to be asked again."""
        self._most_answers: Final = 3 * concurrency
        self._is_cancelled = False
        self.is_over_budget = False
        """Whether a question was not asked because of the budget."""
        self._given_up: dict[Arm, Settled] = {}
        """Arms whose endpoint failed too often in a row, and what is said of the rest."""

    @property
    def has_ended(self) -> bool:
        """Whether everything is done and stored."""
        is_empty = not (self._ready or self._waiting or self._unstored)
        return is_empty and self._parts.feed.has_ended and self._parts.asker.is_idle

    @property
    def failure(self) -> Settled | None:
        """Why the candidate's endpoint is taken for one that could not be used."""
        if given_up := self._given_up.get(Arm.CANDIDATE):
            return given_up
        failures = self._failures[Arm.CANDIDATE]
        if failures.of_all is None or any(self._parts.tally.states[state] for state in SPOKEN):
            return None
        reason = f"no question of {failures.in_a_row} brought an answer"
        return Settled(state=failures.of_all, reason=reason)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way or waits to be stored."""
        return self._parts.asker.is_idle and not self._unstored

    def step(self, *, may_ask: bool) -> None:
        """Do what can be done now, waiting a moment where that is nothing.

        Raises:
            TrainingLoopError: the cases could not be read, or nothing can be asked any more.
        """
        for stored in self._parts.writer.stored():
            self._advance(stored)
        if may_ask:
            self._fill()
        is_idle = self._parts.asker.is_idle
        for outcome in self._parts.asker.take(_LOOK_S):
            if not outcome.result.is_cached:
                self._note(outcome)
            self._put(outcome)
        if is_idle:
            for stored in self._parts.writer.stored(_LOOK_S):
                self._advance(stored)

    def cancel(self) -> None:
        """Ask nothing more; what is not asked is recorded as cancelled."""
        self._is_cancelled = True

    def abandon(self) -> None:
        """Wait no longer for what is under way; it is recorded as cancelled."""
        for work in self._parts.asker.abandon():
            self._settle(work, Settled(state=AnswerState.CANCELLED, reason=""))

    def _fill(self) -> None:
        while self._unstored < _MOST_UNSTORED and (work := self._next()) is not None:
            settled = self._settled(work)
            if settled is not None:
                self._settle(work, settled)
            elif isinstance(work.todo, Asking) and not self._begin(work, work.todo):
                self._ready.appendleft(work)
                return

    def _next(self) -> Work | None:
        if not self._ready:
            self._ready.extend(self._parts.feed.take(0.0))
        return self._ready.popleft() if self._ready else None

    def _settled(self, work: Work) -> Settled | None:
        """Return what is said of a question that is not asked."""
        if isinstance(work.todo, Settled):
            return work.todo
        if self._is_cancelled:
            return Settled(state=AnswerState.CANCELLED, reason="")
        if work.known is not None or work.todo.key in self._recent:
            return None
        if self.is_over_budget:
            return Settled(state=AnswerState.OVER_BUDGET, reason="the budget was reached before it")
        return self._given_up.get(work.place.arm)

    def _begin(self, work: Work, asking: Asking) -> bool:
        """Ask a question, or find its answer; return False where that cannot be done now."""
        found = work.known or self._recent.get(asking.key)
        if found is not None:
            self._reuse(work, asking, found)
        elif asking.key in self._open:
            self._waiting.setdefault(asking.key, []).append(work)
        elif not self._has_room:
            return False
        elif refusal := self._parts.ledger.refusal(asking):
            return self._refuse(work, asking, refusal)
        else:
            self._open.add(asking.key)
            self._parts.asker.ask(work, asking)
        return True

    @property
    def _has_room(self) -> bool:
        """Whether one more question may be lost, should this process be killed."""
        asker = self._parts.asker
        return asker.has_room and asker.under_way + self._unstored_answers < self._most_answers

    def _refuse(self, work: Work, asking: Asking, refusal: str) -> bool:
        """Not ask what may take too much, once nothing under way can turn out to take less."""
        if not self._parts.ledger.can_never(asking):
            if not self._parts.asker.is_idle:
                return False
            self.is_over_budget = True
        self._settle(work, Settled(state=AnswerState.OVER_BUDGET, reason=refusal))
        return True

    def _reuse(self, work: Work, asking: Asking, found: StoredAnswer | Answered) -> None:
        """Store the answer that the same question got before; nobody is asked."""
        if isinstance(found, Answered):
            cost_usd = self._parts.ledger.cost_usd_of(asking, found.usage)
            answered = found
        else:
            cost_usd, answered = found.cost_usd, _answered(found)
        self._parts.tally.cached += 1
        self._parts.asker.show(work, answered, cost_usd, is_cached=True)

    def _settle(self, work: Work, settled: Settled) -> None:
        """Store a result that took no question."""
        answered = Answered(
            question_id="",
            state=settled.state,
            reason=settled.reason,
            attempts=0,
            asked_at=self._parts.clock(),
        )
        key = work.todo.key if isinstance(work.todo, Asking) else ""
        result = AskedResult(
            place=work.place,
            answered=answered,
            cost_usd=None,
            cache_key=key,
            is_cached=False,
            moderation=((), ()),
        )
        self._put(Outcome(work=work, result=result))

    def _put(self, outcome: Outcome) -> None:
        self._unstored += 1
        self._unstored_answers += outcome.is_answer
        self._parts.writer.put(outcome)

    def _note(self, outcome: Outcome) -> None:
        """See whether it is the endpoint that fails, so that nobody waits for the rest of a run."""
        arm, state = outcome.work.place.arm, outcome.result.answered.state
        failures = self._failures[arm]
        failures.note(state)
        if failures.are_too_many and arm not in self._given_up:
            reason = f"not asked: {failures.in_a_row} questions before it ended like this in a row"
            self._given_up[arm] = Settled(state=state, reason=reason)

    def _advance(self, stored: Stored) -> None:
        """Go on behind a result that is stored."""
        work, result = stored.outcome.work, stored.outcome.result
        state = result.answered.state
        self._unstored -= 1
        self._unstored_answers -= stored.outcome.is_answer
        self._parts.tally.store(state, work.before)
        if isinstance(work.todo, Asking):
            self._serve_waiting(work.todo.key, stored)
        follow = work.follow
        if follow is None:
            self._parts.tally.end(was_final=False)
            return
        if state in SPOKEN:
            follow.answers.append(stored.answer)
        else:
            follow.ending = state
        if follow.has_ended:
            self._end(follow, work)
        else:
            self._ready.appendleft(self._following(follow, work))

    def _serve_waiting(self, key: str, stored: Stored) -> None:
        answered = stored.outcome.result.answered
        if answered.state in SPOKEN:
            self._recent[key] = replace(answered, answer=stored.answer)
            while len(self._recent) > _MOST_RECENT:
                self._recent.popitem(last=False)
        self._open.discard(key)
        self._ready.extendleft(self._waiting.pop(key, []))

    def _end(self, follow: Follow, work: Work) -> None:
        self._parts.tally.end(was_final=follow.was_final)
        if self._repeats and follow.arm is Arm.CANDIDATE:
            for repeat in self._parts.planner.repeats(follow):
                repeat.page = work.page
                self._ready.appendleft(repeat)

    def _following(self, follow: Follow, work: Work) -> Work:
        """Return the next question of a chain."""
        following = self._parts.planner.work(follow)
        following.page = work.page
        # A question holds the answer before it: only behind a known one can it be known itself.
        if work.known is not None and isinstance(following.todo, Asking):
            key = following.todo.key
            following.known = known_answers(self._parts.reads, [key]).get(key)
        return following


def _answered(known: StoredAnswer) -> Answered:
    return Answered(
        question_id="",
        state=known.state,
        answer=known.answer,
        usage=known.usage,
        reason=known.reason,
        model=known.model,
        system_fingerprint=known.system_fingerprint,
        response_id=known.response_id,
        attempts=known.attempts,
        asked_at=known.asked_at,
    )
