"""Asks a model which of two answers is better: every pair twice, each answer once read first.

It is asked through the same guarded process as a candidate, so that a judge can act no more than
one. What it says never decides: docs/replay-comparison.md says what it counts for.
"""

from __future__ import annotations

import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._failures import Failures
from trainingloop.replay._judge_question import ANSWER_TOKENS, ORDERS, QUESTION_VERSION, AskedPair
from trainingloop.replay._ledger import Ledger
from trainingloop.replay._work import Asking
from trainingloop.replay.answers import SPOKEN, Answer, AnswerState, ToolCall
from trainingloop.replay.asking import Question, open_caller
from trainingloop.replay.candidates import candidate_from
from trainingloop.replay.cases import Case
from trainingloop.replay.errors import RunError
from trainingloop.replay.judges import JudgeReport, judge_reports
from trainingloop.replay.preferences import Choice, preferences_of
from trainingloop.replay.runs import Options, run_of
from trainingloop.replay.sets import cases_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from trainingloop.prices import Price, Prices
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.answers import Answered
    from trainingloop.replay.asking import Caller
    from trainingloop.replay.driving import OpensCaller, ReplayWorkspace
    from trainingloop.replay.endpoints import Endpoint
    from trainingloop.replay.runs import Run

_MOST_REASON: Final = 2_000
_CHARACTERS_PER_TOKEN: Final = 3
_PAUSE_S: Final = 0.5
DEFAULTS: Final = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeModel:
    """Who judges."""

    endpoint: Endpoint
    model: str

    @property
    def name(self) -> str:
        """The model and the version of the question: what its preferences are stored under."""
        return f"{self.model}/{QUESTION_VERSION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSummary:
    """How asking a judge went."""

    asked: int
    """Questions asked now; what was answered before is not asked again."""
    unusable: int
    """Questions that brought no preference: an error, or an answer of another form."""
    not_asked: int
    """Questions left out: the budget would not have held, or the endpoint was given up."""
    given_up: AnswerState | None
    """How question after question ended, so that the rest was not asked; None if it was."""
    report: JudgeReport | None
    """All it ever said of the run."""


def ask_judge(
    workspace: ReplayWorkspace,
    tenant: str,
    run_id: str,
    judge: JudgeModel,
    *,
    key: str,
    prices: Prices,
    options: Options = DEFAULTS,
    ask: OpensCaller = open_caller,
    on_progress: Callable[[int, int], None] | None = None,
) -> JudgeSummary:
    """Ask a judge about every pair of a run that differs, and store what it prefers.

    An endpoint that fails as often in a row as one of a run may is asked no more.

    Args:
        workspace: the doors to the store.
        tenant: whose run it is.
        run_id: the run.
        judge: who is asked.
        key: the key of its endpoint; it is handed to the asking process and kept nowhere.
        prices: what tokens cost.
        options: its budget, concurrency and time-out.
        ask: opens the process that asks.
        on_progress: told how many questions of how many are done.

    Raises:
        RunError: there is no such run, or its budget is in money and the model has no price.
        EndpointError: the endpoint cannot be used.
    """
    price = prices.of(judge.model)
    if options.budget.usd is not None and price is None:
        raise RunError(
            f"a budget in money needs the price of {judge.model!r}: add it to the price list, or "
            "set the budget in tokens"
        )
    reads = workspace.reads(tenant)
    run = run_of(reads, run_id)
    questions = list(_questions(reads, run, judge))
    judging = _Judging(judge, price, options)
    with ask(
        judge.endpoint, key, concurrency=options.concurrency, timeout_s=options.timeout_s
    ) as caller:
        for preference in judging.preferences(questions, caller):
            if preference:
                said = {"tenant": tenant, "run_id": run.run_id, **preference}
                workspace.act("replay/preferences", said)
            if on_progress:
                on_progress(judging.done, len(questions))
    reports = judge_reports(preferences_of(reads, run.run_id))
    return JudgeSummary(
        asked=judging.done,
        unusable=judging.unusable,
        not_asked=len(questions) - judging.done,
        given_up=judging.given_up,
        report=next((one for one in reports if one.judge == judge.name), None),
    )


