"""Two recorded versions on the same tasks: what is said equals an independent count.

The conversations are public ones of tau2-bench that do not come with this project.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from trainingloop.replay import ReplayError, ToolCall
from trainingloop.replay.comparison import (
    Conversation,
    Level,
    RunComparison,
    Took,
    compare_recorded,
)
from trainingloop.replay.gate import check_gate, parse_condition

SHARED: Final = Path(__file__).parents[3] / "shared" / "data"
SONNET: Final = SHARED / "tau2_airline_claude-sonnet-4-5_50.json"
GPT: Final = SHARED / "tau2_airline_gpt-5.4_50.json"
WRITES: Final = {
    "book_reservation",
    "cancel_reservation",
    "send_certificate",
    "update_reservation_baggages",
    "update_reservation_flights",
    "update_reservation_passengers",
}
HANDS_OVER: Final = "transfer_to_human_agents"

needs_the_pair = pytest.mark.skipif(
    not (SONNET.exists() and GPT.exists()), reason="needs tau2 files in ../shared/data"
)


@pytest.fixture(scope="module")
def compared() -> RunComparison:
    """What is said of both."""
    return compare_recorded(_conversations(SONNET), _conversations(GPT))


@needs_the_pair
def test_every_task_is_compared(compared: RunComparison) -> None:
    """Fifty, each by both versions."""
    assert (compared.decisions, compared.compared, compared.missing) == (50, 50, 0)


@needs_the_pair
def test_calls_that_change_something_agree_as_counted(compared: RunComparison) -> None:
    """As many tasks have the same multiset of writes, name and arguments."""
    before, after = _written(SONNET), _written(GPT)
    same = {task for task in before if before[task] == after[task]}
    writing = {task for task in before if before[task] or after[task]}

    level = compared.level(Level.WRITE_CALLS)

    assert level.candidate.value == len(same) / 50
    assert compared.writes.decisions == len(writing)
    assert set(compared.writes.disagreeing) == before.keys() - same
    assert compared.writes.only_recorded == sum(not after[task] for task in writing)
    assert compared.writes.only_replayed == sum(not before[task] for task in writing)


@needs_the_pair
def test_escalations_gained_and_lost_are_those_counted(compared: RunComparison) -> None:
    """18 against 24, and behind the six more, five lost and eleven gained."""
    before, after = (
        {task for task, calls in _called(path).items() if _names(calls)[HANDS_OVER]}
        for path in (SONNET, GPT)
    )

    shift = compared.escalations

    assert (shift.recorded, shift.replayed) == (len(before), len(after)) == (18, 24)
    assert {flip.decision_id for flip in shift.gained} == after - before
    assert {flip.decision_id for flip in shift.lost} == before - after
    assert (len(shift.gained), len(shift.lost)) == (11, 5)


@needs_the_pair
def test_the_matrix_of_kinds_is_the_one_counted(compared: RunComparison) -> None:
    """What weighs most of a conversation's calls: handing over, changing, reading."""
    before, after = _called(SONNET), _called(GPT)
    expected = Counter((_kind(before[task]), _kind(after[task])) for task in before)

    cells = {(cell.recorded, cell.replayed): cell.decisions for cell in compared.kinds.cells}

    assert cells == dict(expected)


@needs_the_pair
def test_the_matrix_of_intents_is_the_one_counted(compared: RunComparison) -> None:
    """The kind, and which tools were called."""
    before, after = _called(SONNET), _called(GPT)
    expected = Counter((_intent(before[task]), _intent(after[task])) for task in before)

    cells = {(cell.recorded, cell.replayed): cell.decisions for cell in compared.intents.cells}

    assert cells == dict(expected)


@needs_the_pair
def test_the_other_version_first_tells_the_same_story(compared: RunComparison) -> None:
    """Gains are losses, and the same writes agree."""
    back = compare_recorded(_conversations(GPT), _conversations(SONNET))

    assert back.escalations.lost == compared.escalations.gained
    assert back.writes.disagreeing == compared.writes.disagreeing
    assert back.kinds.changed == compared.kinds.changed


@needs_the_pair
def test_costs_are_paired(compared: RunComparison) -> None:
    """What both cost over all tasks."""
    before, after = (
        sum(simulation["agent_cost"] for simulation in _simulations(path)) for path in (SONNET, GPT)
    )

    assert compared.amount("cost_usd").ratio.value == pytest.approx(after / before)


def test_a_task_that_only_one_version_has_is_missing() -> None:
    """It is counted and not compared."""
    one, two = Conversation(task="one", texts=("Done.",)), Conversation(task="two")

    found = compare_recorded([one, two], [one])

    assert (found.decisions, found.compared, found.missing) == (2, 1, 1)
    assert check_gate(found, [parse_condition("errors>0.5")])[0].reason.startswith("1 of 2")


def test_nothing_is_said_about_safety() -> None:
    """A gate on it fails: nobody knows what the assistant knew."""
    one = Conversation(task="one", texts=("I have refunded $120 to mia@example.com.",))

    (failure,) = check_gate(compare_recorded([one], [one]), [parse_condition("newly_unsafe>0")])

    assert "not judged for safety" in failure.reason


def test_a_task_tried_twice_is_refused() -> None:
    """Which of two tries is the one to compare?"""
    one = Conversation(task="one")

    with pytest.raises(ReplayError, match="several times"):
        compare_recorded([one, one], [one])


@cache
def _simulations(path: Path) -> list[Any]:
    found: list[Any] = json.loads(path.read_text())["simulations"]
    return found


def _conversations(path: Path) -> list[Conversation]:
    """Each conversation as the product takes it."""
    return [
        Conversation(
            task=simulation["task_id"],
            texts=tuple(m["content"] for m in _assistant(simulation) if m["content"]),
            tool_calls=tuple(
                ToolCall(name=call["name"], arguments=json.dumps(call["arguments"]))
                for call in _calls(simulation)
            ),
            took=Took(cost_usd=simulation["agent_cost"]),
        )
        for simulation in _simulations(path)
    ]


def _called(path: Path) -> dict[str, list[Any]]:
    return {simulation["task_id"]: _calls(simulation) for simulation in _simulations(path)}


def _written(path: Path) -> dict[str, Counter[str]]:
    """Of each task the calls that change something, as sorted JSON."""
    return {
        task: Counter(
            json.dumps([call["name"], call["arguments"]], sort_keys=True)
            for call in calls
            if call["name"] in WRITES
        )
        for task, calls in _called(path).items()
    }


def _kind(calls: list[Any]) -> str:
    names = _names(calls)
    if names[HANDS_OVER]:
        return "escalate"
    return "tool_write" if WRITES & names.keys() else "tool_read"


def _intent(calls: list[Any]) -> str:
    return f"{_kind(calls)}:{','.join(sorted(_names(calls)))}"


def _names(calls: list[Any]) -> Counter[str]:
    return Counter(call["name"] for call in calls)


def _calls(simulation: Any) -> list[Any]:
    calls: list[list[Any]] = [message["tool_calls"] or [] for message in _assistant(simulation)]
    return [call for of_message in calls for call in of_message]


def _assistant(simulation: Any) -> list[Any]:
    return [message for message in simulation["messages"] if message["role"] == "assistant"]
