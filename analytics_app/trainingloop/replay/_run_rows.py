"""Runs as they are written: each change is a new row, and the newest holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import RunState, run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.replay.runs import Options, Run
    from trainingloop.store import Store

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a run that nobody replays has last been heard of."""
_INSTANT: Final = timedelta(microseconds=1)
_COLUMNS: Final = (
    "tenant_id", "run_id", "set_id", "name", "candidate", "options", "state", "reason", "driver",
    "beat_at", "created_by", "created_at", "updated_at",
)  # fmt: skip


class RunRows:
    """Reads and writes the rows of runs.

    Args:
        store: where they are.
        clock: tells what time it is, in UTC.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self.clock = clock

    def load(self, tenant: str, run_id: str) -> Run:
        """Return the newest row of a run.

        Raises:
            NotFoundError: there is none.
        """
        if not run_id:
            raise BadRequestError("'run_id' must name a run")
        try:
            run = run_of(self._store.reads(tenant), run_id)
        except RunError as error:
            raise NotFoundError(str(error)) from error
        if run.run_id != run_id:
            raise NotFoundError(f"there is no run {run_id!r}: its whole id is {run.run_id!r}")
        return run

    def create(self, tenant: str, run: Run) -> None:
        """Store a run that is new."""
        self._append(tenant, run, NEVER)

    def change(
        self,
        tenant: str,
        run: Run,
        *,
        state: RunState,
        reason: str | None = None,
        driver: str = "",
        options: Options | None = None,
        checks: Mapping[str, object] | None = None,
    ) -> None:
        """Store what became of ``run``, as it was read before.

        Args:
            tenant: whose it is.
            run: as it was read.
            state: its new state.
            reason: why; as before where nothing is said.
            driver: who replays it, and is alive; "" for nobody.
            options: new ones.
            checks: new ones.
        """
        now = self.clock()
        changed = replace(
            run,
            # Interrupted is what a run reads as that is said to be replayed, and by nobody.
            state=RunState.RUNNING if state is RunState.INTERRUPTED else state,
            reason=run.reason if reason is None else reason,
            driver=driver,
            options=options or run.options,
            checks=checks or run.checks,
            # A clock that was set back must not make the older row the newest.
            updated_at=max(now, run.updated_at + _INSTANT),
        )
        self._append(tenant, changed, now if driver else NEVER)

    def _append(self, tenant: str, run: Run, beat_at: datetime) -> None:
        options = {**run.options.document(), "checks": run.checks}
        row = (
            tenant,
            run.run_id,
            run.set_id,
            run.name,
            json.dumps(run.candidate, ensure_ascii=False),
            json.dumps(options, ensure_ascii=False),
            run.state.value,
            run.reason,
            run.driver,
            beat_at,
            run.created_by,
            run.created_at,
            run.updated_at,
        )
        self._store.append("replay_runs", _COLUMNS, [row])