class _Judging:
    """Questions under way, never more than the budget and the endpoint bear."""

    def __init__(self, judge: JudgeModel, price: Price | None, options: Options) -> None:
        self.done = 0
        self.unusable = 0
        self._judge = judge
        self._price = price
        self._concurrency = options.concurrency
        self._failures = Failures(options.concurrency)
        self._ledger = Ledger(options.budget, tokens=0, cost_usd=0.0)
        self._under_way: dict[str, tuple[AskedPair, Asking]] = {}

    @property
    def given_up(self) -> AnswerState | None:
        """How the last question ended, where too many have failed in a row."""
        return self._failures.last if self._failures.are_too_many else None

    def preferences(
        self, questions: Iterable[AskedPair], caller: Caller
    ) -> Iterator[Mapping[str, object]]:
        """Yield each answer as a preference, or as nothing where it is none."""
        waiting = deque(questions)
        self._fill(waiting, caller)
        while self._under_way and not self.given_up:
            answered = caller.next(_PAUSE_S)
            if answered is None:
                continue
            asked, asking = self._under_way.pop(answered.question_id)
            is_answered = answered.state in SPOKEN
            cost_usd = self._ledger.settle(asking, answered.usage, is_answered=is_answered)
            preference = _preference(answered, asked, self._judge, cost_usd)
            self._failures.note(answered.state)
            self.done += 1
            self.unusable += not preference
            yield preference
            self._fill(waiting, caller)

    def _fill(self, waiting: deque[AskedPair], caller: Caller) -> None:
        while waiting and len(self._under_way) < self._concurrency:
            asking = _asking(waiting[0], self._judge.model, self._price)
            if self._ledger.refusal(asking):
                return
            asked = waiting.popleft()
            self._ledger.reserve(asking)
            self._under_way[asking.key] = asked, asking
            caller.ask(Question(question_id=asking.key, body=asking.body))


def _asking(asked: AskedPair, model: str, price: Price | None) -> Asking:
    """Return the question of a pair, and what it may take."""
    body = asked.body(model)
    read = len(json.dumps(body)) // _CHARACTERS_PER_TOKEN
    return Asking(
        body=body,
        key=asked.number,
        most_tokens=read + ANSWER_TOKENS,
        most_usd=price.cost_usd(input_tokens=read, output_tokens=ANSWER_TOKENS) if price else None,
        price=price,
        is_free=False,
    )


def _questions(reads: TenantReads, run: Run, judge: JudgeModel) -> Iterator[AskedPair]:
    """Yield what was not asked yet, a pair's two orders one after the other."""
    said = {
        (one.decision_id, one.shown_first)
        for one in preferences_of(reads, run.run_id)
        if one.source == "judge" and one.judge == judge.name
    }
    replayed = {
        str(row["decision_id"]): _answer(row)
        for row in reads.table("replay_answers_to_judge", {"run": run.run_id}).records()
    }
    if not replayed:
        return
    candidate = candidate_from(run.candidate)
    pages = cases_of(reads, run.set_id, with_steps=False, decisions=sorted(replayed))
    for case in (case for page in pages for case in page if isinstance(case, Case)):
        for shown_first in ORDERS:
            if (case.decision_id, shown_first) not in said:
                answer = replayed[case.decision_id]
                yield AskedPair(
                    case=case, candidate=candidate, replayed=answer, shown_first=shown_first
                )


def _answer(row: Mapping[str, object]) -> Answer:
    calls = cast("list[dict[str, str]]", json.loads(str(row["tool_calls"]) or "[]"))
    return Answer(
        text=str(row["text"]),
        refusal=str(row["refusal"]),
        tool_calls=tuple(
            ToolCall(name=call["name"], arguments=call["arguments"], call_id=call.get("id", ""))
            for call in calls
        ),
    )


def _preference(
    answered: Answered, asked: AskedPair, judge: JudgeModel, cost_usd: float | None
) -> dict[str, object]:
    """Return the document of a preference, or an empty one where the answer is none."""
    choice, reason = _choice(answered, asked)
    if choice is None:
        return {}
    return {
        "decision_id": asked.case.decision_id,
        "source": "judge",
        "judge": judge.name,
        "shown_first": asked.shown_first,
        "choice": choice.value,
        "reason": reason,
        "input_tokens": answered.usage.input_tokens,
        "output_tokens": answered.usage.output_tokens,
        "cost_usd": cost_usd,
    }


def _choice(answered: Answered, asked: AskedPair) -> tuple[Choice | None, str]:
    said: object = None
    if answered.state is AnswerState.OK:
        with suppress(ValueError, RecursionError):
            said = json.loads(answered.answer.text)
    if not isinstance(said, dict):
        return None, ""
    words = cast("dict[str, object]", said)
    first = Choice(asked.shown_first)
    second = Choice.REPLAYED if first is Choice.RECORDED else Choice.RECORDED
    choices = {"first": first, "second": second, "tie": Choice.TIE}
    reason = str(words.get("reason", ""))[:_MOST_REASON]
    # JSON can write half characters by escapes, and nothing can store them.
    return choices.get(str(words.get("better"))), reason.encode(errors="replace").decode()
