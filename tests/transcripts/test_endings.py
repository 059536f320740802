"""How imported conversations ended, what came of them, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.transcripts import (
    SETTINGS,
    asked,
    assistant,
    bad,
    decisions,
    events,
    good,
    spans,
    told,
    user,
)
from trainingloop.transcripts import dated, spans_of

if TYPE_CHECKING:
    from support.transcripts import WritesRows

TALK = [user("hello"), assistant("hi")]
COST = "trainingloop.usage.cost_usd"


def trajectory(*messages: object, **more: object) -> dict[str, object]:
    """Return a row in the shape of tau-bench."""
    return {"task_id": 1, "trial": 0, "traj": [*TALK, *messages], **more}


def simulation(*messages: object, **more: object) -> dict[str, object]:
    """Return a file in the shape of tau2-bench with one simulation."""
    return {"simulations": [{"id": "s-1", "messages": [*TALK, *messages], **more}]}


def outcome(name: str, value: str) -> dict[str, object]:
    """Return an outcome as an event tells it."""
    return {"kind": "outcome", "outcome": name, "value": value}


def told_endings(write: WritesRows, content: object) -> list[dict[str, object]]:
    """Return the events of a file but for what the customer wrote."""
    return [event for event in events(write(content)) if event["kind"] != "inbound"]


@pytest.mark.parametrize(
    ("reward", "value"), [(1, "yes"), (1.0, "yes"), (0.9999999, "yes"), (0.5, "no"), (0, "no")]
)
def test_a_reward_is_an_outcome(write: WritesRows, reward: float, value: str) -> None:
    """A whole reward is a success; less of it is none."""
    expected = [outcome("task_success", value)]

    assert told_endings(write, [trajectory(reward=reward)]) == expected
    assert told_endings(write, simulation(reward_info={"reward": reward})) == expected


@pytest.mark.parametrize(
    "content",
    [
        [trajectory()],
        [trajectory(reward=None)],
        [trajectory(reward="1")],
        [trajectory(reward=True)],
        simulation(reward_info=None),
        [{"messages": TALK, "reward": 0.5}],
    ],
)
def test_without_a_reward_nothing_is_claimed(write: WritesRows, content: object) -> None:
    """Nor is one of a row that is no simulation: it may be of any kind."""
    assert told_endings(write, content) == []


def test_a_row_may_name_its_outcomes(write: WritesRows) -> None:
    """In the row or in its metadata; true and false, or yes and no."""
    row = {
        "messages": TALK,
        "outcomes": {"order_paid": True, "returned": "no"},
        "metadata": {"outcomes": {"rated_5": False}},
    }

    assert told_endings(write, [row]) == [
        outcome("order_paid", "yes"),
        outcome("rated_5", "no"),
        outcome("returned", "no"),
    ]


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        ({"Order paid": True}, "has an outcome whose name cannot be kept"),
        ({"x" * 65: True}, "has an outcome whose name cannot be kept"),
        ({"paid": 1}, "has an outcome that is neither true nor false"),
        ({"paid": None}, "has an outcome that is neither true nor false"),
    ],
)
def test_a_row_with_a_bad_outcome_is_named(
    write: WritesRows, outcomes: object, reason: str
) -> None:
    """An outcome that got lost without a word would make a rate wrong."""
    ((row, found),) = bad(write([{"messages": TALK, "outcomes": outcomes}]))

    assert row == 1
    assert found.startswith(reason)


@pytest.mark.parametrize("outcomes", [None, [], ["paid"], "paid", {}])
def test_outcomes_that_are_no_object_are_something_else(
    write: WritesRows, outcomes: object
) -> None:
    """A row of another kind may have a field of that name."""
    assert told_endings(write, [{"messages": TALK, "outcomes": outcomes}]) == []


@pytest.mark.parametrize("reason", ["user_stop", "agent_stop", "max_steps", "too_many_errors"])
def test_a_reason_to_end_is_kept_as_it_is(write: WritesRows, reason: str) -> None:
    """What it means is for the outcomes to say; nothing is made of it here."""
    assert told_endings(write, simulation(termination_reason=reason)) == [
        {"kind": "close", "reason": reason}
    ]


def test_any_row_may_say_why_it_ended(write: WritesRows) -> None:
    """In the row or in its metadata."""
    rows = [
        {"id": "a", "messages": TALK, "termination_reason": "resolved"},
        {"id": "b", "messages": TALK, "metadata": {"termination_reason": "timeout"}},
    ]

    assert told_endings(write, rows) == [
        {"kind": "close", "reason": "resolved"},
        {"kind": "close", "reason": "timeout"},
    ]


def test_a_transfer_closes_a_simulation(write: WritesRows) -> None:
    """Whether the simulated user says so or the last tool was the transfer."""
    closed = [{"kind": "close", "reason": "transferred to a human agent", "target": "human"}]
    by_tool = (asked("transfer_to_human_agents"), told("Transfer successful"))

    assert told_endings(write, [trajectory(*by_tool)]) == closed
    assert told_endings(write, [trajectory(user("Fine. ###TRANSFER###"))]) == closed
    assert (
        told_endings(write, simulation(user("###TRANSFER###"), termination_reason="user_stop"))
        == closed
    )


def test_a_transfer_that_is_not_the_end_closes_nothing(write: WritesRows) -> None:
    """The conversation went on."""
    messages = (asked("transfer_to_human_agents"), told("Nobody is there"), assistant("Sorry."))

    assert told_endings(write, [trajectory(*messages)]) == []


def test_a_stop_word_alone_is_no_message(write: WritesRows) -> None:
    """Nobody wrote: it would look as if the customer had answered the last decision."""
    found = events(write([trajectory(user("###STOP###"))]))

    assert found == [
        {"kind": "inbound", "text": "hello"},
        {"kind": "close", "reason": "user_stop"},
    ]


def test_a_stop_word_behind_a_message_leaves_the_message(write: WritesRows) -> None:
    """The customer said thanks, and left."""
    found = events(write([trajectory(user("Thanks! ###STOP###"))]))

    assert [event.get("text") for event in found] == ["hello", "Thanks! ###STOP###", None]


def test_an_end_is_behind_all_that_was_said(write: WritesRows) -> None:
    """Behind the last answer too, whose model took its time; and close to it."""
    row = {
        "messages": [
            user("hello", timestamp="2026-03-08T12:00:00Z"),
            assistant("hi", timestamp="2026-03-08T12:00:01Z", generation_time_seconds=4),
        ],
        "timestamp": "2026-05-01T00:00:00Z",
        "termination_reason": "resolved",
        "outcomes": {"paid": True},
    }

    _, decision, closed, paid = spans(write([row]))

    end_ns = decision.end_time_unix_nano
    assert (closed.start_time_unix_nano, paid.start_time_unix_nano) == (end_ns + 1, end_ns + 2)


def test_endings_are_the_same_when_they_are_read_again(write: WritesRows) -> None:
    """Also from a copy of an undated file: their time hangs on the first decision's."""
    row = {"id": "c", "messages": TALK, "outcomes": {"paid": True}, "termination_reason": "done"}
    (conversation,) = good(write([row]))
    first = list(spans_of(conversation, SETTINGS))

    again = list(spans_of(dated(conversation, first[1].start_time_unix_nano), SETTINGS))

    assert again == first
    assert len({span.span_id for span in first}) == 4


def test_a_conversation_that_went_on_ends_again(write: WritesRows) -> None:
    """Its second end is another event than its first."""
    longer = [*TALK, user("and now?"), assistant("now too")]
    rows = [
        {"id": "c", "messages": messages, "outcomes": {"paid": False}}
        for messages in (TALK, longer)
    ]

    found = [span.span_id for span in spans(write(rows)) if span.name == "record outcome"]

    assert len(set(found)) == 2


@pytest.mark.parametrize("cost", [0.0125, 3])
def test_what_an_answer_cost_is_kept(write: WritesRows, cost: float) -> None:
    """Of the assistant's messages; what a simulated user cost is nobody's decision."""
    messages = [user("hello", cost=9.0), assistant("hi", cost=cost)]

    (decision,) = decisions(write([{"messages": messages}]))

    assert decision[COST] == pytest.approx(cost)


@pytest.mark.parametrize("cost", [None, 0, 0.0, -1, "0.1", True, 1e9])
def test_a_cost_nobody_knows_is_none(write: WritesRows, cost: object) -> None:
    """Zero is what simulators write for a model whose price they do not know."""
    (decision,) = decisions(write([{"messages": [user(), assistant("hi", cost=cost)]}]))

    assert COST not in decision
