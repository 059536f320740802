"""How fast personal data is taken out: texts seen for the first time, and growing histories.

A model call repeats the whole conversation before it, so most of what a recorder redacts it has
redacted before. Measured are both ends and a real mixture: conversations of twelve turns with a
system prompt, each call with the history so far. All texts are generated from a fixed seed.
"""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

from benchmarks.measurement import Measurement, median
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY = b"a key for the benchmark, 32+ bytes"
_ROUNDS = 5
_CONVERSATIONS = 40
_TURNS = 12
_SYSTEM = (
    "You are the assistant of a small hotel. Answer kindly and briefly. Check in is at 15:00, "
    "check out at 11:00. A late check out costs 20 EUR. Never promise a room that the tool did "
    "not confirm. Ask for the phone number before you book. Escalate complaints to a person. "
) * 8
_SENTENCES = (
    "I would like to book a double room from {day} May until {day} June.",
    "Is breakfast included, and how much is the parking per night?",
    "Your reservation {code} costs {number} EUR in total, taxes included.",
    "My name is Ada and my number is +1 415 555 {digits}.",
    "Please send the confirmation to ada.{digits}@example.com.",
    "The room has a view of the lake, a balcony and a coffee machine.",
    "We arrive with flight HAT{number} at 10:45 on 2026-05-{day}.",
    "Could you tell me whether the dog may come with us?",
    "I live at {number} Sunset Drive, apartment {day}.",
    "Thank you, that is all for now. Have a nice day!",
    "I am afraid the suite is not available for those nights, but a twin room is.",
    "Could we get a quiet room, please? My partner sleeps badly.",
    "That is fine. Which documents do we need when we arrive?",
    "You can change or cancel free of charge until {day} days before your arrival.",
    "The restaurant opens at 18:30 and the kitchen closes at 21:{day}.",
    "We had a very good stay last year and would like to come back.",
    "Let me check that for you. One moment, please.",
    "The difference is {number} EUR for the whole stay, and breakfast is on the house.",
)


def run() -> list[Measurement]:
    """Measure one core, in this process."""
    return [_first_seen(), _histories(), _known(), _clean()]


def _first_seen() -> Measurement:
    texts = list(dict.fromkeys(_conversation(seed)[-1] for seed in range(600)))
    speed = _speed(texts, _redact_text)
    return Measurement(
        name="text seen for the first time", value=speed, unit="MB/s", note="one core"
    )


def _histories() -> Measurement:
    speed = _speed(_calls(), _redact_history)
    return Measurement(
        name="histories of 12-turn conversations, from cold",
        value=speed,
        unit="MB/s",
        note="one core",
    )


def _known() -> Measurement:
    calls = _calls()
    redactor = Redactor(key=_KEY, engine="fast")
    for call in calls:
        _redact_history(redactor, call)
    speed = _speed(calls, _redact_history, redactor)
    return Measurement(
        name="histories of which every message is known", value=speed, unit="MB/s", note="one core"
    )


def _clean() -> Measurement:
    text = "The room has a view of the lake, a balcony and a coffee machine. " * 16
    texts = [f"{text}{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(600)]
    speed = _speed(texts, _redact_text)
    return Measurement(
        name="prose without a digit, first seen", value=speed, unit="MB/s", note="one core"
    )


def _redact_text(redactor: Redactor, text: str) -> object:
    return redactor.text(text)


def _redact_history(redactor: Redactor, call: str) -> object:
    return redactor.attribute(semconv.INPUT_MESSAGES, call)


def _speed(
    texts: list[str], redact: Callable[[Redactor, str], object], redactor: Redactor | None = None
) -> float:
    size = sum(map(len, texts))
    speeds: list[float] = []
    for _ in range(_ROUNDS):
        engine = redactor or Redactor(key=_KEY, engine="fast")
        begin = time.process_time()
        for text in texts:
            redact(engine, text)
        speeds.append(size / (time.process_time() - begin) / 1e6)
    return median(speeds)


def _calls() -> list[str]:
    """The input of every model call of all conversations."""
    calls: list[str] = []
    for seed in range(_CONVERSATIONS):
        messages = [{"role": "system", "parts": [{"content": _SYSTEM, "type": "text"}]}]
        for index, text in enumerate(_conversation(seed)):
            role = "assistant" if index % 2 else "user"
            messages.append({"role": role, "parts": [{"content": text, "type": "text"}]})
            if role == "user":
                calls.append(json.dumps(messages, separators=(",", ":")))
    return calls


def _conversation(seed: int) -> list[str]:
    chance = random.Random(seed)
    return [
        " ".join(
            sentence.format(
                day=chance.randint(10, 28),
                number=chance.randint(100, 999),
                digits=f"{chance.randint(0, 9999):04d}",
                code="".join(chance.choices("ABCDEFGH", k=6)),
            )
            for sentence in chance.sample(_SENTENCES, k=4)
        )
        for _ in range(_TURNS)
    ]
