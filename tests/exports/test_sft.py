"""Examples for supervised fine-tuning: liked or corrected answers as OpenAI takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.reviewed import (
    SYSTEM,
    TOOL,
    asked_for,
    decided,
    exported,
    outcome,
    returned,
    said,
    vote,
)
from trainingloop.exports import ALL, ExportForm, parse_only
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.store import Store

SFT = ExportForm.SFT


def test_a_liked_decision_becomes_an_example(store: Store) -> None:
    """The whole line, and where it comes from in the file beside it."""
    store.insert_spans([decided(1), decided(2)])
    vote(store, 1, reason="helpful")

    written = exported(store, SFT)

    assert written.lines == [
        {
            "messages": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": "Question 1?"},
                {"role": "assistant", "content": "Until six."},
            ]
        }
    ]
    trace = written.provenance[0].pop("trace_id")
    assert len(trace) == 32
    assert written.provenance == [
        {
            "line": 1,
            "tenant": "default",
            "decision_id": "0000000000000001",
            "conversation": "c-1",
            "occurred_at": "2026-11-01T12:00:01+00:00",
            "redaction": {"version": "2", "status": "ok", "count": 1, "checked_with": "2"},
            "versions": {"model": "demo-large", "cohort": "booking_v3.2"},
            "feedback": {"up": 1, "down": 0, "reasons": ["helpful"]},
            "answer": "recorded",
        }
    ]


def test_tool_calls_are_as_the_api_takes_them(store: Store) -> None:
    """Arguments as text, results under the id of their call, tools nested, in one line."""
    knew = [
        said("user", "A table"),
        asked_for("c1", arguments={"seats": 2}),
        returned("c1", {"ok": 1}),
    ]
    store.insert_spans([decided(1, knew=knew, tools=[TOOL], params={"parallel_tool_calls": False})])
    vote(store, 1)

    (line,) = exported(store, SFT).lines

    assert line["messages"][2:4] == [
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "book", "arguments": '{"seats":2}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": '{"ok":1}'},
    ]
    function = {name: value for name, value in TOOL.items() if name != "type"}
    assert line["tools"] == [{"type": "function", "function": function}]
    assert line["parallel_tool_calls"] is False


def test_tools_that_say_more_in_the_request_are_taken_from_there(store: Store) -> None:
    """The conventions have no place for ``strict``."""
    strict = {"type": "function", "function": {"name": "book", "strict": True}}
    store.insert_spans([decided(1, tools=[TOOL], params={"tools": [strict]})])
    vote(store, 1)

    (line,) = exported(store, SFT).lines

    assert line["tools"] == [strict]


def test_a_call_for_a_tool_can_be_the_answer(store: Store) -> None:
    """It need not be answered within the example."""
    store.insert_spans([decided(1, answered=[asked_for("c1")], tools=[TOOL])])
    vote(store, 1)

    (line,) = exported(store, SFT).lines

    assert line["messages"][-1]["tool_calls"][0]["function"] == {"name": "book", "arguments": "{}"}


def test_a_correction_takes_the_place_of_the_answer(store: Store) -> None:
    """Also of one that people think ill of, that failed, or that was cut off."""
    store.insert_spans(
        [
            decided(1),
            decided(2, more={semconv.ERROR_TYPE: "Timeout"}),
            decided(3, more={semconv.FINISH_REASONS: '["length"]'}),
        ]
    )
    for number in (1, 2, 3):
        vote(store, number, -1, correction="Until seven.")

    written = exported(store, SFT)

    answers = [line["messages"][-1] for line in written.lines]
    assert answers == [{"role": "assistant", "content": "Until seven."}] * 3
    assert {origin["answer"] for origin in written.provenance} == {"correction"}


def test_the_newest_correction_counts(store: Store) -> None:
    """Of several reviewers, the last one knew most."""
    store.insert_spans([decided(1)])
    vote(store, 1, -1, correction="Until seven.", seconds=1)
    vote(store, 1, -1, reviewer="r-2", correction="Until eight.", seconds=2)

    (line,) = exported(store, SFT).lines

    assert line["messages"][-1]["content"] == "Until eight."


def test_a_vote_that_was_taken_back_chooses_nothing(store: Store) -> None:
    """Only live votes count."""
    store.insert_spans([decided(1)])
    vote(store, 1, 1, seconds=1)
    vote(store, 1, 0, seconds=2)

    assert exported(store, SFT).summary.read == 0


def test_an_answer_on_which_reviewers_differ_is_no_example(store: Store) -> None:
    """One thumb up is not enough where another is down."""
    store.insert_spans([decided(1)])
    vote(store, 1, 1)
    vote(store, 1, -1, reviewer="r-2")

    assert exported(store, SFT).summary.skipped == {"reviewers_differ": 1}


def test_an_outcome_can_choose(store: Store) -> None:
    """What customers did instead of what reviewers think."""
    store.insert_spans([decided(1), decided(2), decided(3)])
    outcome(store, 1, "order_paid", "no")
    outcome(store, 2, "order_paid")
    outcome(store, 3, "customer_replied")

    written = exported(store, SFT, only=parse_only("outcome:order_paid=yes"))

    assert [origin["decision_id"] for origin in written.provenance] == ["0000000000000002"]


def test_all_decisions_can_be_examples(store: Store) -> None:
    """But for those that are no answer of a model."""
    playbook = {semconv.INPUT_MESSAGES: "", semconv.OUTPUT_MESSAGES: ""}
    store.insert_spans([decided(1), decided(2, more=playbook)])

    written = exported(store, SFT, only=ALL)

    assert len(written.lines) == 1
    assert written.summary.skipped == {"no_answer": 1}


def test_filters_narrow(store: Store) -> None:
    """As everywhere."""
    store.insert_spans([decided(1), decided(2, more={semconv.COHORT: "other"})])
    vote(store, 1)
    vote(store, 2)

    written = exported(store, SFT, cohort="other")

    assert [origin["decision_id"] for origin in written.provenance] == ["0000000000000002"]


def test_tenants_stay_apart(store: Store) -> None:
    """A vote in one tenant says nothing of the same decision id in another."""
    store.insert_spans([decided(1), decided(1, tenant="acme"), decided(2, tenant="acme")])
    vote(store, 1)
    vote(store, 2, tenant="acme")

    assert [o["tenant"] for o in exported(store, SFT).provenance] == ["default"]
    of_acme = exported(store, SFT, tenants=["acme"]).provenance
    assert [(o["tenant"], o["decision_id"]) for o in of_acme] == [("acme", "0000000000000002")]


def test_calls_that_belong_together_are_one_message(store: Store) -> None:
    """The Responses API gives each of several calls as an item of its own."""
    knew = [
        said("user", "Two tables"),
        asked_for("c1"),
        asked_for("c2"),
        returned("c1", "done"),
        returned("c2", "done"),
    ]
    store.insert_spans([decided(1, knew=knew, tools=[TOOL])])
    vote(store, 1)

    (line,) = exported(store, SFT).lines

    roles = [message["role"] for message in line["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "tool", "assistant"]
    assert [call["id"] for call in line["messages"][2]["tool_calls"]] == ["c1", "c2"]


def test_reasoning_is_left_out(store: Store) -> None:
    """A chat request has no place for it."""
    thought = {"type": "reasoning", "content": "He wants to know when."}
    answer = {"role": "assistant", "parts": [thought, {"type": "text", "content": "Until six."}]}
    store.insert_spans([decided(1, answered=[answer])])
    vote(store, 1)

    (line,) = exported(store, SFT).lines

    assert line["messages"][-1] == {"role": "assistant", "content": "Until six."}


_PICTURE = {"role": "user", "parts": [{"type": "image_url", "omitted": "no text"}]}


@pytest.mark.parametrize(
    ("knew", "reason"),
    [
        ([said("user", "a"), returned("c1", "done")], "result_without_call"),
        ([said("user", "a"), asked_for("c1"), returned("c2", "done")], "result_without_call"),
        ([said("user", "a"), asked_for("c1"), said("user", "b")], "call_not_answered"),
        ([said("user", "a"), asked_for("c1")], "call_not_answered"),
        ([said("user", "a"), asked_for(""), returned("", "done")], "call_without_id"),
        ([_PICTURE], "not_text"),
        ([said("moderator", "a")], "unreadable"),
        ([said("user", "<DROPPED>")], "content_dropped"),
        ([said("user", "<REDACTION_FAILED>")], "redaction_incomplete"),
    ],
)
def test_a_history_the_api_would_refuse_is_left_out(
    store: Store, knew: Sequence[Mapping[str, object]], reason: str
) -> None:
    """With its reason, and without changing what happened."""
    store.insert_spans([decided(1, knew=knew, tools=[TOOL])])
    vote(store, 1)

    written = exported(store, SFT)

    assert written.content == b""
    assert written.summary.skipped == {reason: 1}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({semconv.OUTPUT_MESSAGES: "[]"}, "no_answer"),
        ({semconv.OUTPUT_MESSAGES: "not JSON"}, "unreadable"),
        ({semconv.INPUT_MESSAGES: ""}, "no_input"),
        ({semconv.INPUT_MESSAGES: '{"a": 1}'}, "unreadable"),
        ({semconv.ERROR_TYPE: "Timeout"}, "failed"),
        ({semconv.FINISH_REASONS: '["length"]'}, "cut_off"),
        ({semconv.REQUEST_PARAMS: '{"n": 2}'}, "several_answers"),
        ({semconv.REQUEST_PARAMS: '{"previous_response_id": "r"}'}, "history_elsewhere"),
        ({semconv.TOOL_DEFINITIONS: '[{"type": "web_search"}]'}, "tool_is_no_function"),
    ],
)
def test_a_decision_that_is_no_example_is_left_out(
    store: Store, more: Mapping[str, str], reason: str
) -> None:
    """A model would learn what nobody meant."""
    store.insert_spans([decided(1, more=more)])
    vote(store, 1)

    assert exported(store, SFT).summary.skipped == {reason: 1}
