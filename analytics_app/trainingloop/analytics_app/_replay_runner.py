"""Drives the replays that are started from the pages, in threads of this process."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Self

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.replay.driving import drive
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import RunState, run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.collector.actions import Action
    from trainingloop.replay.driving import Progress
    from trainingloop.replay.runs import Run
    from trainingloop.store import Store, Table

START: Final = "replay/start"
PROGRESS: Final = "replay/progress"
_MOST_RUNS: Final = 4
"""At once: each has a process that asks, and holds some hundred prompts."""
_THREADS: Final = 2 * _MOST_RUNS
# The store keeps a client for each thread that ever used it: those of the runs come and go.
_TAKEN_S: Final = 5.0
_STOP_S: Final = 15.0
"""Questions under way are waited for, then the processes that ask end."""
_LOOK_S: Final = 0.05
_logger = logging.getLogger(__name__)


class ReplayRunner:
    """Starts replays here; closed, it leaves them as they are, to be resumed.

    What it can do is for the pages of this process and not for the JSON API: a replay spends
    money, and reads a key.

    Args:
        store: where the runs are.
        actions: those of the JSON API.
        drives: does a run to its end.
    """

    def __init__(
        self,
        store: Store,
        actions: Mapping[str, Action],
        *,
        drives: Callable[..., object] = drive,
    ) -> None:
        self._workspace = _Workspace(store, actions)
        self._drive = drives
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._threads: dict[tuple[str, str], threading.Thread] = {}
        self._progress: dict[tuple[str, str], Progress] = {}

    def actions(self) -> dict[str, Action]:
        """Return what the pages can have done, by its path."""
        return {START: self.start, PROGRESS: self.progress}

    def start(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Start or resume the run that ``document`` names by ``tenant`` and ``run_id``.

        Raises:
            BadRequestError: it cannot be started: it runs already, its key is missing, or too
                much runs here.
            NotFoundError: there is no such run.
        """
        tenant, run_id = tenant_of(document), str(document.get("run_id", ""))
        self._run(tenant, run_id)
        errors: list[TrainingLoopError] = []
        with self._turn:
            thread = self._thread(tenant, run_id, errors)
            thread.start()
        return {"run_id": run_id, "state": self._taken(tenant, run_id, thread, errors).value}

    def progress(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Say how fast the run that ``document`` names goes; nothing where it is not driven here.

        The store knows how far a run is; how fast, and for how long its endpoint wants nobody to
        ask, only its driver does.
        """
        key = (tenant_of(document), str(document.get("run_id", "")))
        progress, thread = self._progress.get(key), self._threads.get(key)
        if progress is None or thread is None or not thread.is_alive():
            return {}
        return {
            "per_second": progress.per_second,
            "seconds_left": progress.seconds_left,
            "waiting_s": progress.waiting_s,
        }

    def close(self) -> None:
        """Stop what runs, and wait a moment for what is under way."""
        self._stop.set()
        deadline_s = time.monotonic() + _STOP_S
        for thread in list(self._threads.values()):
            thread.join(max(0.0, deadline_s - time.monotonic()))
        self._workspace.close()

    def _thread(
        self, tenant: str, run_id: str, errors: list[TrainingLoopError]
    ) -> threading.Thread:
        self._threads = {key: one for key, one in self._threads.items() if one.is_alive()}
        self._progress = {key: one for key, one in self._progress.items() if key in self._threads}
        if (tenant, run_id) in self._threads:
            raise BadRequestError(f"run {run_id!r} is running: wait until it ends, or cancel it")
        if len(self._threads) >= _MOST_RUNS:
            raise BadRequestError(
                f"{_MOST_RUNS} replays run here: wait until one ends, or start it with "
                "trainingloop replay run"
            )
        thread = threading.Thread(
            target=self._driven, args=(tenant, run_id, errors), name="replay", daemon=True
        )
        self._threads[tenant, run_id] = thread
        return thread

    def _driven(self, tenant: str, run_id: str, errors: list[TrainingLoopError]) -> None:
        def told(progress: Progress) -> None:
            self._progress[tenant, run_id] = progress

        try:
            self._drive(self._workspace, tenant, run_id, stop=self._stop, on_progress=told)
        except TrainingLoopError as error:
            errors.append(error)
        except Exception as error:  # noqa: BLE001  # a thread has nobody to raise it to
            # The type alone: a message may quote what was asked.
            _logger.warning("a replay ended by an error: %s", type(error).__name__)

    def _taken(
        self,
        tenant: str,
        run_id: str,
        thread: threading.Thread,
        errors: list[TrainingLoopError],
    ) -> RunState:
        """Wait until the run is seen to run, or why it cannot is known."""
        deadline_s = time.monotonic() + _TAKEN_S
        while time.monotonic() < deadline_s:
            # Before the errors are looked at: it may end, and say why, at any moment.
            has_ended = not thread.is_alive()
            if errors:
                raise BadRequestError(str(errors[0])) from errors[0]
            state = self._run(tenant, run_id).state
            if state is RunState.RUNNING or has_ended:
                return state
            thread.join(_LOOK_S)
        return RunState.READY

    def _run(self, tenant: str, run_id: str) -> Run:
        try:
            return run_of(self._workspace.reads(tenant), run_id)
        except RunError as error:
            raise NotFoundError(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Reads:
    """The reads of one tenant, done by the threads of the workspace."""

    def __init__(self, workspace: _Workspace, tenant: str) -> None:
        self._workspace = workspace
        self._tenant = tenant

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        return self._workspace.read(self._tenant, name, parameters)


class _Workspace:
    """The store of this process, used by a few threads for all runs."""

    def __init__(self, store: Store, actions: Mapping[str, Action]) -> None:
        self._store = store
        self._actions = actions
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="replay-store")

    def reads(self, tenant: str) -> _Reads:
        """Return the reads of ``tenant``."""
        return _Reads(self, tenant)

    def read(self, tenant: str, name: str, parameters: Mapping[str, object] | None) -> Table:
        """Return the answer of one read."""
        reading: Future[Table] = self._threads.submit(
            lambda: self._store.reads(tenant).table(name, parameters)
        )
        return reading.result()

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Have an action done."""
        return self._threads.submit(lambda: self._actions[action](document)).result()

    def close(self) -> None:
        """Take no more."""
        self._threads.shutdown(wait=True)
