"""Brings what there is to do for a run, page by page, ahead of those who do it."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final

from trainingloop.replay._patience import PatientReads
from trainingloop.replay._stored import Place, stored_answer
from trainingloop.replay._work import Asking, Settled, Work
from trainingloop.replay.answers import FINAL, AnswerState
from trainingloop.replay.cases import Case
from trainingloop.replay.runs import Arm, Mode
from trainingloop.replay.sets import cases_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay._work import Planner
    from trainingloop.replay.runs import Run
    from trainingloop.replay.sets import UnfitCase

_AHEAD: Final = 2
"""Pages that wait: some hundred prompts."""
_LOOK_S: Final = 0.2


class Feed:
    """Reads cases and what is stored of them, in a thread of its own.

    Args:
        reads: of the tenant, used by that thread alone.
        run: what is replayed.
        planner: says what is to be asked.
        has_results: whether anything is stored of the run.
    """

    def __init__(
        self, reads: TenantReads, run: Run, planner: Planner, *, has_results: bool
    ) -> None:
        self._stop = threading.Event()
        self._reads = PatientReads(reads, self._stop)
        self._run = run
        self._planner = planner
        self._has_results = has_results
        self._pages: queue.Queue[list[Work] | Exception | None] = queue.Queue(_AHEAD)
        self._has_ended = False
        self._thread = threading.Thread(target=self._read, name="replay-feed", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes."""
        return self._has_ended

    def take(self, timeout_s: float) -> list[Work]:
        """Return what there is to do next; nothing when none is there in time.

        Raises:
            TrainingLoopError: the cases could not be read.
        """
        if self._has_ended:
            return []
        try:
            page = self._pages.get(timeout=timeout_s) if timeout_s else self._pages.get_nowait()
        except queue.Empty:
            return []
        if isinstance(page, Exception):
            self._has_ended = True
            raise page
        self._has_ended = page is None
        return page or []

    def close(self) -> None:
        """Read no more."""
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            is_chain = self._run.options.mode is Mode.CHAIN
            for page in cases_of(self._reads, self._run.set_id, with_steps=is_chain):
                self._put(self._planned(page))
                if self._stop.is_set():
                    return
            self._put(None)
        except Exception as error:  # noqa: BLE001  # whoever takes the pages is told
            self._put(error)

    def _put(self, page: list[Work] | Exception | None) -> None:
        while not self._stop.is_set():
            try:
                self._pages.put(page, timeout=_LOOK_S)
            except queue.Full:
                continue
            return

    def _planned(self, page: Sequence[Case | UnfitCase]) -> list[Work]:
        ids = tuple(case.decision_id for case in page)
        stored = self._stored(ids)
        works = [work for case in page for work in self._of_case(case, stored)]
        for work in works:
            work.page = ids
            before = stored.get((work.place.arm, work.place.decision_id), {}).get(work.place.step)
            work.before = before.state if before else None
        self._look_up(works)
        return works

    def _look_up(self, works: Sequence[Work]) -> None:
        """Find what the questions were answered before, in one read."""
        keys = {work.todo.key for work in works if isinstance(work.todo, Asking)}
        repeats = {
            work.todo.key: self._planner.repeat_key(work.todo)
            for work in works
            if isinstance(work.todo, Asking) and self._is_repeated(work)
        }
        keys.update(repeats.values())
        known = known_answers(self._reads, sorted(keys)) if keys else {}
        for work in works:
            if isinstance(work.todo, Asking):
                work.known = known.get(work.todo.key)
                if work.follow is not None and work.todo.key in repeats:
                    work.follow.known_repeat = known.get(repeats[work.todo.key])

    def _is_repeated(self, work: Work) -> bool:
        is_first = work.place.arm is Arm.CANDIDATE and work.place.step == 0
        return is_first and self._run.options.floor is Arm.REPEAT

    def _stored(self, ids: Sequence[str]) -> dict[tuple[Arm, str], dict[int, StoredAnswer]]:
        if not self._has_results:
            return {}
        binds = {"run": self._run.run_id, "decisions": list(ids)}
        table = self._reads.table("replay_answers_of_decisions", binds)
        found: dict[tuple[Arm, str], dict[int, StoredAnswer]] = {}
        for one in map(stored_answer, table.records()):
            place = one.place
            found.setdefault((place.arm, place.decision_id), {})[place.step] = one
        return found

    def _of_case(
        self,
        case: Case | UnfitCase,
        stored: Mapping[tuple[Arm, str], Mapping[int, StoredAnswer]],
    ) -> Iterator[Work]:
        for arm in self._run.options.arms:
            before = stored.get((arm, case.decision_id), {})
            if not isinstance(case, Case):
                if 0 not in before or before[0].state not in FINAL:
                    yield _unfit(case, arm)
            elif arm is not Arm.REPEAT:
                follow = self._planner.follow(case, arm, before)
                follow.repeated = stored.get((Arm.REPEAT, case.decision_id), {})
                if not follow.has_ended:
                    yield self._planner.work(follow)
                elif arm is Arm.CANDIDATE and self._run.options.floor is Arm.REPEAT:
                    yield from self._planner.repeats(follow)


def known_answers(reads: TenantReads, keys: Sequence[str]) -> dict[str, StoredAnswer]:
    """Return what some questions were answered before, in any run of the tenant."""
    table = reads.table("replay_answers_by_key", {"keys": list(keys)})
    return {str(row["cache_key"]): stored_answer(row) for row in table.records()}


def _unfit(case: UnfitCase, arm: Arm) -> Work:
    settled = Settled(state=AnswerState.UNFIT, reason=str(case.reason))
    return Work(place=Place(arm=arm, decision_id=case.decision_id), todo=settled, follow=None)
