"""Model calls of task dialogues as assistants have them: short turns, long prompts, growing.

Built after the study that the speed targets come from, which had 3,741 calls of task dialogues of
about twenty short turns under one system prompt of 3 KB: 12.8 MB, 33,459 messages, 6,571 of them
different, 3.3 % of the turns with personal data.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.redaction.sentences import Writer, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SYSTEM_BYTES = 3_000
_CALLS = 3_741
_TURNS = (8, 22)
"""The shortest and the longest dialogue."""
_LINES = "tasks"
_SERVICES = ("table", "flight", "hotel", "ride", "film", "calendar", "music")
_ONLY_SHORT, _WITH_OPENING, _WITH_ASIDE = 0.03, 0.65, 0.65
"""Shares of turns: no more than a yes, words before the sentence, another after it."""
_PERSONAL_ONE_IN = 30
_PROMPT = (
    "You are the assistant of a travel and leisure service. Help with restaurants, flights, "
    "hotels, rides, films, music, the calendar and the weather. Ask for what is missing before "
    "you call a tool, one question at a time. Repeat what you understood and have it confirmed "
    "before anything is booked, changed or paid. Never invent a price, a time or a rating: say "
    "what the tool returned, or say that you do not know. When a search finds several offers, "
    "name the best one and say how many others there are. Keep answers to one or two sentences. "
    "Use the twelve-hour clock and dollars. Do not give medical, legal or financial advice. When "
    "the customer is upset, apologise once and offer to hand over to a colleague. "
)
_VALUES = {
    "city": "San Jose|Oakland|Berkeley|Los Angeles|Portland|Seattle|Chicago|Atlanta|Phoenix|Napa"
    "|New York|Toronto|Vancouver|Fremont|Santa Rosa|San Diego|Sacramento|Philadelphia|Palo Alto",
    "food": "Italian|Mexican|Thai|Indian|Chinese|vegetarian|French|seafood|Korean|Greek",
    "airline": "Southern Air|Pacific Wings|Northstar|Transcoast Airlines|Meridian",
    "genre": "drama|comedy|rock|jazz|horror|country|animation|folk|mystery|pop",
    "dayname": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|tomorrow|today",
    "date": "March 1st|March 8th|the 3rd|next Monday|March 12th|tomorrow|the 14th|Saturday"
    "|the 9th of March|this Friday|the 11th|Monday next week",
    "kind": "Blue|Golden|Old|Little|Green|Silver|Grand|Sunny|Red|Northern|Quiet|Copper|Wild",
    "thing": "Door|Lotus|Harbor|Table|Orchard|Lantern|Garden|Bridge|Palms|Anchor|Oak|River|Moon",
    "end": "Kitchen|Inn|Suites|Grill|House|Lodge|Cafe|Plaza|Bistro|Hotel|Theatre",
}
_NUMBERS: dict[str, Callable[[random.Random], str]] = {
    "small": lambda dice: str(dice.randint(1, 5)),
    "count": lambda dice: str(dice.randint(2, 40)),
    "dollars": lambda dice: f"${dice.randint(8, 450)}",
    "clock": lambda dice: (
        f"{dice.randint(1, 12)}:{dice.choice(('00', '15', '30', '45'))} {dice.choice(('am', 'pm'))}"
    ),
    "place": lambda dice: _any(dice, "The {kind} {thing}|{thing} {end}|{kind} {thing} {end}"),
    "film": lambda dice: _any(dice, "The {kind} {thing}|{kind} {thing}s|A {thing} in {city}"),
}
_SLOT = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The input of one model call."""

    document: str
    """As it is recorded: a JSON list of messages."""
    texts: tuple[str, ...]
    """What the messages say, the system prompt first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What all calls together hold."""

    calls: int
    megabytes: float
    """Of what the messages say; the JSON around that is not counted."""
    messages: int
    different: int
    """Turns that no other turn equals."""
    repetition: float
    """How often each byte comes, that of the system prompt included."""
    repetition_of_turns: float
    turn_bytes: float
    personal: float
    """The share of the different turns that hold personal data."""
    with_digits: float
    """And that of those with a digit."""


