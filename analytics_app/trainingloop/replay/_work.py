"""What there is to do for a run: one question, or a result without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trainingloop.replay._chain import case_at, goes_on, turn
from trainingloop.replay._stored import Place
from trainingloop.replay.answers import FINAL, SPOKEN, AnswerState
from trainingloop.replay.candidates import body_for, cache_key, unchanged
from trainingloop.replay.errors import CandidateError
from trainingloop.replay.estimates import is_unlimited, most_tokens, most_usd
from trainingloop.replay.runs import Arm, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.prices import Price, Prices
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay.answers import Answer
    from trainingloop.replay.candidates import Candidate
    from trainingloop.replay.cases import Case
    from trainingloop.replay.runs import Run


@dataclass(slots=True, kw_only=True)
class Follow:
    """How far one arm has been followed in one case."""

    case: Case
    arm: Arm
    most_steps: int
    """How many decisions after the first it may be followed for."""
    was_final: bool = False
    """Whether its first answer was stored before, and will not be asked for again."""
    answers: list[Answer] = field(default_factory=list["Answer"])
    """What it answered so far, as stored: to the decision, and to each step after it."""
    ending: AnswerState | None = None
    """What became of the last question, where that was no answer."""
    firsts: Sequence[Answer] = ()
    """Of a repeat: what was answered first, which its answers are compared with."""
    repeated: Mapping[int, StoredAnswer] = field(default_factory=dict[int, "StoredAnswer"])
    """Of a candidate that is asked twice: what is stored of the repeats."""
    known_repeat: StoredAnswer | None = None
    """And what the first repeat was answered before."""

    @property
    def step(self) -> int:
        """The step that is asked next."""
        return len(self.answers)

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing more to ask."""
        if self.ending is not None:
            return True
        if not self.answers:
            return False
        before = case_at(self.case, self.step - 1)
        if self.step > self.most_steps or before is None:
            return True
        return not goes_on(before.recorded, self.answers[-1])

    @property
    def compared(self) -> Answer:
        """What the next answer is compared with."""
        if self.firsts:
            return self.firsts[self.step]
        asked = case_at(self.case, self.step)
        return asked.recorded if asked else self.case.recorded

    def more_messages(self) -> list[JsonObject] | None:
        """Return what the next question has behind the case's; None where a result is missing."""
        messages: list[JsonObject] = []
        for answer, step in zip(self.answers, self.case.steps, strict=False):
            said = turn(answer, step.results)
            if said is None:
                return None
            messages += said
        return messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question to a model, and what it may take."""

    body: JsonObject
    key: str
    """Names the question, wherever it is asked again."""
    most_tokens: int
    """What it can take, to be reserved in the budget."""
    most_usd: float | None
    """None where nobody knows what the model costs."""
    price: Price | None
    is_free: bool
    is_unlimited: bool = False
    """Whether nothing limits the length of its answer, so that much is reserved for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A result that takes no question."""

    state: AnswerState
    reason: str


@dataclass(slots=True, kw_only=True)
class Work:
    """One result to come."""

    place: Place
    todo: Asking | Settled
    follow: Follow | None
    """None for a decision that cannot be asked at all."""
    page: tuple[str, ...] = ()
    """The decisions that are replayed about now."""
    before: AnswerState | None = None
    """What is stored for it so far."""
    known: StoredAnswer | None = None
    """What the same question was answered before."""


class Planner:
    """Says what is to be asked in one run."""

    def __init__(self, run: Run, candidate: Candidate, prices: Prices) -> None:
        self.mode = run.options.mode
        self.floor = run.options.floor
        self._prices = prices
        self._candidate = candidate
        self._baseline = unchanged(candidate)

    def follow(self, case: Case, arm: Arm, stored: Mapping[int, StoredAnswer]) -> Follow:
        """Return how far an arm was followed, by what is stored of its steps."""
        most_steps = len(case.steps) if self.mode is Mode.CHAIN else 0
        was_final = 0 in stored and stored[0].state in FINAL
        follow = Follow(case=case, arm=arm, most_steps=most_steps, was_final=was_final)
        while (found := stored.get(follow.step)) is not None and not follow.has_ended:
            if found.state in SPOKEN:
                follow.answers.append(found.answer)
            else:
                follow.ending = found.state if found.state in FINAL else None
                break
        return follow

    def repeats(self, first: Follow) -> Iterator[Work]:
        """Yield what is to be asked of a candidate once more, after its first answers.

        Args:
            first: how those went; where there are none, nothing is compared, so nothing is asked.
        """
        follow = self.follow(first.case, Arm.REPEAT, first.repeated)
        follow.most_steps, follow.firsts = len(first.answers) - 1, first.answers
        before = first.repeated.get(follow.step)
        if not first.answers:
            state = first.ending or AnswerState.UNFIT
            place = Place(arm=Arm.REPEAT, decision_id=first.case.decision_id)
            settled = Settled(state=state, reason="the candidate gave no first answer")
            work = Work(place=place, todo=settled, follow=follow)
        elif follow.has_ended:
            return
        else:
            work = self.work(follow)
            work.known = first.known_repeat if follow.step == 0 else None
        work.before = before.state if before else None
        yield work

    def repeat_key(self, asking: Asking) -> str:
        """Return the name of a candidate's question when it is asked once more."""
        return cache_key(self._candidate, asking.body, Arm.REPEAT)

    def work(self, follow: Follow) -> Work:
        """Return the next question of an arm that has not ended."""
        place = Place(arm=follow.arm, decision_id=follow.case.decision_id, step=follow.step)
        more = follow.more_messages()
        if more is None:
            todo: Asking | Settled = Settled(
                state=AnswerState.UNFIT, reason="no result of a call was recorded"
            )
        else:
            todo = self._asking(follow, more)
        return Work(place=place, todo=todo, follow=follow)

    def _asking(self, follow: Follow, more: list[JsonObject]) -> Asking | Settled:
        who = self._baseline if follow.arm is Arm.BASELINE else self._candidate
        try:
            body = body_for(who, follow.case, more)
        except CandidateError as error:
            return Settled(state=AnswerState.UNFIT, reason=str(error))
        read, written = most_tokens(body, follow.case)
        price = self._prices.of(str(body.get("model", "")))
        return Asking(
            body=body,
            key=cache_key(who, body, follow.arm),
            most_tokens=read + written,
            most_usd=most_usd(price, read, written, is_free=who.is_local),
            price=price,
            is_free=who.is_local,
            is_unlimited=is_unlimited(body),
        )
