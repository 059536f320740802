"""What a run will take, told before anything is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from trainingloop.chat import Request
from trainingloop.prices import Price, Prices
from trainingloop.replay import Answer, Case, Step, ToolCall, ToolResult, Usage, Versions
from trainingloop.replay.candidates import candidate_from
from trainingloop.replay.cases import UnfitCase
from trainingloop.replay.estimates import Estimate, estimate, most_tokens
from trainingloop.replay.runs import Arm, Mode, Options

if TYPE_CHECKING:
    from trainingloop.replay.candidates import Candidate

AT = datetime(2026, 11, 1, tzinfo=UTC)
PRICES = Prices(
    entries=(
        Price(model="small", input_usd=1, cached_input_usd=1, output_usd=10),
        Price(model="gpt-4o", input_usd=2, cached_input_usd=2, output_usd=20),
    )
)
CASE = Case(
    decision_id="00f067aa0ba902b7",
    thread_id="thread-1",
    decided_at=AT,
    retention_days=30,
    request=Request(
        messages=[
            {"role": "system", "content": "You are the front desk."},
            {"role": "user", "content": "Are you free on Friday?"},
        ],
        tools=[],
        params={},
    ),
    recorded=Answer(tool_calls=(ToolCall(name="find_slots", arguments="{}", call_id="c"),)),
    versions=Versions(request_model="gpt-4o"),
    usage=Usage(input_tokens=1000, output_tokens=100, latency_ms=2000),
    cost_usd=None,
)
UNFIT = UnfitCase(
    decision_id="00f067aa0ba902b8",
    thread_id="thread-1",
    decided_at=AT,
    retention_days=30,
    stratum="",
    weight=1,
    reason="cut_off",
)


def saying(**document: object) -> Candidate:
    """Return a candidate that says this."""
    return candidate_from({"base_url": "https://models.example/v1", **document})


def estimated(
    *cases: object, candidate: Candidate | None = None, options: Options | None = None
) -> Estimate:
    """Return the estimate for cases; the recorded model is asked unless one is named."""
    return estimate(cases, candidate or saying(), options or Options(concurrency=1), PRICES)


def test_what_the_recorded_call_took_is_expected_again() -> None:
    """A tokenizer of the model's own is not at hand, and not needed."""
    found = estimated(CASE, CASE)

    assert found == Estimate(
        decisions=2,
        unfit=0,
        questions=2,
        input_tokens=2000,
        output_tokens=200,
        cost_usd=cast("float", pytest.approx(2 * (1000 * 2 + 100 * 20) / 1e6)),
        seconds=cast("float", pytest.approx(4)),
        unlimited=2,
        most_tokens=found.most_tokens,
        most_usd=found.most_usd,
    )


def test_a_longer_prompt_takes_more() -> None:
    """In proportion to the characters of the request."""
    short, long = saying(system="a" * 1000), saying(system="a" * 10000)

    assert estimated(CASE, candidate=long).input_tokens > 5 * (
        estimated(CASE, candidate=short).input_tokens
    )


def test_where_nobody_counted_tokens_characters_tell() -> None:
    """About four are one."""
    case = replace(CASE, usage=Usage())

    found = estimated(case)

    assert 20 < found.input_tokens < 60
    assert 1 <= found.output_tokens < 10
    assert found.seconds is None


def test_the_noise_arm_asks_everything_twice() -> None:
    """The recorded version is asked at its own price."""
    candidate = saying(model="small")

    alone = estimated(CASE, candidate=candidate)
    repeat = estimated(CASE, candidate=candidate, options=Options(floor=Arm.REPEAT, concurrency=1))
    baseline = estimated(
        CASE, candidate=candidate, options=Options(floor=Arm.BASELINE, concurrency=1)
    )

    assert (alone.questions, repeat.questions, baseline.questions) == (1, 2, 2)
    assert alone.cost_usd == pytest.approx(0.002, rel=0.1)
    assert repeat.cost_usd == pytest.approx(0.004, rel=0.1)
    assert baseline.cost_usd == pytest.approx(0.006, rel=0.1)


