"""Chains: what is asked after an answer that makes the calls that were recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from trainingloop.replay._judging.calls import call_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.replay.answers import Answer, ToolCall
    from trainingloop.replay.cases import Case, ToolResult


def goes_on(recorded: Answer, answer: Answer) -> bool:
    """Tell whether ``answer`` makes the calls of ``recorded``: the same tools, told the same.

    Their order says nothing. An answer without calls has nothing to go on from.
    """
    made = _keys(answer.tool_calls)
    return bool(made) and made == _keys(recorded.tool_calls)


def turn(answer: Answer, results: Sequence[ToolResult]) -> list[JsonObject] | None:
    """Return ``answer`` and what its calls return, as chat messages.

    Args:
        answer: one with calls.
        results: what was recorded; each answers one call, by name and arguments.

    Returns:
        None where there is a call without a recorded result: it is not guessed.
    """
    left = list(results)
    messages: list[JsonObject] = [_said(answer)]
    for call, call_id in zip(answer.tool_calls, _ids(answer), strict=True):
        found = next((one for one in left if _key(one) == _key(call)), None)
        if found is None:
            return None
        left.remove(found)
        messages.append({"role": "tool", "tool_call_id": call_id, "content": found.result})
    return messages


def case_at(case: Case, step: int) -> Case | None:
    """Return a case as the ``step``-th recorded decision after it was asked.

    Returns:
        None where nothing is recorded about that step.
    """
    if step == 0:
        return case
    if step > len(case.steps):
        return None
    messages = list(case.request.messages)
    answer = case.recorded
    for following in case.steps[:step]:
        messages += turn(answer, following.results) or [_said(answer)]
        answer = following.recorded
    return replace(
        case,
        decision_id=case.steps[step - 1].decision_id,
        request=replace(case.request, messages=messages),
        recorded=answer,
        steps=case.steps[step:],
    )


def _said(answer: Answer) -> JsonObject:
    calls = [
        {
            "id": call_id,
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments or "{}"},
        }
        for call, call_id in zip(answer.tool_calls, _ids(answer), strict=True)
    ]
    return {
        "role": "assistant",
        **({"content": answer.text} if answer.text or not calls else {}),
        **({"tool_calls": calls} if calls else {}),
    }


def _ids(answer: Answer) -> list[str]:
    """The ids of its calls; new ones where a model gave none, or one twice."""
    ids = [call.call_id for call in answer.tool_calls]
    if all(ids) and len(set(ids)) == len(ids):
        return ids
    return [f"call_{number}" for number, _ in enumerate(ids)]


def _keys(calls: Sequence[ToolCall]) -> Counter[tuple[str, str]]:
    return Counter(_key(call) for call in calls)


def _key(call: ToolCall | ToolResult) -> tuple[str, str]:
    return call.name, call_of(call.name, call.arguments).key
