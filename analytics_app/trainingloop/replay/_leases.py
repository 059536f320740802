"""Who replays a run: one process at a time, and a dead one does not keep it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._fields import flag, only, text, word
from trainingloop.replay.runs import LEASE_S, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.replay._run_rows import RunRows
    from trainingloop.replay.runs import Run

_WRITE_S: Final = 3.0
"""A driver that lives is written down this often; it says so about once a second."""
_MOST_ID: Final = 100
_MOST_REASON: Final = 500
_LIVE: Final = (RunState.RUNNING, RunState.CANCELLING)
_TO_END: Final = (RunState.CANCELLING, RunState.CANCELLED)
"""Of a run whose driver lives. The second is how the first reads once a clock was set."""


@dataclass(slots=True, kw_only=True)
class _Lease:
    """What this process knows of a driver, by a clock that nobody sets."""

    driver: str
    beat_s: float
    written_s: float


class Leases:
    """Gives runs to drivers, and takes them back.

    Durations are told by a monotonic clock as long as this process has heard of the driver itself;
    what another process, or this one before it was started again, has heard is told by the times
    in the store.

    Args:
        rows: of the runs.
        monotonic: seconds since whenever.
    """

    def __init__(self, rows: RunRows, monotonic: Callable[[], float]) -> None:
        self._rows = rows
        self._monotonic = monotonic
        self._leases: dict[tuple[str, str], _Lease] = {}
        # A row is written after a look at the one before it.
        self.turn: Final = threading.Lock()

    def holder(self, tenant: str, run: Run) -> str:
        """Return who replays ``run`` now, "" when nobody does."""
        lease = self._leases.get((tenant, run.run_id))
        if lease is not None and lease.driver == run.driver:
            # Whatever the times in the store say: a clock may have been set since.
            return lease.driver if self._monotonic() - lease.beat_s < LEASE_S else ""
        # Only a run whose last beat is young reads as one that is being replayed.
        return run.driver if run.state in _LIVE else ""

    def is_held_by_another(self, tenant: str, run_id: str, driver: str) -> bool:
        """Tell whether this process knows of another driver that is alive."""
        lease = self._leases.get((tenant, run_id))
        return (
            lease is not None
            and lease.driver != driver
            and self._monotonic() - lease.beat_s < LEASE_S
        )

    def beat(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Hear from a driver: that it begins, goes on, or ends; and tell it how the run is."""
        only(document, "tenant", "run_id", "driver", "is_start", "state", "reason")
        tenant = tenant_of(document)
        driver = text(document, "driver", _MOST_ID, is_needed=True)
        is_start = flag(document, "is_start")
        said = word(document, "state", RunState, RunState.RUNNING)
        if said in (RunState.READY, RunState.CANCELLING):
            raise BadRequestError(f"a driver cannot say that a run is {said.value}")
        reason = text(document, "reason", _MOST_REASON)
        with self.turn:
            run = self._rows.load(tenant, text(document, "run_id", _MOST_ID))
            holder = self.holder(tenant, run)
            if (holder not in ("", driver)) or (not is_start and run.driver != driver):
                return _answer(run, run.state, is_held=False)
            if said is not RunState.RUNNING:
                return self._ended(tenant, run, said, reason)
            return self._goes_on(tenant, run, driver, is_start=is_start)

    def cancel(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Have a run end: by its driver, which hears of it within seconds, or at once."""
        only(document, "tenant", "run_id", "reason")
        tenant, reason = tenant_of(document), text(document, "reason", _MOST_REASON)
        with self.turn:
            run = self._rows.load(tenant, text(document, "run_id", _MOST_ID))
            holder = self.holder(tenant, run)
            if not holder and run.state not in (*_LIVE, RunState.READY, RunState.INTERRUPTED):
                return _answer(run, run.state, is_held=False)
            state = RunState.CANCELLING if holder else RunState.CANCELLED
            if run.state is not state:
                self._rows.change(tenant, run, state=state, reason=reason, driver=holder)
        return _answer(run, state, is_held=bool(holder))

    def _goes_on(
        self, tenant: str, run: Run, driver: str, *, is_start: bool
    ) -> Mapping[str, object]:
        now_s, key = self._monotonic(), (tenant, run.run_id)
        lease = self._leases.get(key)
        is_new = is_start or lease is None or lease.driver != driver
        stays = run.state in _TO_END and not is_start
        state = RunState.CANCELLING if stays else RunState.RUNNING
        if lease is None or is_new:
            lease = self._leases[key] = _Lease(driver=driver, beat_s=now_s, written_s=now_s)
        lease.beat_s = now_s
        if is_new or now_s - lease.written_s >= _WRITE_S or run.state is not state:
            lease.written_s = now_s
            reason = run.reason if stays else ""
            self._rows.change(tenant, run, state=state, reason=reason, driver=driver)
        return _answer(run, state, is_held=True)

    def _ended(self, tenant: str, run: Run, state: RunState, reason: str) -> Mapping[str, object]:
        self._rows.change(tenant, run, state=state, reason=reason)
        self._leases.pop((tenant, run.run_id), None)
        return _answer(run, state, is_held=False)


def _answer(run: Run, state: RunState, *, is_held: bool) -> Mapping[str, object]:
    return {
        "run_id": run.run_id,
        "state": state.value,
        "is_held": is_held,
        "driver": run.driver,
        "silent_s": run.silent_s,
    }
