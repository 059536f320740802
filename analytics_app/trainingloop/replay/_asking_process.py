"""The other end of the process that asks: starts it, feeds it, and knows when it has ended."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from trainingloop.replay._addresses import peers_of
from trainingloop.replay._wire import Opening, answered_from
from trainingloop.replay.answers import Answered, AnswerState
from trainingloop.replay.errors import EndpointError, GuardError, ReplayError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.replay.asking import Question
    from trainingloop.replay.endpoints import Endpoint

_CHILD: Final = Path(__file__).with_name("_child")
_START_S: Final = 60.0
"""Importing the client takes a second, and a minute on a machine that is very busy."""
_END_S: Final = 5.0
_KEPT_VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT")
"""Certificates the machine's owner named; what Windows needs to start a process."""
_SEED: Final = 20261122
"""Of the jitter between retries."""


class AskingProcess:
    """A running process that asks; see `trainingloop.replay.asking.Caller`."""

    def __init__(self, endpoint: Endpoint, key: str, *, concurrency: int, timeout_s: float) -> None:
        """Start it; it asks nothing before `await_safe` has returned."""
        opening = Opening(
            base_url=endpoint.base_url,
            api=endpoint.api,
            key=_usable(key),
            peers=peers_of(endpoint),
            places=_places(),
            concurrency=concurrency,
            timeout_s=timeout_s,
            seed=_SEED,
        )
        self._most = 2 * concurrency
        self._lock = threading.Lock()
        self._open: dict[str, datetime] = {}
        """When each question was asked to which nothing has come yet."""
        self._answers: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._safety: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._paused_until_s = 0.0
        self._has_ended = threading.Event()
        self._process = _started(opening)
        self._questions, results = _pipes(self._process)
        self._reader = threading.Thread(
            target=self._read, args=(results,), name="replay-answers", daemon=True
        )
        self._reader.start()
        self._send(_line(opening.document()))

    @property
    def waiting_s(self) -> float:
        """For how many seconds from now nobody asks."""
        return max(0.0, self._paused_until_s - time.monotonic())

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def await_safe(self) -> None:
        """Return when the process has shown that its guard stands.

        Raises:
            GuardError: it has not.
        """
        try:
            is_safe = self._safety.get(timeout=_START_S)
        except queue.Empty:
            is_safe = False
        if not is_safe:
            raise GuardError(
                f"the process that asks the model did not come up safe ({self._ending()}): "
                "nothing was asked; check that openai and opentelemetry-util-genai of this "
                "release are installed beside trainingloop"
            )

    def ask(self, question: Question) -> None:
        """Send a question."""
        line = _line(
            {
                "question_id": question.question_id,
                "kind": question.kind,
                "body": dict(question.body),
            }
        )
        with self._lock:
            self._check_room(question)
            self._open[question.question_id] = datetime.now(UTC)
        self._send(line)

    def next(self, timeout_s: float) -> Answered | None:
        """Return the next answer."""
        try:
            return self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        """End the process, with whatever is under way."""
        with contextlib.suppress(OSError):  # it ended first, with a question still in the pipe
            self._questions.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_S)

    def _check_room(self, question: Question) -> None:
        if self._has_ended.is_set():
            raise GuardError(
                f"the process that asks the model has ended ({self._ending()}): resume the run, "
                "which starts another; what was answered is kept"
            )
        on_their_way = len(self._open) + self._answers.qsize()
        if on_their_way >= self._most or question.question_id in self._open:
            raise ReplayError(
                f"{on_their_way} questions are on their way and one more was asked: at most "
                f"{self._most} with ids of their own may be; take answers first"
            )

    def _send(self, line: bytes) -> None:
        try:
            self._questions.write(line)
            self._questions.flush()
        except OSError:
            self._has_ended.wait(_END_S)  # the reader says what became of the questions

    def _read(self, results: IO[bytes]) -> None:
        try:
            for line in results:
                self._take(json.loads(line))
        except (ValueError, TypeError, KeyError):
            self._process.kill()  # whoever writes this is no longer the process we started
        finally:
            results.close()
            self._process.wait()
            self._give_back()
            self._safety.put(False)

    def _take(self, document: Mapping[str, Any]) -> None:
        if "answered" in document:
            answered = answered_from(document["answered"])
            with self._lock:
                if self._open.pop(answered.question_id, None) is not None:
                    self._answers.put(answered)
        elif "pause_s" in document:
            self._paused_until_s = time.monotonic() + float(document["pause_s"])
        else:
            self._safety.put(document["is_safe"] is True)

    def _give_back(self) -> None:
        """Say of each question to which nothing will come that nothing came."""
        with self._lock:
            self._has_ended.set()
            for question_id, asked_at in self._open.items():
                self._answers.put(
                    Answered(
                        question_id=question_id,
                        state=AnswerState.CONNECTION,
                        reason=f"the process that asks has ended ({self._ending()})",
                        asked_at=asked_at,
                    )
                )
            self._open.clear()

    def _ending(self) -> str:
        status = self._process.poll()
        if status is None:
            return f"its guard failed its own test, or it said nothing for {_START_S:.0f} s"
        return f"by signal {-status}" if status < 0 else f"with status {status}"


def _line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode("ascii") + b"\n"


def _started(opening: Opening) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # this Python and files of this package
            _command(opening),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Libraries may print what they were asked.
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=Path(sys.executable).anchor,
        )
    except OSError as error:
        raise GuardError(
            f"the process that asks the model could not be started ({error.strerror}): it runs "
            f"{Path(sys.executable).name!r} anew, which must still be there"
        ) from error


def _command(opening: Opening) -> list[str]:
    # Isolated, without site and without writing bytecode: nothing of anybody else runs there.
    python = [sys.executable, "-I", "-S", "-B"]
    start = str(_CHILD / "start.py")
    if os.name != "posix":
        return [*python, start]
    return [*python, str(_CHILD / "launch.py"), str(opening.peers[0][1]), start]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "OTEL_SDK_DISABLED": "true"}


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise GuardError("the process that asks the model has no pipes: start it again")
    return process.stdin, process.stdout


def _places() -> tuple[str, ...]:
    """Return where packages are found: what this process knows, and where openai is."""
    found = importlib.util.find_spec("openai")
    origin = [str(Path(found.origin).parents[1])] if found and found.origin else []
    known = (place for place in sys.path if Path(place).is_absolute() and Path(place).is_dir())
    return tuple(dict.fromkeys([*origin, *known]))


def _usable(key: str) -> str:
    if not key.isascii() or not key.isprintable():
        raise EndpointError(
            "the key of the endpoint holds characters that no key has: it is to be one line of "
            "printable ASCII; check the environment variable it comes from"
        )
    # The client wants one, though local endpoints do not.
    return key or "none"
