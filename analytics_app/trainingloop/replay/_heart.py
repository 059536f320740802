"""Says that a driver lives, and hears what became of its run."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.replay.runs import LEASE_S, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.replay._workspace import ReplayWorkspace

_BEAT_S: Final = 1.0
_TO_END: Final = (RunState.CANCELLING, RunState.CANCELLED)


class Heart:
    """Beats once a second, in a thread of its own, as long as the block lasts.

    Args:
        workspace: where it is heard.
        tenant: whose run it is.
        run_id: the run.
        driver: who replays it.
    """

    def __init__(
        self, workspace: ReplayWorkspace, *, tenant: str, run_id: str, driver: str
    ) -> None:
        self._workspace = workspace
        self._head = {"tenant": tenant, "run_id": run_id, "driver": driver}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="replay-heart", daemon=True)
        self._heard_s = time.monotonic()
        self.is_cancelled = False
        """Whether somebody wants the run to end."""
        self.is_lost = False
        """Whether another driver has the run."""

    def start(self) -> Mapping[str, object]:
        """Ask for the run, and go on beating when it was given; return the answer."""
        answer = self._beat(is_start=True)
        if answer["is_held"]:
            self._thread.start()
        return answer

    @property
    def may_ask(self) -> bool:
        """Whether the run is still this driver's, beyond doubt.

        A process that stood still, or a store that says nothing, may have lost it: another driver
        is given a run whose own has been silent for so long.
        """
        return not self.is_lost and self.silent_s < LEASE_S

    @property
    def silent_s(self) -> float:
        """Since the store was last heard of."""
        return time.monotonic() - self._heard_s

    def end(self, state: RunState, reason: str) -> None:
        """Say how the run ended, and beat no more; a store that fails now hears nothing."""
        self.stop()
        if not self.is_lost:
            self._beat(state=state.value, reason=reason)

    def stop(self) -> None:
        """Beat no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _beat_on(self) -> None:
        while not self._stop.wait(_BEAT_S):
            try:
                answer = self._beat()
            except TrainingLoopError:
                continue  # `may_ask` ends what goes on for too long
            self.is_lost = not answer["is_held"]
            self.is_cancelled = RunState(str(answer["state"])) in _TO_END
            if self.is_lost:
                return

    def _beat(self, **more: object) -> Mapping[str, object]:
        before_s = time.monotonic()
        answer = self._workspace.act("replay/beat", {**self._head, **more})
        self._heard_s = before_s
        return answer
