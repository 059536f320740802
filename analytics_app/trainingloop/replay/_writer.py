"""Has results stored as they come in, in a thread of its own."""

from __future__ import annotations

import json
import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._patience import patiently
from trainingloop.replay._stored import answer_from
from trainingloop.replay.answers import Answer, AnswerState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.replay._asked_results import AskedResult
    from trainingloop.replay._work import Work
    from trainingloop.replay._workspace import ReplayWorkspace

_MOST: Final = 64
"""In one document."""
_PAUSE_S: Final = 0.2
"""Between documents, unless much is ready: each takes the store 20 ms of CPU, however little it
holds."""
_MOST_BYTES: Final = 512 * 1024
"""The JSON API takes documents of twice that."""
_LONGEST_BYTES: Final = 256 * 1024
"""Of one answer; a hundred pages of text."""
_LEAST_WORTH_COUNTING: Final = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A result on its way into the store."""

    work: Work
    result: AskedResult

    @property
    def is_answer(self) -> bool:
        """Whether a question brought it."""
        return self.result.answered.attempts > 0 and not self.result.is_cached


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A result that is stored."""

    outcome: Outcome
    answer: Answer
    """Redacted."""


class Writer:
    """Stores whatever is ready, up to five times a second, or once much is.

    Args:
        workspace: through which it is stored.
        tenant: whose it is.
        run_id: the run.
        driver: who replays it.
        much: how many results are stored at once, whenever that was last done.
    """

    def __init__(
        self, workspace: ReplayWorkspace, *, tenant: str, run_id: str, driver: str, much: int
    ) -> None:
        self._workspace = workspace
        self._head = {"tenant": tenant, "run_id": run_id, "driver": driver}
        self._much = min(much, _MOST)
        self._next_s = 0.0
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._stored: queue.SimpleQueue[list[Stored]] = queue.SimpleQueue()
        self.error: Exception | None = None
        """Why nothing is stored any more."""
        self._thread = threading.Thread(target=self._write, name="replay-writer", daemon=True)
        self._thread.start()

    def put(self, outcome: Outcome) -> None:
        """Have a result stored soon."""
        self._outcomes.put(replace(outcome, result=storable(outcome.result)))

    def stored(self, timeout_s: float = 0.0) -> list[Stored]:
        """Return what was stored since, waiting for something to be at most so long."""
        found: list[Stored] = []
        try:
            found += self._stored.get(timeout=timeout_s) if timeout_s else self._stored.get_nowait()
            while True:
                found += self._stored.get_nowait()
        except queue.Empty:
            return found

    def close(self) -> None:
        """Store what is left and end."""
        self._outcomes.put(None)
        self._thread.join()

    def _write(self) -> None:
        while batch := self._batch():
            if self.error is None:
                try:
                    self._store(batch)
                except Exception as error:  # noqa: BLE001  # the driver ends the run with it
                    self.error = error

    def _batch(self) -> list[Outcome]:
        """Wait for a result and take those that come with it; none at the end."""
        batch: list[Outcome] = []
        more = self._outcomes.get()
        with suppress(queue.Empty):
            while more is not None:
                batch.append(more)
                if len(batch) == _MOST:
                    break
                more = self._outcomes.get(timeout=self._pause_s(len(batch)))
            else:
                # It is the end, which is to be found again behind what is left to store.
                self._outcomes.put(None)
        self._next_s = time.monotonic() + _PAUSE_S
        return batch

    def _pause_s(self, ready: int) -> float:
        """How long to wait for more."""
        return 0.0 if ready >= self._much else max(0.0, self._next_s - time.monotonic())

    def _store(self, batch: list[Outcome]) -> None:
        for part in _parts(batch):
            document = {
                **self._head,
                "results": [outcome.result.document() for outcome in part],
                # What comes next is of the newest page: it is read at once.
                "page": list(part[-1].work.page),
            }
            act = partial(self._workspace.act, "replay/results", document)
            answer = patiently(act)
            results = cast("list[Mapping[str, object]]", answer["results"])
            self._stored.put(
                [
                    Stored(outcome=outcome, answer=answer_from(result))
                    for outcome, result in zip(part, results, strict=True)
                ]
            )


def storable(result: AskedResult) -> AskedResult:
    """Return ``result`` as it can be stored: text that is text, of a length that can be kept."""
    said = result.answered
    if _bytes(said.answer) > _LONGEST_BYTES:
        said = replace(
            said,
            state=AnswerState.GARBLED,
            answer=Answer(),
            reason="the answer is longer than can be stored",
        )
    return replace(
        result,
        answered=replace(
            said,
            answer=_clean_answer(said.answer),
            reason=_clean(said.reason, 400),
            model=_clean(said.model, 200),
            system_fingerprint=_clean(said.system_fingerprint, 200),
            response_id=_clean(said.response_id, 200),
        ),
    )


def _clean_answer(answer: Answer) -> Answer:
    calls = (
        replace(
            call,
            name=_clean(call.name),
            arguments=_clean(call.arguments),
            call_id=_clean(call.call_id),
        )
        for call in answer.tool_calls
    )
    return Answer(
        text=_clean(answer.text),
        tool_calls=tuple(calls),
        refusal=_clean(answer.refusal),
        finish_reason=_clean(answer.finish_reason, 200),
    )


def _clean(text: str, most: int | None = None) -> str:
    """Half of a surrogate pair is no text: JSON can write it, and nothing can store it."""
    return text[:most].encode(errors="replace").decode()


def _bytes(answer: Answer) -> int:
    """How long an answer is in JSON, at most."""
    texts = [answer.text, answer.refusal]
    for call in answer.tool_calls:
        texts += [call.name, call.arguments, call.call_id]
    return sum(_json_bytes(text) for text in texts) + 100 * len(texts)


def _json_bytes(text: str) -> int:
    if len(text) * 6 < _LEAST_WORTH_COUNTING:
        return len(text) * 6
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))


def _parts(batch: list[Outcome]) -> Iterator[list[Outcome]]:
    """Yield the batch in documents that are not too large."""
    part: list[Outcome] = []
    size = 0
    for outcome in batch:
        more = _bytes(outcome.result.answered.answer) + 2048
        if part and size + more > _MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(outcome)
        size += more
    yield part
