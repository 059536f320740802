"""What followed a decision in the same turn, for chains."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from trainingloop.chat import UnfitError, check_redaction, request_of
from trainingloop.replay._recorded import answer_of, exact_time
from trainingloop.replay.cases import Case, Step, ToolResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.answers import Answer
    from trainingloop.replay.cases import UnfitCase

    Row = Mapping[str, object]
    Turn = tuple[str, int]
    """A thread, and how many messages of the user are known in the turn."""
    Place = tuple[int, str]
    """When, and the decision's id: the order in which decisions are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Followed:
    """A decision of a turn, and what tools had told it last."""

    decision_id: str
    place: Place
    told: Mapping[str, str]
    """Results by the id of their call."""
    recorded: Answer


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
    turns = _turns(reads, [rows[case.decision_id] for case in asking])
    chains = {
        case.decision_id: tuple(_steps(case, rows[case.decision_id], turns)) for case in asking
    }
    return [
        replace(case, steps=chains[case.decision_id])
        if isinstance(case, Case) and case.decision_id in chains
        else case
        for case in cases
    ]


def _turns(reads: TenantReads, rows: Sequence[Row]) -> dict[Turn, list[_Followed]]:
    """Return the decisions of the turns that some decisions belong to, from the earliest on."""
    if not rows:
        return {}
    turns = sorted({_turn(row) for row in rows})
    asked = {
        "threads": [thread for thread, _ in turns],
        "turns": [user_messages for _, user_messages in turns],
        "since": exact_time(min(_place(row)[0] for row in rows)),
    }
    found: dict[Turn, list[_Followed]] = {turn: [] for turn in turns}
    for row in reads.table("replay_turns", asked).records():
        # What cannot be asked again is no step: a chain is at its end there.
        with suppress(UnfitError):
            found[_turn(row)].append(_followed(row))
    return found


def _followed(row: Row) -> _Followed:
    check_redaction(row)
    request = request_of(row)
    told: dict[str, str] = {}
    for message in reversed(request.messages):
        if message["role"] != "tool":
            break
        told[str(message["tool_call_id"])] = str(message["content"])
    return _Followed(
        decision_id=str(row["decision_id"]),
        place=_place(row),
        told=told,
        recorded=answer_of(row, request),
    )


def _steps(case: Case, row: Row, turns: Mapping[Turn, Sequence[_Followed]]) -> Iterator[Step]:
    """Yield each decision that knew what the calls of the one before had returned.

    Others of the turn, such as those of another agent, are passed over.
    """
    recorded = case.recorded
    for each in turns[_turn(row)]:
        calls = {call.call_id for call in recorded.tool_calls}
        if calls and each.place > _place(row) and set(each.told) == calls:
            results = tuple(
                ToolResult(name=call.name, arguments=call.arguments, result=each.told[call.call_id])
                for call in recorded.tool_calls
            )
            recorded = each.recorded
            yield Step(decision_id=each.decision_id, recorded=recorded, results=results)


def _turn(row: Row) -> Turn:
    return str(row["thread_id"]), cast("int", row["user_messages"])


def _place(row: Row) -> Place:
    return cast("int", row["decided_at_ns"]), str(row["decision_id"])
