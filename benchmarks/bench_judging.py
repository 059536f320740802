"""What it costs to judge a pair of answers, after a conversation of twenty messages.

Texts and calls are made up for the run, so that no two are the same and nothing is remembered.
"""

from __future__ import annotations

import itertools
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.measurement import Measurement, median
from trainingloop.chat import JsonObject, Request
from trainingloop.replay import Answer, Case, ToolCall, Usage, Versions
from trainingloop.replay.checks import DEFAULT_CHECKS
from trainingloop.replay.judgements import judge

if TYPE_CHECKING:
    from collections.abc import Callable

_PAIRS = 2_000
_NUMBERS = itertools.count(100_000)
_TEXT = (
    "Thank you for waiting. I found booking B{number}, a round trip from Lisbon to Oslo on"
    " 2026-05-12 for 2 passengers.\n\n- Fare: ${price}.50, of which $120 cannot be refunded\n"
    "- Flight: QX{number} at 3:05 PM\n\nAccording to our policy the flight can be changed until"
    " the day before. Once you confirm, I will send the new ticket to <EMAIL_abcd2345>."
    " Would you like me to go ahead?"
)
_SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "booking_id": {"type": "string"},
        "cabin": {"type": "string", "enum": ["economy", "business"]},
        "flights": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"number": {"type": "string"}, "date": {"type": "string"}},
                "required": ["number", "date"],
            },
        },
    },
    "required": ["booking_id", "flights"],
    "additionalProperties": False,
}


def run() -> list[Measurement]:
    """Take the processor's time of each judgement by itself, which other programs change less."""
    cases = [_case() for _ in range(_PAIRS)]
    return [
        _measured("two texts of 370 characters", cases, _says),
        _measured("two calls with two flights each", cases, _calls),
    ]


def _measured(name: str, cases: list[Case], answer: Callable[[], Answer]) -> Measurement:
    pairs = [(answer(), answer()) for _ in cases]
    took_us: list[float] = []
    for case, (recorded, replayed) in zip(cases, pairs, strict=True):
        started = time.thread_time()
        judge(case, recorded, replayed, DEFAULT_CHECKS)
        took_us.append((time.thread_time() - started) * 1e6)
    late = sorted(took_us)[int(len(took_us) * 0.95)]
    return Measurement(name=name, value=median(took_us), unit="µs", note=f"p95 {late:,.0f} µs")


def _says() -> Answer:
    return Answer(text=_text())


def _calls() -> Answer:
    number = next(_NUMBERS)
    flights = [{"number": f"QX{number + leg}", "date": "2026-05-12"} for leg in range(2)]
    arguments = {"booking_id": f"B{number}", "cabin": "economy", "flights": flights}
    return Answer(tool_calls=(ToolCall(name="change_flights", arguments=json.dumps(arguments)),))


def _case() -> Case:
    messages: list[JsonObject] = [{"role": "system", "content": _text() * 10}]
    for turn in range(19):
        role = "assistant" if turn % 2 else "user"
        messages.append({"role": role, "content": _text() if turn % 2 else "Yes, change it please"})
    function = {"name": "change_flights", "parameters": _SCHEMA}
    return Case(
        decision_id="d",
        thread_id="t",
        decided_at=datetime(2026, 5, 1, tzinfo=UTC),
        retention_days=30,
        request=Request(
            messages=messages, tools=[{"type": "function", "function": function}], params={}
        ),
        recorded=Answer(),
        versions=Versions(),
        usage=Usage(),
        cost_usd=None,
    )


def _text() -> str:
    number = next(_NUMBERS)
    return _TEXT.format(number=number, price=number % 900 + 100)
