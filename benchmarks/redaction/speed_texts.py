"""The texts whose redaction is timed: messages seen for the first time, and growing histories."""

from __future__ import annotations

import json
import random

from benchmarks.redaction.examples import MEASURED
from benchmarks.redaction.sentences import Writer
from benchmarks.redaction.styles import message

CONVERSATIONS = 40
_TURNS = 12
_CHAT_TURNS = 18
_ONE_IN = 8
"""One chat turn in so many holds personal data, as in real service conversations."""
SYSTEM = (
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
_CLEAN = tuple(line for line in _SENTENCES if "{digits}" not in line and "Sunset" not in line)


def first_seen() -> list[str]:
    """600 different messages of four sentences; two of three hold personal data."""
    return list(dict.fromkeys(conversation(seed)[-1] for seed in range(600)))


def clean_prose() -> list[str]:
    """600 messages of a kilobyte without a digit."""
    text = "The room has a view of the lake, a balcony and a coffee machine. " * 16
    return [f"{text}{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(600)]


def long_histories() -> list[str]:
    """The input of every model call of conversations with turns of four sentences."""
    return [call for seed in range(CONVERSATIONS) for call in _calls(SYSTEM, conversation(seed))]


def chat_turns() -> list[str]:
    """Different chat turns of one sentence, one in eight with personal data."""
    return list(dict.fromkeys(turn for seed in range(400) for turn in chat(seed)))


def chat_histories() -> list[str]:
    """The input of every model call of chats of short turns: 3.4 KB on average."""
    return [call for _, call in chat_calls()]


def chat_calls() -> list[tuple[str, str]]:
    """The same, each with the id of its conversation."""
    return [
        (f"chat-{seed}", call)
        for seed in range(CONVERSATIONS * 5)
        for call in _calls(SYSTEM, chat(seed))
    ]


def whole_chats() -> list[str]:
    """Whole chats, each with a system prompt of its own: nothing in them was seen before."""
    return [
        _calls(SYSTEM.replace("small hotel", f"small hotel in street {seed}"), chat(seed))[-1]
        for seed in range(CONVERSATIONS * 5)
    ]


def conversation(seed: int) -> list[str]:
    """Twelve turns of four sentences."""
    chance = random.Random(seed)
    return [
        " ".join(_filled(sentence, chance) for sentence in chance.sample(_SENTENCES, k=4))
        for _ in range(_TURNS)
    ]


def chat(seed: int) -> list[str]:
    """Eighteen turns of one sentence each."""
    dice = random.Random(f"chat {seed}")
    writer = Writer("en", dice)
    turns: list[str] = []
    for _ in range(_CHAT_TURNS):
        if dice.randrange(_ONE_IN) == 0:
            turns.append(message(writer, dice.choice(MEASURED), dice.choice(("chat", "sms"))).text)
        else:
            turns.append(_filled(dice.choice(_CLEAN), dice))
    return turns


def _filled(sentence: str, chance: random.Random) -> str:
    return sentence.format(
        day=chance.randint(10, 28),
        number=chance.randint(100, 999),
        digits=f"{chance.randint(0, 9999):04d}",
        code="".join(chance.choices("ABCDEFGH", k=6)),
    )


def _calls(system: str, turns: list[str]) -> list[str]:
    calls: list[str] = []
    messages = [{"role": "system", "parts": [{"content": system, "type": "text"}]}]
    for index, text in enumerate(turns):
        role = "assistant" if index % 2 else "user"
        messages.append({"role": role, "parts": [{"content": text, "type": "text"}]})
        if role == "user":
            calls.append(json.dumps(messages, separators=(",", ":")))
    return calls
