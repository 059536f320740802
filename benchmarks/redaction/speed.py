"""How fast each engine is on the same texts, in CPU time of this process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.measurement import median
from benchmarks.redaction import speed_texts, task_dialogues
from benchmarks.redaction.engines import PlainPresidio, redactor
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trainingloop.processor import Redactor

CALLS = "LLM calls with their history, from cold"
KNOWN_CALLS = "LLM calls with their history, all known"
UNCACHED = "messages of LLM calls, uncached"
MESSAGES = "messages full of personal data, first seen"
WHOLE_CHATS = "whole chats, first seen"
CHATS = "chats full of personal data, from cold"
_LONG = "histories of long turns, from cold"
_ROUNDS = 5
_PRESIDIO_ROUNDS = 3
_PRESIDIO_BYTES = 40_000
_PRESIDIO_CALLS = 40
_CUSTOMER = {"name": "Ada Lopez", "email": "ada.lopez@example.com", "address": "12 Sunset Drive"}
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Megabytes a second of both engines on one kind of input."""

    name: str
    ours: float
    presidio: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times Presidio's speed ours is."""
        return self.ours / self.presidio if self.presidio else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds of redacting one model call's input."""

    calls: int
    average_bytes: int
    p50_ms: float
    p99_ms: float


def speeds(presidio: PlainPresidio | None = None, *, finds_names: bool = False) -> list[Speed]:
    """All speeds; Presidio's on a part of each input, because it is slow."""
    chats, longs = speed_texts.chat_histories(), speed_texts.long_histories()
    texts = (
        (MESSAGES, speed_texts.first_seen(), redact_text),
        (WHOLE_CHATS, speed_texts.whole_chats(), redact_history),
        ("chat turns, first seen", speed_texts.chat_turns(), redact_text),
        ("prose without a digit, first seen", speed_texts.clean_prose(), redact_text),
        (CHATS, chats, redact_history),
        (_LONG, longs, redact_history),
    )
    found = _task_speeds(presidio)
    for name, inputs, redact in texts:
        theirs = None if presidio is None else _presidio_speed(inputs, presidio)
        found.append(Speed(name=name, ours=cold_speed(inputs, redact), presidio=theirs))
    theirs_on = {speed.name: speed.presidio for speed in found}
    known = "histories of long turns, all known"
    found.append(Speed(name=known, ours=warm_speed(longs), presidio=theirs_on[_LONG]))
    if finds_names:
        ours = cold_speed(chats, redact_history, has_names=True)
        found.append(Speed(name=f"{CHATS}, names looked for", ours=ours, presidio=theirs_on[CHATS]))
    return found


def _task_speeds(presidio: PlainPresidio | None) -> list[Speed]:
    """The speeds that were promised: calls as they come, repeated, and each message once.

    Counted is what the messages say, without the JSON around it. Presidio, which has no memory,
    is given that text too, message by message.
    """
    calls, different = task_dialogues.calls(), task_dialogues.different_texts()
    size = _bytes(text for call in calls for text in call.texts)
    documents = [call.document for call in calls]
    cold: list[float] = []
    known: list[float] = []
    for _ in range(_ROUNDS):
        redact = partial(redact_history, redactor())
        cold.append(size / _seconds(documents, redact) / _MEGABYTE)
        known.append(size / _seconds(documents, redact) / _MEGABYTE)
    theirs = theirs_once = None
    if presidio is not None:
        every = [text for call in calls[:: len(calls) // _PRESIDIO_CALLS] for text in call.texts]
        theirs = median([_speed(every, presidio.text) for _ in range(_PRESIDIO_ROUNDS)])
        theirs_once = _presidio_speed(different, presidio)
    return [
        Speed(name=CALLS, ours=median(cold), presidio=theirs),
        Speed(name=KNOWN_CALLS, ours=median(known), presidio=theirs),
        Speed(name=UNCACHED, ours=cold_speed(different, redact_text), presidio=theirs_once),
    ]


def cold_speed(
    texts: Sequence[str],
    redact: Callable[[Redactor, str], object],
    *,
    has_names: bool = False,
) -> float:
    """MB/s of a new engine, the median of some rounds."""
    return median(
        [_speed(texts, partial(redact, redactor(has_names=has_names))) for _ in range(_ROUNDS)]
    )


def warm_speed(calls: Sequence[str]) -> float:
    """MB/s of an engine that has seen all of it before."""
    redact = partial(redact_history, redactor())
    return median([_speed(calls, redact) for _ in range(_ROUNDS + 1)][1:])


def latency(*, has_names: bool = False) -> Latency:
    """How long a model call waits: the customer is known, the history grows, most is repeated."""
    calls = speed_texts.chat_calls()
    times: list[float] = []
    for _ in range(_ROUNDS):
        own = redactor(has_names=has_names)
        for conversation in dict.fromkeys(conversation for conversation, _ in calls):
            own.learn(_CUSTOMER, conversation=conversation)
        for conversation, call in calls:
            begin = time.process_time_ns()
            own.attribute(semconv.INPUT_MESSAGES, call, conversation=conversation)
            times.append((time.process_time_ns() - begin) / 1e6)
    times.sort()
    return Latency(
        calls=len(times),
        average_bytes=sum(len(call) for _, call in calls) // len(calls),
        p50_ms=times[len(times) // 2],
        p99_ms=times[len(times) * 99 // 100],
    )


def redact_text(redactor: Redactor, text: str) -> object:
    """Redact one text."""
    return redactor.text(text)


def redact_history(redactor: Redactor, call: str) -> object:
    """Redact the input of one model call."""
    return redactor.attribute(semconv.INPUT_MESSAGES, call)


def _presidio_speed(texts: Sequence[str], presidio: PlainPresidio) -> float:
    size = sum(map(len, texts))
    chosen = texts[:: max(1, size // _PRESIDIO_BYTES)]
    presidio.text(chosen[0])
    return median([_speed(chosen, presidio.text) for _ in range(_PRESIDIO_ROUNDS)])


def _speed(texts: Sequence[str], redact: Callable[[str], object]) -> float:
    return _bytes(texts) / _seconds(texts, redact) / _MEGABYTE


def _bytes(texts: Iterable[str]) -> int:
    return sum(len(text.encode()) for text in texts)


def _seconds(texts: Sequence[str], redact: Callable[[str], object]) -> float:
    begin = time.process_time()
    for text in texts:
        redact(text)
    return time.process_time() - begin
