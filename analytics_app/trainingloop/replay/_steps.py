"""What followed a decision in the same turn, for chains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.chat import UnfitError, check_redaction, request_of
from trainingloop.replay._recorded import answer_of, exact_time
from trainingloop.replay.cases import Case, Step, ToolResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.answers import Answer, ToolCall
    from trainingloop.replay.cases import UnfitCase

    Row = Mapping[str, object]
    Turn = tuple[str, int]


def steps_added(
    reads: TenantReads, cases: Sequence[Case | UnfitCase], rows: Mapping[str, Row]
) -> list[Case | UnfitCase]:
    """Return the cases, those that asked for tools with what followed in their turn.

    Args:
        reads: those of the cases' tenant.
        cases: of one page.
        rows: what is stored of them, by decision.
    """
    asking = [case for case in cases if isinstance(case, Case) and case.recorded.tool_calls]
    followed = _turns(reads, [rows[case.decision_id] for case in asking])
    chains = {
        case.decision_id: tuple(_steps(case.recorded, _later(followed, rows[case.decision_id])))
        for case in asking
    }
    return [
        replace(case, steps=chains[case.decision_id])
        if isinstance(case, Case) and case.decision_id in chains
        else case
        for case in cases
    ]


def _turns(reads: TenantReads, rows: Sequence[Row]) -> dict[Turn, list[Row]]:
    """Return the decisions of the turns that some decisions belong to, from the earliest on."""
    if not rows:
        return {}
    turns = sorted({_turn(row) for row in rows})
    asked = {
        "threads": [thread for thread, _ in turns],
        "turns": [user_messages for _, user_messages in turns],
        "since": exact_time(min(_time_ns(row) for row in rows)),
    }
    found: dict[Turn, list[Row]] = {turn: [] for turn in turns}
    for row in reads.table("replay_turns", asked).records():
        found[_turn(row)].append(row)
    return found


def _later(followed: Mapping[Turn, Sequence[Row]], row: Row) -> Iterator[Row]:
    place = (_time_ns(row), str(row["decision_id"]))
    for other in followed[_turn(row)]:
        if (_time_ns(other), str(other["decision_id"])) > place:
            yield other


def _steps(recorded: Answer, later: Iterable[Row]) -> Iterator[Step]:
    """Yield each decision that knew what the calls of the one before had returned.

    Others of the turn, such as those of another agent, are passed over; where the next is missing
    or cannot be asked again, the chain is at its end.
    """
    for row in later:
        try:
            check_redaction(row)
            request = request_of(row)
            results = _results(recorded.tool_calls, request.messages)
            if not results:
                continue
            recorded = answer_of(row, request)
        except UnfitError:
            continue
        yield Step(decision_id=str(row["decision_id"]), recorded=recorded, results=results)


def _results(calls: Sequence[ToolCall], messages: Sequence[JsonObject]) -> tuple[ToolResult, ...]:
    """Return what calls returned, as the model was told last; nothing if it was told otherwise."""
    told: dict[str, str] = {}
    for message in reversed(messages):
        if message["role"] != "tool":
            break
        told[str(message["tool_call_id"])] = str(message["content"])
    if told.keys() != {call.call_id for call in calls}:
        return ()
    return tuple(
        ToolResult(name=call.name, arguments=call.arguments, result=told[call.call_id])
        for call in calls
    )


def _turn(row: Row) -> Turn:
    return str(row["thread_id"]), int(str(row["user_messages"]))


def _time_ns(row: Row) -> int:
    return int(str(row["decided_at_ns"]))
