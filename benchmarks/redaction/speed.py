"""How fast each engine is on the same texts, in CPU time of this process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.measurement import median
from benchmarks.redaction import speed_texts
from benchmarks.redaction.engines import KEY, PlainPresidio
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS = 5
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


def speeds(presidio: PlainPresidio | None = None, *, sample: int = 25) -> list[Speed]:
    """All speeds; Presidio's on every nth text, because it is slow and each text costs the same."""
    chats, longs = speed_texts.chat_histories(), speed_texts.long_histories()
    texts = (
        ("messages of four sentences, first seen", speed_texts.first_seen(), redact_text),
        ("chat turns, first seen", speed_texts.chat_turns(), redact_text),
        ("prose without a digit, first seen", speed_texts.clean_prose(), redact_text),
        ("chat histories, from cold", chats, redact_history),
        ("histories of long turns, from cold", longs, redact_history),
    )
    found: list[Speed] = []
    for name, inputs, redact in texts:
        theirs = None if presidio is None else _presidio_speed(inputs, presidio, sample)
        found.append(Speed(name=name, ours=cold_speed(inputs, redact), presidio=theirs))
    known = next(item for item in found if item.name == "histories of long turns, from cold")
    found.append(
        Speed(
            name="histories of which every message is known",
            ours=warm_speed(longs),
            presidio=known.presidio,
        )
    )
    return found


def cold_speed(texts: Sequence[str], redact: Callable[[Redactor, str], object]) -> float:
    """MB/s of a new engine, the median of some rounds."""
    return median([_speed(texts, partial(redact, new_redactor())) for _ in range(_ROUNDS)])


def warm_speed(calls: Sequence[str]) -> float:
    """MB/s of an engine that has seen all of it before."""
    redactor = new_redactor()
    return median(
        [_speed(calls, partial(redact_history, redactor)) for _ in range(_ROUNDS + 1)][1:]
    )


def latency() -> Latency:
    """How long a model call waits, a new engine a round: histories grow, most is repeated."""
    calls = speed_texts.chat_histories()
    times: list[float] = []
    for _ in range(_ROUNDS):
        redactor = new_redactor()
        for call in calls:
            begin = time.process_time_ns()
            redact_history(redactor, call)
            times.append((time.process_time_ns() - begin) / 1e6)
    times.sort()
    return Latency(
        calls=len(times),
        average_bytes=sum(map(len, calls)) // len(calls),
        p50_ms=times[len(times) // 2],
        p99_ms=times[len(times) * 99 // 100],
    )


def new_redactor() -> Redactor:
    """An engine that has seen nothing."""
    return Redactor(key=KEY, engine="fast")


def redact_text(redactor: Redactor, text: str) -> object:
    """Redact one text."""
    return redactor.text(text)


def redact_history(redactor: Redactor, call: str) -> object:
    """Redact the input of one model call."""
    return redactor.attribute(semconv.INPUT_MESSAGES, call)


def _presidio_speed(texts: Sequence[str], presidio: PlainPresidio, sample: int) -> float:
    chosen = texts[:: max(1, len(texts) // sample)]
    presidio.text(chosen[0])
    return _speed(chosen, presidio.text)


def _speed(texts: Sequence[str], redact: Callable[[str], object]) -> float:
    size = sum(len(text.encode()) for text in texts)
    begin = time.process_time()
    for text in texts:
        redact(text)
    return size / (time.process_time() - begin) / _MEGABYTE
