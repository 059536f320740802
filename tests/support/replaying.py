"""Runs of replays against a real store, driven in this process or by a command."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from support.replay_sets import freeze
from trainingloop.prices import Price, Prices
from trainingloop.processor import Redactor
from trainingloop.replay.actions import run_actions
from trainingloop.replay.driving import drive
from trainingloop.replay.runs import status_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime

    from trainingloop.replay.driving import Progress, Summary
    from trainingloop.replay.runs import RunStatus
    from trainingloop.store import Reads, Store

    Row = dict[str, Any]

KEY = b"a key of sixteen bytes or more.."
PRICES = Prices(
    entries=(
        Price(model="candidate-1", input_usd=1.0, cached_input_usd=1.0, output_usd=10.0),
        Price(model="demo-large", input_usd=2.0, cached_input_usd=2.0, output_usd=20.0),
    )
)


class Replaying:
    """A workspace on an open store, with what tests ask of it."""

    def __init__(
        self,
        store: Store,
        tenant: str = "default",
        *,
        redactor: Redactor | None = None,
        **clocks: Callable[[], Any],
    ) -> None:
        self.store = store
        self.tenant = tenant
        self.failure: Exception | None = None
        """Raised by each action instead of doing it."""
        self.acted: list[tuple[str, Mapping[str, object]]] = []
        self._actions = run_actions(store, redactor or Redactor(key=KEY), PRICES, **clocks)

    def reads(self, tenant: str) -> Reads:
        """Return the reads of ``tenant``."""
        return self.store.reads(tenant)

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Do what a document asks of an action."""
        self.acted.append((action, document))
        if self.failure is not None:
            raise self.failure
        return self._actions[action](document)

    def make(
        self,
        base_url: str,
        *,
        set_id: str = "",
        candidate: Mapping[str, object] | None = None,
        checks: Mapping[str, object] | None = None,
        **options: object,
    ) -> str:
        """Make a run of everything the tenant has, or of a set, and return its id."""
        document = {
            "tenant": self.tenant,
            "set": set_id or freeze(self.store, self.tenant).set_id,
            "candidate": {
                "name": "the candidate",
                "base_url": base_url,
                "model": "candidate-1",
                "key_variable": "REPLAY_TEST_KEY",
                **(candidate or {}),
            },
            "options": {"concurrency": 4, "timeout_s": 10, **options},
            **({"checks": dict(checks)} if checks else {}),
        }
        return str(self.act("replay/runs", document)["run_id"])

    def drive(
        self,
        run_id: str,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        driver: str = "",
    ) -> Summary:
        """Drive a run to its end."""
        return drive(
            self,
            self.tenant,
            run_id,
            on_progress=on_progress,
            stop=stop,
            prices=PRICES,
            driver=driver,
        )

    def status(self, run_id: str) -> RunStatus:
        """Return how far a run is."""
        return status_of(self.reads(self.tenant), run_id)

    def rows(self, run_id: str) -> list[Row]:
        """Return the results of a run, in the order of decisions, steps and arms."""
        binds = {"run": run_id, "after": "", "limit": 10_000}
        return list(self.reads(self.tenant).table("replay_answers_page", binds).records())

    def stored(self, run_id: str, *columns: str) -> list[Row]:
        """Return some columns of the results of a run as they are stored."""
        table = self.store.execute(
            f"SELECT {', '.join(columns)} FROM replay_results WHERE run_id = {{run:String}} "
            "ORDER BY decision_id, step, arm",
            {"run": run_id},
        )
        return list(table.records())


@contextmanager
def command_process(*arguments: str) -> Generator[subprocess.Popen[bytes]]:
    """Run the command in a process of its own, which ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trainingloop.cli", *arguments], stdin=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def at(*moments: datetime) -> Callable[[], datetime]:
    """Return a clock that shows each moment once, and then the last for ever."""
    left = list(moments)
    return lambda: left.pop(0) if len(left) > 1 else left[0]
