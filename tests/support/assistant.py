"""Some weeks of an assistant for bookings, as rows: what the pages are looked at with."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from support.spans import START, event_row, model_turn, span_row, tool_request, tool_run
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from trainingloop.store import SpanRow

_QUESTIONS = (
    "Hello, do you have time on Friday? You can reach me on <PHONE_7f3k2q9d>.",
    "Can I move my booking to next week?",
    "I was charged twice and want my money back.",
    "Where do I find you?",
)
_ANSWERS = (
    "We have 09:30 and 14:00 free on Friday. Which one suits you?",
    "Your booking is moved. The confirmation went to <EMAIL_q9d7f3k2>.",
    "I am sorry about that. A colleague will look at it today.",
    "We are at <STREET_m2x4k7pa>, next to the station.",
)
_PROMPT = "You are the front desk of a small practice.\nBe brief, and never promise a refund."
_TOOLS = [
    {
        "type": "function",
        "name": "free_slots",
        "description": "The free slots of a day.",
        "parameters": {"type": "object", "properties": {"day": {"type": "string"}}},
    },
    {
        "type": "function",
        "name": "book",
        "description": "Books a slot for a customer.",
        "parameters": {"type": "object", "properties": {"day": {"type": "string"}}},
    },
]
_RULES = [
    {"rule": "offer_two_slots", "fired": True, "reason": "the customer named a day"},
    {"rule": "refund_needs_human", "fired": False, "reason": "no refund was asked for"},
]
_MARKUP = '<b>now</b> **please** <PHONE_7f3k2q9d> <img src=x onerror="window.wasRun=1">'
_WEEKS_S = 26 * 86_400
_CONVERSATIONS = 90


def recorded_weeks(*, until: datetime) -> list[SpanRow]:
    """Return the rows of some weeks that end at ``until``; the same ones for the same time."""
    chance = random.Random(7)
    end = until.timestamp() - START.timestamp()
    rows: list[SpanRow] = []
    for number in range(_CONVERSATIONS):
        begins = end - chance.random() * _WEEKS_S - 20_000
        rows += _Conversation(chance, number, begins).rows()
    rows.append(event_row("inbound", number=1, text=_MARKUP, conversation="conv-markup"))
    return rows


class _Conversation:
    """One conversation, with versions of its own."""

    def __init__(self, chance: random.Random, number: int, begins: float) -> None:
        self._chance = chance
        self._id = f"conv-{number:04d}"
        self._number = number * 100 + 100
        self._seconds = begins
        self._history: list[dict[str, object]] = []
        version, arm = chance.choice([("3.1", "control"), ("3.2", "experiment")])
        self._model = chance.choice(["demo-large-2026-08", "demo-small-2026-08"])
        self._facts = {
            semconv.PLAYBOOK_ID: "booking",
            semconv.PLAYBOOK_VERSION: version,
            semconv.EXPERIMENT_ID: "tone",
            semconv.EXPERIMENT_VARIANT: arm,
            semconv.COHORT: f"booking_v{version}_{arm}",
            semconv.CHANNEL: chance.choice(["whatsapp", "web", "email"]),
            semconv.PROMPT_NAME: "greeter",
            semconv.PROMPT_VERSION: "7",
            semconv.PROMPT_HASH: "8d1f00aa12ef3344",
            semconv.TOOLS_HASH: "51c0ffee51c0ffee",
            semconv.CODE_VERSION: "a1b2c3d",
            semconv.ENDUSER_PSEUDO_ID: "cst_kq3m7f2a",
            semconv.PROVIDER_NAME: "openai",
            semconv.REDACTION_VERSION: "1",
            semconv.REDACTION_STATUS: "ok",
            semconv.REDACTION_COUNT: "2",
            semconv.REDACTION_ENTITIES: json.dumps({"PHONE": 1, "EMAIL": 1}),
            semconv.RECORDER_EMITTED: "800",
            semconv.RECORDER_DROPPED: "3",
        }

    def rows(self) -> Iterator[SpanRow]:
        """Every turn, and how it ended."""
        for turn in range(self._chance.randint(1, 3)):
            self._seconds += self._chance.choice([40, 300, 4 * 3600]) if turn else 0
            yield from self._turn()
        if self._chance.random() < 0.2:
            yield self._event("escalation", {semconv.EVENT_TARGET: "human_desk"})
        yield self._event("close", {semconv.EVENT_REASON: "resolved"})

    def _turn(self) -> Iterator[SpanRow]:
        question = self._chance.choice(_QUESTIONS)
        self._say("user", {"type": "text", "content": question})
        yield event_row(
            "inbound",
            number=self._next(),
            text=question,
            conversation=self._id,
            seconds=self._seconds,
        )
        yield span_row(
            "evaluate_playbook booking",
            {
                **self._facts,
                semconv.DECISION_KIND: "playbook",
                semconv.OPERATION_NAME: semconv.OPERATION_PLAYBOOK,
                semconv.PLAYBOOK_RULES: json.dumps(_RULES),
                semconv.PLAYBOOK_RULES_FIRED: '["offer_two_slots"]',
            },
            number=self._next(),
            conversation=self._id,
            seconds=self._after(1),
        )
        yield from self._tool_turn(question)
        yield self._answer(question)

    def _tool_turn(self, question: str) -> Iterator[SpanRow]:
        call_id = f"call_{self._number}"
        asked = {
            "type": "tool_call",
            "id": call_id,
            "name": "free_slots",
            "arguments": {"day": "Friday"},
        }
        request = {**tool_request(call_id, "free_slots"), "arguments": {"day": "Friday"}}
        yield self._decided(question, [asked], calls=[request])
        self._say("assistant", asked)
        yield tool_run(
            "free_slots",
            number=self._next(),
            call_id=call_id,
            conversation=self._id,
            seconds=self._after(1),
        )
        result = {"type": "tool_call_response", "id": call_id, "response": ["09:30", "14:00"]}
        self._say("tool", result)

    def _answer(self, question: str) -> SpanRow:
        if self._chance.random() < 0.04:
            failed = self._decided(question, [])
            attributes = {**failed.span_attributes, semconv.ERROR_TYPE: "RateLimitError"}
            return failed._replace(
                span_attributes=attributes, status_code="Error", status_message="try again later"
            )
        part = {"type": "text", "content": self._chance.choice(_ANSWERS)}
        row = self._decided(question, [part], text=part["content"])
        self._say("assistant", part)
        return row

    def _decided(
        self,
        question: str,
        parts: Sequence[Mapping[str, object]],
        *,
        text: str = "",
        calls: list[dict[str, object]] | None = None,
    ) -> SpanRow:
        knew = {
            semconv.SYSTEM_INSTRUCTIONS: json.dumps([{"type": "text", "content": _PROMPT}]),
            semconv.INPUT_MESSAGES: json.dumps(self._history),
            semconv.INPUT_TEXT: question,
            semconv.TOOL_DEFINITIONS: json.dumps(_TOOLS),
            semconv.REQUEST_PARAMS: json.dumps({"tool_choice": "auto", "temperature": 0.2}),
            semconv.OUTPUT_MESSAGES: json.dumps([{"role": "assistant", "parts": parts}]),
            semconv.RESPONSE_MODEL: self._model,
            semconv.INPUT_TOKENS: str(self._chance.randint(200, 900)),
            semconv.OUTPUT_TOKENS: str(self._chance.randint(10, 90)),
        }
        row = model_turn(
            number=self._next(),
            text=text,
            calls=calls or (),
            conversation=self._id,
            seconds=self._after(2),
            more={**self._facts, **knew},
        )
        return row._replace(duration_ns=self._chance.randint(300, 2500) * 10**6)

    def _event(self, kind: str, facts: dict[str, str]) -> SpanRow:
        row = event_row(kind, number=self._next(), conversation=self._id, seconds=self._after(600))
        return row._replace(span_attributes={**row.span_attributes, **facts})

    def _say(self, role: str, part: Mapping[str, object]) -> None:
        self._history.append({"role": role, "parts": [part]})

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _after(self, seconds: float) -> float:
        self._seconds += seconds
        return self._seconds
