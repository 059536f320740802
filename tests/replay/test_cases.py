"""A case is what was recorded: what was known, what was answered, and what followed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, cast

import pytest

from support.replay_sets import freeze, ids, loaded
from support.reviewed import SYSTEM, TOOL, asked_for, decided, returned, said
from trainingloop.chat import Request
from trainingloop.instrumentation import semconv
from trainingloop.prices import Price, Prices
from trainingloop.replay import Answer, Case, Step, ToolCall, ToolResult, Usage, Versions
from trainingloop.replay.cases import UnfitCase, explained
from trainingloop.replay.sets import PAGE_CASES, cases_of
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.store import SpanRow, Store

_QUESTION = said("user", "A table for two")
_PRICES = Prices(
    entries=(Price(model="demo-large", input_usd=1, cached_input_usd=0.5, output_usd=10),)
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store the tests share: each records for a tenant of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('cases') / 'store'}") as opened:
        yield opened


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> str:
    """A tenant that no other test has."""
    name: str = request.node.name
    return f"t-{sha256(name.encode()).hexdigest()[:24]}"


def _cases(
    store: Store,
    tenant: str,
    *rows: SpanRow,
    with_steps: bool = False,
    prices: Prices | None = None,
) -> list[Case | UnfitCase]:
    store.insert_spans(rows)
    frozen = freeze(store, tenant)
    return loaded(store, frozen, tenant, with_steps=with_steps, prices=prices)


def _only(cases: Sequence[Case | UnfitCase]) -> Case:
    (case,) = cases
    assert isinstance(case, Case)
    return case


def _by_number(cases: Sequence[Case | UnfitCase]) -> dict[int, Case]:
    return {int(case.decision_id, 16): case for case in cases if isinstance(case, Case)}


# --- What was recorded ------------------------------------------------------------------------
def test_a_decision_is_loaded_with_all_it_takes_to_ask_again(store: Store, tenant: str) -> None:
    """And with what it ran, took and cost, to compare."""
    more = {
        semconv.CONVERSATION_ID: "c-1",
        semconv.CHANNEL: "web",
        semconv.PROVIDER_NAME: "openai",
        semconv.RESPONSE_MODEL: "demo-large-2026",
        semconv.PROMPT_NAME: "host",
        semconv.PROMPT_VERSION: "7",
        semconv.PROMPT_HASH: "p",
        semconv.PLAYBOOK_ID: "booking",
        semconv.PLAYBOOK_VERSION: "3.2",
        semconv.PLAYBOOK_HASH: "b",
        semconv.PLAYBOOK_SETTINGS: '{"tone": "kind"}',
        semconv.TOOLS_HASH: "t",
        semconv.CODE_VERSION: "1.0",
        semconv.FINISH_REASONS: '["stop"]',
        semconv.INPUT_TOKENS: "100",
        semconv.OUTPUT_TOKENS: "20",
        semconv.CACHE_READ_TOKENS: "40",
        semconv.REASONING_TOKENS: "5",
        semconv.COST_USD: "0.25",
    }
    row = decided(1, tenant=tenant, tools=[TOOL], params={"temperature": 0}, more=more)

    (case,) = _cases(store, tenant, row)

    function = {name: value for name, value in TOOL.items() if name != "type"}
    assert case == Case(
        decision_id=f"{1:016x}",
        thread_id="c-1",
        decided_at=datetime(2026, 11, 1, 12, 0, 1, tzinfo=UTC),
        retention_days=1095,
        request=Request(
            messages=[
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": "Question 1?"},
            ],
            tools=[{"type": "function", "function": function}],
            params={"temperature": 0},
        ),
        recorded=Answer(text="Until six.", finish_reason="stop"),
        versions=Versions(
            provider="openai",
            request_model="demo-large",
            model="demo-large-2026",
            prompt_name="host",
            prompt_version="7",
            prompt_hash="p",
            playbook_id="booking",
            playbook_version="3.2",
            playbook_hash="b",
            playbook_settings='{"tone": "kind"}',
            tools_hash="t",
            code_version="1.0",
            cohort="booking_v3.2",
        ),
        usage=Usage(
            input_tokens=100,
            output_tokens=20,
            cached_input_tokens=40,
            reasoning_tokens=5,
            latency_ms=5.0,
        ),
        cost_usd=0.25,
        channel="web",
    )


def test_calls_keep_their_arguments_and_ids(store: Store, tenant: str) -> None:
    """Beside the text that came with them."""
    call = asked_for("c1", arguments={"seats": 2})
    parts = [*_parts(said("assistant", "One")), *_parts(said("assistant", "moment."))]
    answered: dict[str, object] = {"role": "assistant", "parts": [*parts, *_parts(call)]}

    case = _only(_cases(store, tenant, decided(1, tenant=tenant, answered=[answered])))

    assert case.recorded == Answer(
        text="One\nmoment.",
        tool_calls=(ToolCall(name="book", arguments='{"seats":2}', call_id="c1"),),
    )


def test_an_answer_that_was_cut_off_says_so(store: Store, tenant: str) -> None:
    """It is what was recorded, and no reason not to ask again."""
    row = decided(1, tenant=tenant, more={semconv.FINISH_REASONS: '["length"]'})

    case = _only(_cases(store, tenant, row))

    assert case.recorded.finish_reason == "length"


def test_what_nobody_said_a_call_cost_is_told_by_prices(store: Store, tenant: str) -> None:
    """Where there is a price for its model, and where tokens were counted."""
    tokens = {
        semconv.INPUT_TOKENS: "1000000",
        semconv.CACHE_READ_TOKENS: "500000",
        semconv.OUTPUT_TOKENS: "100000",
    }
    rows = [
        decided(1, tenant=tenant, more=tokens),
        decided(2, tenant=tenant, more={**tokens, semconv.REQUEST_MODEL: "unknown"}),
        decided(3, tenant=tenant),
        decided(4, tenant=tenant, more={**tokens, semconv.COST_USD: "0"}),
    ]

    cases = _by_number(_cases(store, tenant, *rows, prices=_PRICES))

    costs = {number: case.cost_usd for number, case in cases.items()}
    assert costs == {1: pytest.approx(1.75), 2: None, 3: None, 4: 0}


def test_a_decision_is_found_by_its_nanosecond(store: Store, tenant: str) -> None:
    """A datetime of Python's would miss it."""
    row = decided(1, tenant=tenant)

    cases = _cases(store, tenant, row._replace(timestamp_ns=row.timestamp_ns + 123_456_789))

    assert _only(cases).decided_at.microsecond == 123_456


