"""Judges answers as they come in, and stored ones again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.replay._asking_instead import asked as asked_instead
from trainingloop.replay._chain import case_at
from trainingloop.replay._result_rows import Judged
from trainingloop.replay._run_checks import checks_of
from trainingloop.replay._stored import Place, stored_answer
from trainingloop.replay.answers import SPOKEN
from trainingloop.replay.candidates import candidate_from, unchanged
from trainingloop.replay.cases import Case
from trainingloop.replay.judgements import JUDGE_VERSION, judge
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.chat import Request
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay.answers import Answer
    from trainingloop.replay.runs import Run
    from trainingloop.replay.sets import UnfitCase
    from trainingloop.store import Store

_MOST_FIRSTS: Final = 1000


class Judging:
    """Judges the answers of one run.

    Args:
        run: which checks its answers are judged with.
        firsts: what the candidate answered first, which its repeats are compared with.
    """

    def __init__(self, run: Run, firsts: Mapping[Place, Answer]) -> None:
        self._checks = checks_of(run)
        self._candidate = candidate_from(run.candidate)
        self._firsts = firsts
        self.judged_with: Final = f"{JUDGE_VERSION}:{self._checks.digest}"
        """The version of the judge and what it checks for."""

    def judged(
        self,
        case: Case | UnfitCase,
        result: StoredAnswer,
        moderation: tuple[Sequence[str], Sequence[str]],
    ) -> Judged | None:
        """Compare an answer with what was recorded; None where there is nothing to compare."""
        asked = case_at(case, result.place.step) if isinstance(case, Case) else None
        if asked is None or result.state not in SPOKEN:
            return None
        recorded = self._compared(asked, result.place)
        if recorded is None:
            return None
        request = self._request(asked, result.place.arm)
        judgement = judge(
            # The first answer of a candidate, which a repeat is compared with, had its request.
            replace(asked, request=request) if result.place.arm is Arm.REPEAT else asked,
            recorded,
            result.answer,
            self._checks,
            moderation=moderation,
            asked=request,
        )
        return Judged(judgement=judgement, judged_with=self.judged_with)

    def _request(self, case: Case, arm: Arm) -> Request:
        """Return what this arm was asked: a candidate may have another prompt and other tools."""
        given = unchanged(self._candidate) if arm is Arm.BASELINE else self._candidate
        said = asked_instead(given, case)
        return replace(case.request, messages=list(said.messages), tools=list(said.tools))

    def _compared(self, asked: Case, place: Place) -> Answer | None:
        return self._firsts.get(first_of(place)) if place.arm is Arm.REPEAT else asked.recorded


def first_of(place: Place) -> Place:
    """Return where the candidate's first answer to the same question stands."""
    return Place(arm=Arm.CANDIDATE, decision_id=place.decision_id, step=place.step)


class StoredFirsts:
    """What candidates answered first, for runs that ask them twice. Threads may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, Place], Answer] = OrderedDict()

    def remember(self, tenant: str, run: Run, results: Iterable[StoredAnswer]) -> None:
        """Keep the first answers among ``results`` for a while."""
        if run.options.floor is not Arm.REPEAT:
            return
        with self._turn:
            for result in results:
                if result.place.arm is Arm.CANDIDATE and result.state in SPOKEN:
                    self._kept[tenant, run.run_id, result.place] = result.answer
            while len(self._kept) > _MOST_FIRSTS:
                self._kept.popitem(last=False)

    def of(self, tenant: str, run: Run, results: Iterable[StoredAnswer]) -> Mapping[Place, Answer]:
        """Return the first answers that the repeats among ``results`` are compared with."""
        wanted = {first_of(one.place) for one in results if one.place.arm is Arm.REPEAT}
        with self._turn:
            found = {
                place: self._kept[key]
                for place in wanted
                if (key := (tenant, run.run_id, place)) in self._kept
            }
        missing = {place.decision_id for place in wanted - found.keys()}
        return {**self._read(tenant, run, missing), **found} if missing else found

    def _read(self, tenant: str, run: Run, decisions: set[str]) -> dict[Place, Answer]:
        binds = {"run": run.run_id, "decisions": sorted(decisions)}
        rows = self._store.reads(tenant).table("replay_answers_of_decisions", binds).records()
        answers = map(stored_answer, rows)
        return {one.place: one.answer for one in answers if one.state in SPOKEN}
