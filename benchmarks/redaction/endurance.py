"""Hostile texts and memory: how long the worst takes, whether it leaks, what it weighs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.measurement import median
from benchmarks.redaction import speed_texts
from benchmarks.redaction.engines import Ours
from benchmarks.redaction.hostile import PLANTED, STUDIED, hostile_texts
from benchmarks.redaction.worker import Worker

_ROUNDS = 3
CAP_SECONDS = 10
_WEIGHED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """What one hostile text did to both engines."""

    name: str
    ours_ms: float
    has_leaked: bool
    presidio_ms: float | None = None
    """Nothing when it was not run, or was stopped."""
    presidio_was_stopped: bool = False
    presidio_has_leaked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Peak megabytes of a process that redacts a hundred messages."""

    ours: float
    presidio: float


def hostile_runs(*, is_quick: bool = False) -> list[Hostile]:
    """Every hostile text; Presidio on those of the study, ten seconds each at most."""
    texts = hostile_texts()
    presidio = Worker("presidio")
    found: list[Hostile] = []
    for name, text in texts.items():
        run = _ours(name, text)
        if name in STUDIED and not is_quick:
            run = _both(run, text, presidio)
        found.append(run)
    presidio.close()
    return found


def _ours(name: str, text: str) -> Hostile:
    times: list[float] = []
    written = text
    for _ in range(_ROUNDS):
        redactor = Ours()
        begin = time.process_time()
        written = redactor.text(text)
        times.append((time.process_time() - begin) * 1000)
    return Hostile(name=name, ours_ms=median(times), has_leaked=PLANTED in written)


def _both(ours: Hostile, text: str, presidio: Worker) -> Hostile:
    answer = presidio.redact(text, most_seconds=CAP_SECONDS)
    return Hostile(
        name=ours.name,
        ours_ms=ours.ours_ms,
        has_leaked=ours.has_leaked,
        presidio_ms=answer.cpu_ms if answer else None,
        presidio_was_stopped=answer is None,
        presidio_has_leaked=answer is not None and PLANTED in answer.written,
    )


def memory() -> Memory:
    """Weigh one process of each engine."""
    return Memory(ours=_weight(Worker("ours")), presidio=_weight(Worker("presidio")))


def _weight(worker: Worker) -> float:
    peak = 0
    for text in speed_texts.first_seen()[:_WEIGHED]:
        answer = worker.redact(text, most_seconds=60)
        peak = answer.peak_kilobytes if answer else peak
    worker.close()
    return peak / 1024