def test_a_set_is_read_in_pages(store: Store, tenant: str) -> None:
    """So that memory holds one; together they are the set."""
    store.insert_spans([decided(number, tenant=tenant) for number in range(1, 251)])
    frozen = freeze(store, tenant)

    pages = list(cases_of(store.reads(tenant), frozen.set_id, with_steps=False))

    assert [len(page) for page in pages] == [PAGE_CASES, PAGE_CASES, 50]
    assert sorted(ids([case for page in pages for case in page])) == list(range(1, 251))


def test_some_of_a_set_can_be_read(store: Store, tenant: str) -> None:
    """In the order they have in it."""
    store.insert_spans([decided(number, tenant=tenant) for number in range(1, 9)])
    frozen = freeze(store, tenant)
    wanted = [f"{number:016x}" for number in (2, 5, 7)]

    some = ids(loaded(store, frozen, tenant, decisions=wanted))

    assert some == [number for number in ids(loaded(store, frozen, tenant)) if number in (2, 5, 7)]
    assert loaded(store, frozen, tenant, decisions=[]) == []


# --- What cannot be asked again ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({semconv.REDACTION_VERSION: ""}, "not_redacted"),
        ({semconv.REDACTION_STATUS: "partial"}, "redaction_incomplete"),
        ({semconv.REDACTION_FAILURES: "1"}, "redaction_incomplete"),
        ({semconv.SYSTEM_INSTRUCTIONS: "<DROPPED>"}, "content_dropped"),
        ({semconv.INPUT_MESSAGES: '{"omitted":"too large","size":9}'}, "content_omitted"),
        ({semconv.INPUT_MESSAGES: ""}, "no_input"),
        ({semconv.INPUT_MESSAGES: '[{"role": "us'}, "unreadable"),
        ({semconv.REQUEST_PARAMS: '{"previous_response_id": "r"}'}, "history_elsewhere"),
        ({semconv.TOOL_DEFINITIONS: '[{"type": "web_search"}]'}, "tool_is_no_function"),
        ({semconv.OUTPUT_MESSAGES: "[]"}, "no_answer"),
        ({semconv.ERROR_TYPE: "Timeout"}, "failed"),
    ],
)
def test_an_unfit_decision_is_kept_with_its_reason(
    store: Store, tenant: str, more: Mapping[str, str], reason: str
) -> None:
    """Every decision that was chosen is accounted for."""
    (case,) = _cases(store, tenant, decided(1, tenant=tenant, more=more))

    assert case == UnfitCase(
        decision_id=f"{1:016x}",
        thread_id="c-1",
        decided_at=datetime(2026, 11, 1, 12, 0, 1, tzinfo=UTC),
        retention_days=1095,
        stratum="",
        weight=1.0,
        reason=reason,
    )
    assert "unfit" not in explained(reason)


