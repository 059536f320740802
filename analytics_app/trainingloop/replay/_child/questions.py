"""Takes questions from the standard input and puts answers into the result pipe."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from trainingloop.replay._child.calls import Caller
from trainingloop.replay._child.client import client_for
from trainingloop.replay._child.guard import is_standing, seal
from trainingloop.replay._child.pauses import Pause
from trainingloop.replay._child.rehearsal import rehearse
from trainingloop.replay._wire import answered_document, opening_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def answer_all(opening: Mapping[str, Any], results: int) -> None:
    """Answer until there are no more questions to come.

    Args:
        opening: what is asked, see `trainingloop.replay._wire.Opening`.
        results: descriptor of the result pipe.
    """
    asyncio.run(_answer_all(opening, _Results(results)))


class _Results:
    """The only thing this process writes to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def put(self, document: Mapping[str, Any]) -> None:
        # ASCII: half characters of a model's text stay what they are until they are read.
        line = memoryview(json.dumps(document).encode("ascii") + b"\n")
        while line:
            line = line[os.write(self._descriptor, line) :]


async def _answer_all(document: Mapping[str, Any], results: _Results) -> None:
    opening = opening_from(document)
    client = client_for(opening)
    await rehearse(opening)
    pause = Pause(time.monotonic, lambda seconds: results.put({"pause_s": seconds}))
    caller = Caller(opening, client, pause)
    places = asyncio.Semaphore(opening.concurrency)

    async def settle(question: Mapping[str, Any]) -> None:
        async with places:
            answered = await caller.answer(
                question["question_id"], question["kind"], question["body"]
            )
        results.put({"answered": answered_document(answered)})

    lines: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    _read_lines(lambda line: loop.call_soon_threadsafe(lines.put_nowait, line))
    seal()
    results.put({"is_safe": is_standing()})
    async with asyncio.TaskGroup() as tasks:
        while line := await lines.get():
            tasks.create_task(settle(json.loads(line)))


def _read_lines(take: Callable[[bytes], object], end: Callable[[int], object] = os._exit) -> None:
    """Hand on each line; when the other side is gone, end, whatever is under way."""

    def read() -> None:
        try:
            for line in sys.stdin.buffer:
                take(line)
        finally:
            end(0)

    threading.Thread(target=read, name="questions", daemon=True).start()
