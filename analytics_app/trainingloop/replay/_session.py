"""One go at a run: takes it, starts what it needs, and says how it ended."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.replay._asker import Asker
from trainingloop.replay._driver import Driver, Parts
from trainingloop.replay._feed import Feed
from trainingloop.replay._heart import Heart
from trainingloop.replay._ledger import Ledger
from trainingloop.replay._moderation import Moderation
from trainingloop.replay._patience import PASSING, PatientReads, patiently
from trainingloop.replay._tally import Tally
from trainingloop.replay._work import Planner
from trainingloop.replay._writer import Writer
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import LEASE_S, Arm, RunState, status_of
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from trainingloop.prices import Prices
    from trainingloop.replay._workspace import ReplayWorkspace
    from trainingloop.replay.answers import AnswerState
    from trainingloop.replay.asking import Caller
    from trainingloop.replay.candidates import Candidate
    from trainingloop.replay.runs import Run

_GRACE_S: Final = 5.0
"""For questions under way when a run is to end: what they bring is paid for."""
_REPORT_S: Final = 0.5
_MOST_DOUBT_S: Final = 3 * LEASE_S
"""Without a word from the store, before a run is given up."""
_MOST_REASON: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is."""

    done: int
    """Decisions, each for every arm, that nothing is left to do for."""
    all: int
    states: Mapping[AnswerState, int]
    """Results by what became of them; in a chain each step is one."""
    asked: int
    """Questions to a model, since the run was started or resumed."""
    cached: int
    """Results that an answer of before brought, since then."""
    tokens: int
    """Paid for by the run, also before it was resumed."""
    cost_usd: float
    """Of the answers whose price is known."""
    per_second: float
    """Decisions that ended, in the last half minute."""
    seconds_left: float | None
    """At that rate; None while nobody can say."""
    waiting_s: float
    """For how long the endpoint wants nobody to ask; 0 if it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run ended, or was left."""

    run_id: str
    state: RunState
    """``interrupted`` when it was stopped here: resumed, it goes on."""
    reason: str
    """Why it ended before all was done."""
    notes: tuple[str, ...]
    """What else there is to know."""
    progress: Progress
    seconds: float
    """Since it was started or resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    state: RunState
    reason: str = ""


class Session:
    """One go at a run.

    Args:
        workspace: the store.
        tenant: whose run it is.
        run: as it was read.
        candidate: who is asked.
        prices: what tokens cost.
        clock: tells what time it is, in UTC.
        driver: names this go.
    """

    def __init__(
        self,
        workspace: ReplayWorkspace,
        tenant: str,
        *,
        run: Run,
        candidate: Candidate,
        prices: Prices,
        clock: Callable[[], datetime],
        driver: str,
    ) -> None:
        self._workspace = workspace
        self._tenant = tenant
        self._run = run
        self._planner = Planner(run, candidate, prices)
        self._clock = clock
        self._moderation = Moderation(is_on=run.options.is_moderated)
        self._names = {"tenant": tenant, "run_id": run.run_id, "driver": driver}
        self._heart = Heart(workspace, **self._names)

    def drive(
        self,
        opened: Callable[[], AbstractContextManager[Caller]],
        on_progress: Callable[[Progress], None],
        stop: threading.Event,
    ) -> Summary:
        """Take the run and do what is left of it; see `trainingloop.replay.driving.drive`."""
        self._take()
        ending = _Ending(state=RunState.INTERRUPTED)
        try:
            with opened() as caller, ExitStack() as stack:
                parts = self._parts(caller, stack)
                report = _Report(parts, on_progress)
                ending = self._to_the_end(self._driver(parts), report, stop)
            return self._summary(ending, report)
        except TrainingLoopError as error:
            ending = _Ending(state=RunState.FAILED, reason=str(error)[:_MOST_REASON])
            raise
        finally:
            self._end(ending)

    def _take(self) -> None:
        answer = self._heart.start()
        if not answer["is_held"]:
            silent_s = float(str(answer["silent_s"]))
            raise RunError(
                f"run {self._run.run_id!r} is being replayed by another process, which said so "
                f"{silent_s:.0f} s ago: wait until it ends or cancel it; of one that has died it "
                f"can be taken over {LEASE_S:.0f} s after its last word"
            )

    def _parts(self, caller: Caller, stack: ExitStack) -> Parts:
        reads = PatientReads(self._workspace.reads(self._tenant))
        status = status_of(reads, self._run.run_id)
        if not status.decisions:
            raise RunError(
                f"the set of run {self._run.run_id!r} holds no decision any more: they were kept "
                "for a time that has passed; freeze a new set"
            )
        options = self._run.options
        ledger = Ledger(
            options.budget,
            tokens=status.tokens,
            cost_usd=status.cost_usd,
            untold_before=status.untold,
        )
        writer = Writer(self._workspace, much=options.concurrency, **self._names)
        stack.callback(writer.close)
        feed = Feed(
            self._workspace.reads(self._tenant),
            self._run,
            self._planner,
            has_results=bool(status.states),
        )
        stack.callback(feed.close)
        return Parts(
            feed=feed,
            planner=self._planner,
            asker=Asker(caller, ledger, self._moderation, options.concurrency),
            ledger=ledger,
            writer=writer,
            tally=Tally(status, time.monotonic),
            reads=reads,
            clock=self._clock,
        )

    def _driver(self, parts: Parts) -> Driver:
        options = self._run.options
        return Driver(parts, concurrency=options.concurrency, repeats=options.floor is Arm.REPEAT)

    def _to_the_end(self, driver: Driver, report: _Report, stop: threading.Event) -> _Ending:
        try:
            return self._looped(driver, report, stop)
        except RunError:
            raise
        except TrainingLoopError as error:
            return _Ending(state=RunState.FAILED, reason=str(error)[:_MOST_REASON])
        finally:
            report.now()

    def _looped(self, driver: Driver, report: _Report, stop: threading.Event) -> _Ending:
        patience = _Patience()
        while not driver.has_ended:
            self._check(report)
            if stop.is_set() and (driver.is_idle or patience.is_over(_GRACE_S)):
                return _Ending(state=RunState.INTERRUPTED, reason="it was stopped")
            if self._heart.is_cancelled:
                driver.cancel()
                if patience.is_over(_GRACE_S):
                    driver.abandon()
            driver.step(may_ask=self._heart.may_ask and not stop.is_set())
            report.sometimes()
        return self._ended(driver, report.parts.ledger)

    def _check(self, report: _Report) -> None:
        if report.parts.writer.error is not None:
            raise report.parts.writer.error
        if self._heart.is_lost:
            raise RunError(
                f"another process has taken over run {self._run.run_id!r}: this one was silent "
                f"for more than {LEASE_S:.0f} s; nothing that was stored is lost"
            )
        if self._heart.silent_s > _MOST_DOUBT_S:
            raise StoreUnavailableError(
                f"the store said nothing for {_MOST_DOUBT_S:.0f} s: resume the run when it is back"
            )

    def _ended(self, driver: Driver, ledger: Ledger) -> _Ending:
        if self._heart.is_cancelled:
            return _Ending(state=RunState.CANCELLED)
        if settled := driver.failure:
            return _Ending(
                state=RunState.FAILED,
                reason=f"the endpoint could not be used ({settled.state.value}): "
                f"{settled.reason.removeprefix('not asked: ')}",
            )
        if driver.is_over_budget:
            return _Ending(state=RunState.OVER_BUDGET, reason=ledger.shortage)
        return _Ending(state=RunState.DONE)

    def _end(self, ending: _Ending) -> None:
        """Say how it ended; a store that does not hear it sees a driver that is silent."""
        with suppress(*PASSING):
            patiently(lambda: self._heart.end(ending.state, ending.reason))

    def _summary(self, ending: _Ending, report: _Report) -> Summary:
        notes: list[str] = []
        if self._moderation.failure is not None:
            notes.append(
                f"the endpoint's moderation could not be asked ({self._moderation.failure.value}): "
                "no answer is flagged by it from there on"
            )
        if report.parts.ledger.unpriced:
            notes.append(
                f"{report.parts.ledger.unpriced} answers came from models whose price is not "
                "known: their cost is in no sum"
            )
        if report.parts.ledger.untold:
            notes.append(
                f"the endpoint does not say what {report.parts.ledger.untold} answers took: they "
                "are in no sum; of a budget they took what was set aside for them"
            )
        return Summary(
            run_id=self._run.run_id,
            state=ending.state,
            reason=ending.reason,
            notes=tuple(notes),
            progress=report.progress(),
            seconds=report.parts.tally.seconds,
        )


class _Patience:
    """Counts from when it is first asked."""

    def __init__(self) -> None:
        self._until_s: float | None = None

    def is_over(self, seconds: float) -> bool:
        """Tell whether it was first asked more than so long ago."""
        if self._until_s is None:
            self._until_s = time.monotonic() + seconds
        return time.monotonic() > self._until_s


class _Report:
    """Tells somebody how far a run is, now and then."""

    def __init__(self, parts: Parts, on_progress: Callable[[Progress], None]) -> None:
        self.parts: Final = parts
        self._tell = on_progress
        self._next_s = 0.0

    def sometimes(self) -> None:
        """Tell it, if that was not done a moment ago."""
        if time.monotonic() >= self._next_s:
            self.now()

    def now(self) -> None:
        """Tell it."""
        self._next_s = time.monotonic() + _REPORT_S
        self._tell(self.progress())

    def progress(self) -> Progress:
        """Return how far the run is."""
        tally, ledger, asker = self.parts.tally, self.parts.ledger, self.parts.asker
        return Progress(
            done=tally.done,
            all=tally.all,
            states=tally.counted(),
            asked=asker.asked,
            cached=tally.cached,
            tokens=ledger.tokens,
            cost_usd=ledger.cost_usd,
            per_second=tally.per_second,
            seconds_left=tally.seconds_left,
            waiting_s=asker.waiting_s,
        )