def test_a_decision_that_is_gone_is_accounted_for(store: Store, tenant: str) -> None:
    """Somebody may have had it deleted."""
    store.insert_spans([decided(1, tenant=tenant)])
    frozen = freeze(store, tenant)

    store.execute("DELETE FROM decisions WHERE tenant_id = {tenant:String}", {"tenant": tenant})

    (case,) = loaded(store, frozen, tenant)
    assert isinstance(case, UnfitCase)
    assert case.reason == "gone"


_HISTORY = [_QUESTION, asked_for("c1"), returned("c1", "done")]


@pytest.mark.parametrize(
    ("row", "lacks_tools"),
    [
        (decided(1, answered=[asked_for("c1")]), True),
        (decided(1, knew=_HISTORY), True),
        (decided(1, knew=_HISTORY, tools=[TOOL]), False),
        (decided(1), False),
    ],
)
def test_a_decision_whose_tools_were_not_recorded_says_so(
    store: Store, tenant: str, row: SpanRow, lacks_tools: bool
) -> None:
    """A candidate with tools of its own can still be asked."""
    mine = {**row.span_attributes, semconv.TENANT_ID: tenant}
    store.insert_spans([row._replace(span_attributes=mine)])

    frozen = freeze(store, tenant)

    assert _only(loaded(store, frozen, tenant)).lacks_tools is lacks_tools
    assert frozen.unfit == ({"no_tools": 1} if lacks_tools else {})


# --- What followed ----------------------------------------------------------------------------
def _turn(number: int, tenant: str, knew: object, answered: object, agent: str = "") -> SpanRow:
    """Return a decision of the one conversation there is."""
    attributes = {
        semconv.CONVERSATION_ID: "c",
        semconv.INPUT_MESSAGES: json.dumps(knew),
        semconv.OUTPUT_MESSAGES: json.dumps([answered]),
        semconv.AGENT_NAME: agent,
    }
    return decided(number, tenant=tenant, tools=[TOOL], more=attributes)


_FIND = asked_for("c1", "find", {"day": "Monday"})
_BOOK = asked_for("c2", "book", {"seats": 2})
_DONE = said("assistant", "Done.")
_FOUND = [_QUESTION, _FIND, returned("c1", {"free": True})]
_BOOKED = [*_FOUND, _BOOK, returned("c2", "ok")]


