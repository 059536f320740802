"""Short words for what tests of judgements are about: a case, and answers to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trainingloop.chat import Request
from trainingloop.replay import Answer, Case, ToolCall, Usage, Versions
from trainingloop.replay.checks import DEFAULT_CHECKS
from trainingloop.replay.judgements import judge

if TYPE_CHECKING:
    from trainingloop.replay.checks import Checks
    from trainingloop.replay.judgements import Judgement

Message = dict[str, Any]

CANCEL = {
    "type": "object",
    "properties": {"booking_id": {"type": "string"}, "refund": {"type": "number"}},
    "required": ["booking_id"],
    "additionalProperties": False,
}
TOOLS: dict[str, dict[str, Any]] = {
    "cancel_booking": CANCEL,
    "get_booking": {"type": "object", "properties": {"booking_id": {"type": "string"}}},
    "search_flights": {"type": "object"},
    "send_certificate": {"type": "object"},
    "transfer_to_human_agents": {"type": "object"},
}
"""The tools of an invented airline."""


def case_of(*messages: Message, tools: dict[str, dict[str, Any]] | None = None) -> Case:
    """A decision that was made after some messages."""
    offered = TOOLS if tools is None else tools
    return Case(
        decision_id="d",
        thread_id="t",
        decided_at=datetime(2026, 5, 1, tzinfo=UTC),
        retention_days=30,
        request=Request(
            messages=list(messages),
            tools=[
                {"type": "function", "function": {"name": name, "parameters": schema}}
                for name, schema in offered.items()
            ],
            params={},
        ),
        recorded=Answer(),
        versions=Versions(),
        usage=Usage(),
        cost_usd=None,
    )


def customer(text: str) -> Message:
    """What a customer says."""
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    """What the assistant said before."""
    return {"role": "assistant", "content": text}


def used(tool: str, result: str, **arguments: object) -> list[Message]:
    """A call that was made before, and what came back."""
    function = {"name": tool, "arguments": json.dumps(arguments)}
    call = {"id": "call-1", "type": "function", "function": function}
    return [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call-1", "content": result},
    ]


def call(tool: str, **arguments: object) -> ToolCall:
    """A call an answer asks for."""
    return ToolCall(name=tool, arguments=json.dumps(arguments))


def calls(*asked: ToolCall) -> Answer:
    """An answer that asks for calls."""
    return Answer(tool_calls=asked)


def says(text: str) -> Answer:
    """An answer in words."""
    return Answer(text=text)


HELLO = case_of(customer("Hello"))
"""A case in which nothing is known yet."""


def compared(recorded: Answer | str, replayed: Answer | str, case: Case = HELLO) -> Judgement:
    """The judgement on two answers, of which texts may stand for answers in words."""
    first = says(recorded) if isinstance(recorded, str) else recorded
    second = says(replayed) if isinstance(replayed, str) else replayed
    return judge(case, first, second, DEFAULT_CHECKS)


def flags(answer: Answer | str, case: Case = HELLO, checks: Checks = DEFAULT_CHECKS) -> list[str]:
    """The names of the flags that an answer raises, once each."""
    given = says(answer) if isinstance(answer, str) else answer
    judgement = judge(case, given, given, checks)
    return list(dict.fromkeys(flag.name for flag in judgement.replayed_flags))
