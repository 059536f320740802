"""Works out what came of decisions: one sweep over all that may have changed.

Everything is done by the store's engine, a slice of the threads at a time, so that a sweep over
years needs no more memory than one over a day.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from trainingloop.outcomes._slices import MOMENTS_A_SLICE, slices_of
from trainingloop.outcomes._statements import rule_parts, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.outcomes.rules import Rules
    from trainingloop.store import Store, Table

_OVERLAP: Final = timedelta(seconds=10)
"""Rows carry the time their insert began; what was being inserted is looked at again."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SWEEP_COLUMNS: Final = (
    "watermark",
    "rules_version",
    "started_at",
    "ended_at",
    "threads",
    "outcomes",
)
_NUMBERS: Final = itertools.count()
_BINDS: Final = re.compile(r"\{(\w+):")
_SWEEPING: Final = threading.Lock()
"""One sweep at a time in a process: two would need the memory twice, for the same result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What a sweep did."""

    threads: int
    """How many were looked at."""
    outcomes: int
    """How many rows were written: what has not changed is not written again."""
    watermark: datetime
    """The next sweep looks at what came in later than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sweep has come."""

    slices_done: int
    slices: int


def sweep(
    store: Store,
    rules: Rules,
    now: datetime,
    *,
    since: datetime | None = None,
    tenant: str = "",
    on_progress: Callable[[Progress], None] | None = None,
) -> Sweep:
    """Bring the outcomes of ``store`` up to date, and return what that took.

    Looked at are the threads that got something since the last sweep and those with a window that
    has passed; all of them, when the rules have changed. A sweep that dies is done again by the
    next one, and one with nothing new writes nothing.

    Args:
        store: where decisions, events and outcomes are.
        rules: what to judge by.
        now: what has not happened by now does not count, and windows that end later are open.
        since: look again at what came in since then, if that is further back.
        tenant: of this tenant only; the next sweep then starts where this one did.
        on_progress: told after each slice of the threads.

    Raises:
        StoreUnavailableError: the engine refused; sweep again.
    """
    with _SWEEPING:
        return _Sweeping(store, rules, now, tenant).run(since, on_progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LastSweep:
    """Where the last sweep began; with all zeros there was none."""

    watermark_ms: int = 0
    started_ms: int = 0
    rules_version: str = ""


class _Sweeping:
    """One sweep."""

    def __init__(self, store: Store, rules: Rules, now: datetime, tenant: str) -> None:
        self._store = store
        self._rules = rules
        self._now = now
        self._started = time.monotonic()
        self._now_ms = _milliseconds(now)
        judging = rule_parts(rules)
        self._parts = dict(judging.parts)
        self._parameters: dict[str, object] = {
            **judging.parameters,
            "now_ms": self._now_ms,
            "tenant": tenant,
            # Two sweeps of one moment do not mix.
            "sweep_id": self._now_ms * 1000 + next(_NUMBERS) % 1000,
        }

    def run(self, since: datetime | None, on_progress: Callable[[Progress], None] | None) -> Sweep:
        """Sweep from where the last one was, or from ``since``."""
        last = self._last_sweep()
        self._look_since(last, since)
        # By the store's clock, unless that is ahead of ours: what comes in later is later.
        watermark_ms = min(self._number("newest_arrival"), self._now_ms)
        written = self._number("count_written")
        threads = self._sweep_slices(on_progress)
        done = Sweep(
            threads=threads,
            outcomes=self._number("count_written") - written,
            watermark=_EPOCH + timedelta(milliseconds=watermark_ms),
        )
        if not self._parameters["tenant"]:
            self._remember(done)
        return done

    def _last_sweep(self) -> _LastSweep:
        """Return the last sweep, after forgetting those of a clock that was ahead."""
        last = self._newest_sweep()
        if max(last.watermark_ms, last.started_ms) <= self._now_ms:
            return last
        self._run("forget_sweeps")
        return self._newest_sweep()

    def _newest_sweep(self) -> _LastSweep:
        rows = self._run("last_sweep").rows
        if not rows:
            return _LastSweep()
        watermark_ms, started_ms, version = cast("tuple[int, int, str]", rows[0])
        return _LastSweep(watermark_ms=watermark_ms, started_ms=started_ms, rules_version=version)

    def _look_since(self, last: _LastSweep, since: datetime | None) -> None:
        """Set what is looked at: what came in, and windows that passed, since these moments."""
        overlap_ms = _OVERLAP // timedelta(milliseconds=1)
        has_other_rules = last.rules_version != self._rules.version
        since_ms = 0 if has_other_rules else max(0, last.watermark_ms - overlap_ms)
        swept_ms = 0 if has_other_rules else max(0, last.started_ms - overlap_ms)
        if since is not None:
            since_ms, swept_ms = min(since_ms, _milliseconds(since)), 0
        if since_ms <= 0:
            self._parts |= {"due": "", "is_due": "true"}
        self._parameters |= {"since_ms": since_ms, "swept_ms": swept_ms}

    def _sweep_slices(self, on_progress: Callable[[Progress], None] | None) -> int:
        """Derive and judge all that is due, and return how many threads that are."""
        self._run("mark_due")
        hours = self._run("slices").rows
        slices = slices_of(hours, moments=MOMENTS_A_SLICE)
        for number, one in enumerate(slices):
            self._parameters |= asdict(one)
            for name in one.statements:
                self._run(name)
            if on_progress:
                on_progress(Progress(slices_done=number + 1, slices=len(slices)))
        return sum(cast("int", hour[1]) for hour in hours)

    def _remember(self, done: Sweep) -> None:
        """Write down where the next sweep begins, last of all."""
        row = [
            done.watermark,
            self._rules.version,
            self._now,
            self._now + timedelta(seconds=time.monotonic() - self._started),
            done.threads,
            done.outcomes,
        ]
        self._store.append("outcome_sweeps", _SWEEP_COLUMNS, [row])

    def _number(self, name: str) -> int:
        return cast("int", self._run(name).rows[0][0])

    def _run(self, name: str) -> Table:
        text = statement(name, self._parts)
        names = set(_BINDS.findall(text))
        parameters = {name: value for name, value in self._parameters.items() if name in names}
        return self._store.execute(text, parameters)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