def test_a_chain_is_what_followed_in_the_turn(store: Store, tenant: str) -> None:
    """Each step with what the tools had returned that the one before had asked for."""
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(2, tenant, _FOUND, _BOOK),
        _turn(3, tenant, _BOOKED, _DONE),
        with_steps=True,
    )

    book = ToolCall(name="book", arguments='{"seats":2}', call_id="c2")
    to_book = Step(
        decision_id=f"{2:016x}",
        recorded=Answer(tool_calls=(book,)),
        results=(ToolResult(name="find", arguments='{"day":"Monday"}', result='{"free":true}'),),
    )
    to_end = Step(
        decision_id=f"{3:016x}",
        recorded=Answer(text="Done."),
        results=(ToolResult(name="book", arguments='{"seats":2}', result="ok"),),
    )
    steps = {number: case.steps for number, case in _by_number(cases).items()}
    assert steps == {1: (to_book, to_end), 2: (to_end,), 3: ()}


def _steps_of_first(cases: Sequence[Case | UnfitCase]) -> list[int]:
    return [int(step.decision_id, 16) for step in _by_number(cases)[1].steps]


def test_a_chain_ends_with_the_turn(store: Store, tenant: str) -> None:
    """What the customer says next is no consequence of the decision."""
    later = [*_FOUND, _DONE, said("user", "Another one"), _BOOK, returned("c2", "ok")]
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(2, tenant, _FOUND, _DONE),
        _turn(3, tenant, later, _DONE),
        with_steps=True,
    )

    assert _steps_of_first(cases) == [2]


def test_a_chain_ends_where_the_next_decision_is_missing(store: Store, tenant: str) -> None:
    """What came after it knew more than the recorded results tell."""
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(3, tenant, _BOOKED, _DONE),
        with_steps=True,
    )

    assert _steps_of_first(cases) == []


@pytest.mark.parametrize("unfit", [{semconv.ERROR_TYPE: "e"}, {semconv.REDACTION_STATUS: ""}])
def test_a_chain_ends_where_the_next_decision_is_unfit(
    store: Store, tenant: str, unfit: Mapping[str, str]
) -> None:
    """There is no answer to compare with, or none that may be shown."""
    second = _turn(2, tenant, _FOUND, _BOOK)
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        second._replace(span_attributes={**second.span_attributes, **unfit}),
        _turn(3, tenant, _BOOKED, _DONE),
        with_steps=True,
    )

    assert _steps_of_first(cases) == []


def test_ids_of_calls_may_be_used_again(store: Store, tenant: str) -> None:
    """A decision does not follow itself."""
    again = [*_FOUND, _FIND, returned("c1", "none")]
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(2, tenant, _FOUND, _FIND),
        _turn(3, tenant, again, _DONE),
        with_steps=True,
    )

    steps = _by_number(cases)[2].steps
    assert _steps_of_first(cases) == [2, 3]
    assert [step.results[0].result for step in steps] == ["none"]


def test_what_others_decide_meanwhile_is_passed_over(store: Store, tenant: str) -> None:
    """Such as a second agent that was asked the same."""
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(2, tenant, [_QUESTION], said("assistant", "Harmless."), agent="guard"),
        _turn(3, tenant, _FOUND, _DONE),
        with_steps=True,
    )

    assert _steps_of_first(cases) == [3]


def test_results_are_those_of_their_calls(store: Store, tenant: str) -> None:
    """In whatever order the tools were done."""
    both = {"role": "assistant", "parts": [*_parts(_FIND), *_parts(_BOOK)]}
    knew = [_QUESTION, both, returned("c2", "booked"), returned("c1", "found")]
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], both),
        _turn(2, tenant, knew, _DONE),
        with_steps=True,
    )

    (step,) = _by_number(cases)[1].steps
    assert [(result.name, result.result) for result in step.results] == [
        ("find", "found"),
        ("book", "booked"),
    ]


def test_steps_are_read_for_chains_only(store: Store, tenant: str) -> None:
    """They are the larger part of the reading."""
    cases = _cases(
        store,
        tenant,
        _turn(1, tenant, [_QUESTION], _FIND),
        _turn(2, tenant, _FOUND, _DONE),
    )

    assert _steps_of_first(cases) == []


def _parts(message: Mapping[str, object]) -> list[object]:
    return cast("list[object]", message["parts"])