def test_each_step_of_a_chain_may_be_asked() -> None:
    """And reads what the tools returned before it."""
    results = (ToolResult(name="find_slots", arguments="{}", result="x" * 4000),)
    steps = (
        Step(decision_id="a" * 16, recorded=Answer(text="09:30"), results=results),
        Step(decision_id="b" * 16, recorded=Answer(text="14:00"), results=results),
    )
    case = replace(CASE, steps=steps)

    prefix = estimated(case)
    chain = estimated(case, options=Options(mode=Mode.CHAIN, concurrency=1))

    assert (prefix.questions, chain.questions) == (1, 3)
    assert chain.input_tokens == pytest.approx(3 * 1000 + 3 * 1000, rel=0.05)


def test_what_cannot_be_asked_is_counted_apart() -> None:
    """Recorded without what it takes, or not what the candidate is about."""
    candidate = saying(system={"patch": [{"find": "nowhere", "replace": ""}]})

    assert estimated(UNFIT, CASE).unfit == 1
    assert estimated(UNFIT, CASE, candidate=candidate) == Estimate(
        decisions=0,
        unfit=2,
        questions=0,
        input_tokens=0,
        output_tokens=0,
        cost_usd=0.0,
        seconds=None,
        unlimited=0,
        most_tokens=0,
        most_usd=0.0,
    )


def test_a_candidate_with_tools_is_asked_what_was_recorded_without_them() -> None:
    """The recorded version cannot be asked again then; it is its arm alone that is missing."""
    tool = {"name": "find_slots", "parameters": {"type": "object"}}
    candidate = saying(model="small", tools={"replace": [tool]})
    lacking = replace(CASE, lacks_tools=True)

    repeat = estimated(
        lacking, candidate=candidate, options=Options(floor=Arm.REPEAT, concurrency=1)
    )
    baseline = estimated(
        lacking, candidate=candidate, options=Options(floor=Arm.BASELINE, concurrency=1)
    )

    assert (repeat.decisions, repeat.unfit, repeat.questions) == (1, 0, 2)
    assert repeat.input_tokens == pytest.approx(2 * 1000, rel=0.05)
    assert (baseline.decisions, baseline.unfit, baseline.questions) == (1, 0, 1)


def test_a_model_without_a_price_costs_nobody_knows_what() -> None:
    """Not nothing."""
    assert estimated(CASE, candidate=saying(model="unheard-of")).cost_usd is None


def test_several_questions_at_once_take_less_time() -> None:
    """A call whose time nobody recorded counts as an average one."""
    silent = replace(CASE, usage=Usage(input_tokens=1000, output_tokens=100))

    found = estimated(CASE, CASE, silent, silent, options=Options(concurrency=4))

    assert found.seconds == pytest.approx(2)


def test_the_local_model_costs_nothing_and_takes_one_question_at_a_time() -> None:
    """It is as slow as it is: a long prompt takes seconds."""
    local = candidate_from({"endpoint": "local"})

    found = estimated(CASE, CASE, candidate=local, options=Options(concurrency=8))

    assert found.cost_usd == 0.0
    assert found.seconds == pytest.approx(2 * (1000 / 100 + 100 / 40), rel=0.1)


def test_the_longest_question_is_what_a_budget_has_to_hold() -> None:
    """With the longest answer it may get, and at its price."""
    longer = replace(CASE, usage=Usage(output_tokens=9000))

    found = estimated(CASE, longer)
    limited = estimated(CASE, longer, candidate=saying(params={"max_tokens": 50}))
    unknown = estimated(CASE, candidate=saying(model="nobody-knows"))

    assert (found.unlimited, limited.unlimited) == (2, 0)
    assert 18_000 < found.most_tokens < 18_120
    assert 50 < limited.most_tokens < 170
    assert found.most_usd == pytest.approx(18_000 * 20 / 1e6, rel=0.01)
    assert unknown.most_usd is None


def test_a_budget_reserves_more_than_a_question_takes() -> None:
    """Or the last one would exceed it."""
    body = {"model": "m", "messages": CASE.request.messages}

    limited = most_tokens({**body, "max_completion_tokens": 50}, CASE)
    unlimited = most_tokens(body, CASE)
    talkative = most_tokens(body, replace(CASE, usage=Usage(output_tokens=9000)))

    assert limited[1] == 50
    assert 40 < unlimited[0] < limited[0] < 120
    assert unlimited[1] == 4096
    assert talkative[1] == 18000
