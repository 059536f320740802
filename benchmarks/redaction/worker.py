"""An engine in a process of its own, so that it can be stopped in time, and weighed."""

from __future__ import annotations

import multiprocessing
import os
import re
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.redaction.engines import Ours, PlainPresidio

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_START_SECONDS = 60
_POLL_SECONDS = 0.1
EngineName = Literal["ours", "presidio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one text."""

    cpu_ms: float
    written: str
    peak_kilobytes: int
    """The most memory the process has had so far."""


class Worker:
    """Redacts one text at a time; starts again after it had to be stopped."""

    def __init__(self, engine: EngineName) -> None:
        self._engine: EngineName = engine
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._engine, theirs), daemon=True)
        self._process.start()
        theirs.close()
        if not self._pipe.poll(_START_SECONDS):
            raise TimeoutError(self._engine)
        self._pipe.recv()

    def redact(self, text: str, *, most_seconds: float) -> Answer | None:
        """The text redacted, or nothing when it took longer than allowed."""
        before = _cpu_seconds(self._process.pid)
        self._pipe.send(text)
        while _cpu_seconds(self._process.pid) - before < most_seconds:
            if self._pipe.poll(_POLL_SECONDS):
                answer: Answer = self._pipe.recv()
                return answer
        self.close()
        self._start()
        return None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(engine: EngineName, pipe: Connection) -> None:
    redactor = Ours() if engine == "ours" else PlainPresidio()
    redactor.text("write to ada@example.com, or call +1 415 555 0132")
    pipe.send(None)
    while True:
        try:
            text = pipe.recv()
        except EOFError:
            return
        begin = time.process_time()
        written = redactor.text(text)
        taken = (time.process_time() - begin) * 1000
        pipe.send(Answer(cpu_ms=taken, written=written, peak_kilobytes=_peak_kilobytes()))


def _cpu_seconds(pid: int | None) -> float:
    """What a process has used so far: wall time says little while others use the machine."""
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return time.monotonic()
    # The second field is the program's name in brackets and may hold spaces.
    fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_kilobytes() -> int:
    """Linux's figure for this program alone; ``getrusage`` remembers the parent's before exec."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))
        if found:
            return int(found[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