@cache
def calls() -> tuple[Call, ...]:
    """All calls, in the order in which they were made."""
    found: list[Call] = []
    for dialogue in _dialogues():
        found += _calls(dialogue)
    return tuple(found[:_CALLS])


def different_texts() -> list[str]:
    """Every different message of the calls, once."""
    return list(dict.fromkeys(text for call in calls() for text in call.texts))


def workload() -> Workload:
    """What the calls hold, counted."""
    every = [text for call in calls() for text in call.texts]
    turns = [text for call in calls() for text in call.texts[1:]]
    different = set(turns)
    personal = {turn.text for dialogue in _dialogues() for turn in dialogue if turn.is_personal}
    return Workload(
        calls=len(calls()),
        megabytes=_bytes(every) / 1e6,
        messages=len(every),
        different=len(different),
        repetition=_bytes(every) / _bytes(set(every)),
        repetition_of_turns=_bytes(turns) / _bytes(different),
        turn_bytes=_bytes(turns) / len(turns),
        personal=len(personal & different) / len(different),
        with_digits=sum(any(map(str.isdigit, turn)) for turn in different) / len(different),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    text: str
    is_personal: bool


@cache
def _dialogues() -> tuple[tuple[_Turn, ...], ...]:
    """As many as it takes: an assistant is called once for each turn of a user."""
    found: list[tuple[_Turn, ...]] = []
    made = 0
    while made < _CALLS:
        dialogue = tuple(_turns(random.Random(f"task {len(found)}")))
        made += (len(dialogue) + 1) // 2
        found.append(dialogue)
    return tuple(found)


def _turns(dice: random.Random) -> Iterator[_Turn]:
    """Customer and assistant in turn, about one service and then about another."""
    writer = Writer("en", dice)
    services = dice.sample(_SERVICES, k=2)
    length = dice.randint(*_TURNS)
    for index in range(length):
        is_personal = dice.randrange(_PERSONAL_ONE_IN) == 0
        topic = "personal" if is_personal else services[2 * index // length]
        line = " ".join(_sentences(dice, topic, "agent" if index % 2 else "user"))
        text = "".join(piece.text for piece in writer.pieces(_filled(dice, line)))
        yield _Turn(text=text, is_personal=is_personal)


def _sentences(dice: random.Random, topic: str, speaker: str) -> Iterator[str]:
    own = lines(_LINES)
    if topic != "personal" and dice.random() < _ONLY_SHORT:
        yield dice.choice(own[f"short{speaker}"])
        return
    if dice.random() < _WITH_OPENING:
        yield dice.choice(own[f"opening{speaker}"])
    yield dice.choice(own[f"{topic}{speaker}"])
    if dice.random() < _WITH_ASIDE:
        yield dice.choice(own[f"aside{speaker}"])


def _any(dice: random.Random, forms: str) -> str:
    return _filled(dice, dice.choice(forms.split("|")))


def _filled(dice: random.Random, line: str) -> str:
    """The line with its slots filled; those of personal data are left to who knows them."""

    def value(slot: re.Match[str]) -> str:
        name = slot[1]
        return _NUMBERS[name](dice) if name in _NUMBERS else dice.choice(_VALUES[name].split("|"))

    return _SLOT.sub(value, line)


def _calls(dialogue: Sequence[_Turn]) -> Iterator[Call]:
    system = (_PROMPT * (SYSTEM_BYTES // len(_PROMPT) + 1))[:SYSTEM_BYTES]
    texts, messages = [system], [_message("system", system)]
    for index, turn in enumerate(dialogue):
        texts.append(turn.text)
        messages.append(_message("assistant" if index % 2 else "user", turn.text))
        if not index % 2:
            document = json.dumps(messages, separators=(",", ":"), ensure_ascii=False)
            yield Call(document=document, texts=tuple(texts))


def _message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _bytes(texts: Iterable[str]) -> int:
    return sum(len(text.encode()) for text in texts)
