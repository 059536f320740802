"""What a run will take, before anything is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from trainingloop.replay._json import canonical
from trainingloop.replay._params import LIMITS
from trainingloop.replay.candidates import body_for, unchanged
from trainingloop.replay.cases import Case
from trainingloop.replay.errors import CandidateError
from trainingloop.replay.runs import Arm, Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trainingloop.prices import Price, Prices
    from trainingloop.replay.candidates import Candidate
    from trainingloop.replay.runs import Budget, Options

_CHARACTERS_A_TOKEN: Final = 4.0
"""Of JSON in English; where the recorded call says how many tokens it took, that is believed."""
_LEAST_BYTES_A_TOKEN: Final = 2.0
"""Of what tokenizers do worst, so that a budget is not exceeded by surprise."""
UNLIMITED_OUTPUT: Final = 4096
"""Tokens at least that are reserved in a budget for an answer whose length nothing limits."""
LIMITING: Final = "params: {max_tokens: 400} in the candidate sets less aside"
"""How a budget goes further."""
_LOCAL_READ_PER_S: Final = 100.0
_LOCAL_WRITTEN_PER_S: Final = 40.0
"""Of the model that comes with trainingloop, which answers one question at a time: about a third
of what two idle cores were measured to do, and twice of what they did with much else to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run will take at most, as far as the recorded calls tell."""

    decisions: int
    """That can be asked."""
    unfit: int
    """That cannot: recorded without what it takes, or the candidate does not apply to them."""
    questions: int
    """In chains the most there can be: each step that goes on as recorded is one."""
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None where a model has no price."""
    seconds: float | None
    """By the recorded calls' own times; None where those were not recorded."""
    unlimited: int
    """Questions whose answers may be of any length, so that a budget reserves much for each."""
    most_tokens: int
    """That one question may take: a budget that does not hold them ends the run before it."""
    most_usd: float | None
    """And what they would cost; None where a model has no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    model: str
    input_tokens: int
    output_tokens: int
    seconds: float
    is_unlimited: bool
    most_read: int
    most_written: int


def estimate(
    cases: Iterable[object], candidate: Candidate, options: Options, prices: Prices
) -> Estimate:
    """Return what asking ``candidate`` all of ``cases`` will take.

    Args:
        cases: of a replay set; what is no `Case` among them cannot be asked.
        candidate: who is asked.
        options: mode, noise arm and concurrency.
        prices: what tokens cost.
    """
    decisions = unfit = 0
    questions: list[_Question] = []
    for case in cases:
        found = _questions(case, candidate, options) if isinstance(case, Case) else None
        if found is None:
            unfit += 1
        else:
            decisions += 1
            questions += found
    known = {model: prices.of(model) for model in {question.model for question in questions}}
    return Estimate(
        decisions=decisions,
        unfit=unfit,
        questions=len(questions),
        input_tokens=sum(question.input_tokens for question in questions),
        output_tokens=sum(question.output_tokens for question in questions),
        cost_usd=_cost_usd(questions, known, is_free=candidate.is_local),
        seconds=_seconds(questions, 1 if candidate.is_local else options.concurrency),
        unlimited=sum(question.is_unlimited for question in questions),
        most_tokens=max((each.most_read + each.most_written for each in questions), default=0),
        most_usd=_dearest_usd(questions, known, is_free=candidate.is_local),
    )


def most_tokens(body: Mapping[str, object], case: Case) -> tuple[int, int]:
    """Return how many tokens a question and its answer may take at most, to reserve in a budget.

    An upper bound as far as one can be told without the model's own tokenizer; an answer whose
    length nothing limits is counted as the longer of 4,096 tokens and twice the recorded one.
    """
    limit = _limit(body)
    unlimited = max(UNLIMITED_OUTPUT, 2 * case.usage.output_tokens)
    read = math.ceil(len(canonical(body).encode(errors="replace")) / _LEAST_BYTES_A_TOKEN)
    return read, unlimited if limit is None else limit


def is_unlimited(body: Mapping[str, object]) -> bool:
    """Tell whether nothing limits the length of an answer."""
    return _limit(body) is None


def most_usd(price: Price | None, read: int, written: int, *, is_free: bool) -> float | None:
    """Return what a question may cost at most, None where nobody knows."""
    if is_free:
        return 0.0
    return price.cost_usd(input_tokens=read, output_tokens=written) if price else None


def _limit(body: Mapping[str, object]) -> int | None:
    limits = (body.get(name) for name in LIMITS)
    return next((value for value in limits if isinstance(value, int)), None)


def budget_notes(expected: Estimate, budget: Budget) -> list[str]:
    """Say what of a budget to know before a run: what one question reserves, and how it is less."""
    if budget.tokens is None and budget.usd is None:
        return []
    is_over = (budget.tokens is not None and expected.most_tokens > budget.tokens) or (
        budget.usd is not None and (expected.most_usd or 0.0) > budget.usd
    )
    notes: list[str] = []
    if is_over:
        notes.append(
            f"the budget is too small for the longest question: it may take up to "
            f"{expected.most_tokens:,} tokens, and the run ends before the first question that "
            "may take more than is left; give a larger budget"
        )
    if expected.unlimited:
        notes.append(
            f"of the budget {UNLIMITED_OUTPUT:,} tokens or more are set aside for each answer that "
            f"is under way, as nothing limits how long it gets ({expected.unlimited:,} of "
            f"{expected.questions:,} questions): {LIMITING}"
        )
    return notes


def _questions(case: Case, candidate: Candidate, options: Options) -> list[_Question] | None:
    """Return every question that ``case`` leads to, or None if it cannot be asked."""
    asked = _of_arm(case, candidate, options.mode)
    if asked is None or options.floor is None:
        return asked
    floor = unchanged(candidate) if options.floor is Arm.BASELINE else candidate
    # The recorded version may lack what the candidate brings, such as tools: it alone is not asked.
    return asked + (_of_arm(case, floor, options.mode) or [])


def _of_arm(case: Case, candidate: Candidate, mode: Mode) -> list[_Question] | None:
    """Return what ``candidate`` is asked of ``case``, or None if it cannot be."""
    try:
        return list(_asked(case, body_for(candidate, case), candidate, mode))
    except CandidateError:
        return None


def _asked(
    case: Case, body: Mapping[str, object], candidate: Candidate, mode: Mode
) -> Iterator[_Question]:
    read, written = _read(case, body, candidate), _written(case)
    most_read, most_written = most_tokens(body, case)
    for number in range(1 + (len(case.steps) if mode is Mode.CHAIN else 0)):
        # Each step of a chain reads what the one before it wrote, and what its tools returned.
        characters = _step_characters(case, number)
        more = math.ceil(characters / _CHARACTERS_A_TOKEN)
        yield _Question(
            model=str(body["model"]),
            input_tokens=read + more,
            output_tokens=written,
            seconds=_answer_seconds(case, candidate, read + more, written),
            is_unlimited=is_unlimited(body),
            most_read=most_read + math.ceil(characters / _LEAST_BYTES_A_TOKEN),
            most_written=most_written,
        )


def _read(case: Case, body: Mapping[str, object], candidate: Candidate) -> int:
    characters = len(canonical(body))
    if not case.usage.input_tokens:
        return math.ceil(characters / _CHARACTERS_A_TOKEN)
    return math.ceil(case.usage.input_tokens * characters / _recorded_characters(case, candidate))


def _recorded_characters(case: Case, candidate: Candidate) -> int:
    """Return how long the recorded question was."""
    recorded = unchanged(candidate)
    try:
        return len(canonical(body_for(recorded, case)))
    except CandidateError:
        # Its model or its tools were not recorded: those of the candidate stand in for them.
        known = replace(recorded, model=candidate.model, tools=candidate.tools)
        return len(canonical(body_for(known, case)))


def _written(case: Case) -> int:
    if case.usage.output_tokens:
        return case.usage.output_tokens
    calls = sum(len(call.name) + len(call.arguments) for call in case.recorded.tool_calls)
    return math.ceil((len(case.recorded.text) + calls) / _CHARACTERS_A_TOKEN) or 1


def _step_characters(case: Case, number: int) -> int:
    return sum(
        len(result.arguments) + len(result.result)
        for step in case.steps[:number]
        for result in step.results
    )


def _answer_seconds(case: Case, candidate: Candidate, read: int, written: int) -> float:
    if candidate.is_local:
        return read / _LOCAL_READ_PER_S + written / _LOCAL_WRITTEN_PER_S
    return case.usage.latency_ms / 1000


def _dearest_usd(
    questions: list[_Question], known: Mapping[str, Price | None], *, is_free: bool
) -> float | None:
    """Return what the dearest question may cost, None where a price is not known."""
    amounts = [
        most_usd(known[one.model], one.most_read, one.most_written, is_free=is_free)
        for one in questions
    ]
    told = [amount for amount in amounts if amount is not None]
    return max(told, default=0.0) if len(told) == len(amounts) else None


def _cost_usd(
    questions: list[_Question], known: Mapping[str, Price | None], *, is_free: bool
) -> float | None:
    if is_free:
        return 0.0
    total = 0.0
    for question in questions:
        price = known[question.model]
        if price is None:
            return None
        total += price.cost_usd(
            input_tokens=question.input_tokens, output_tokens=question.output_tokens
        )
    return total


def _seconds(questions: list[_Question], concurrency: int) -> float | None:
    known = [question.seconds for question in questions if question.seconds > 0]
    if not known:
        return None
    # A call whose time was not recorded is counted as an average one.
    return sum(known) / len(known) * len(questions) / concurrency
