"""Judges the stored answers of a run again, with other checks or a newer judge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._fields import an_object, only, text
from trainingloop.replay._judge_results import Judging
from trainingloop.replay._known_cases import KnownCases
from trainingloop.replay._result_rows import COLUMNS, result_row
from trainingloop.replay._stored import stored_answer
from trainingloop.replay.answers import SPOKEN
from trainingloop.replay.errors import ChecksError
from trainingloop.replay.judgements import judgement_from
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trainingloop.replay._leases import Leases
    from trainingloop.replay._results import Stamps
    from trainingloop.replay._run_rows import RunRows
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay.runs import Run
    from trainingloop.store import Store

_PAGE: Final = 100
_MOST_ID: Final = 200
_MODERATION: Final = "moderation"


class JudgingAgain:
    """Appends newer judgements of answers that are stored; the answers stay.

    Args:
        store: where they are.
        rows: of the runs.
        leases: who replays them: a run is judged again when it is at rest.
        stamps: when the newer rows are stored.
        forget: told of a run whose checks have changed.
    """

    def __init__(
        self,
        store: Store,
        rows: RunRows,
        leases: Leases,
        stamps: Stamps,
        forget: Callable[[str, str], None],
    ) -> None:
        self._store = store
        self._rows = rows
        self._leases = leases
        self._stamps = stamps
        self._forget = forget
        self._cases = KnownCases(store)

    def judge(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Judge again; see `trainingloop.replay.actions`."""
        only(document, "tenant", "run_id", "checks")
        tenant, run_id = tenant_of(document), text(document, "run_id", _MOST_ID, is_needed=True)
        checks = an_object(document, "checks") if "checks" in document else None
        with self._leases.turn:
            run = self._rows.load(tenant, run_id)
            if self._leases.holder(tenant, run):
                raise BadRequestError(
                    f"run {run_id!r} is being replayed: wait until it ends, or cancel it"
                )
            run = replace(run, checks=checks or run.checks)
            judged_with = self._judging(run, []).judged_with
            if checks is not None:
                self._rows.change(tenant, run, state=run.state, checks=checks)
                self._forget(tenant, run_id)
        judged = sum(self._page(tenant, run, page) for page in self._pages(tenant, run_id))
        return {"run_id": run_id, "judged": judged, "judged_with": judged_with}

    def _judging(self, run: Run, answers: Sequence[StoredAnswer]) -> Judging:
        firsts = {
            one.place: one.answer
            for one in answers
            if one.place.arm is Arm.CANDIDATE and one.state in SPOKEN
        }
        try:
            return Judging(run, firsts)
        except ChecksError as error:
            raise BadRequestError(str(error)) from error

    def _pages(self, tenant: str, run_id: str) -> Iterator[list[StoredAnswer]]:
        after = ""
        while True:
            binds = {"run": run_id, "after": after, "limit": _PAGE}
            rows = self._store.reads(tenant).table("replay_answers_page", binds).records()
            page = [stored_answer(row) for row in rows]
            if not page:
                return
            after = page[-1].place.decision_id
            yield page

    def _page(self, tenant: str, run: Run, page: list[StoredAnswer]) -> int:
        spoken = [one for one in page if one.state in SPOKEN]
        cases = self._cases.of_those_left(tenant, run, {one.place.decision_id for one in spoken})
        judging = self._judging(run, spoken)
        judged = [
            (cases[one.place.decision_id], one, verdict)
            for one in spoken
            if one.place.decision_id in cases
            and (verdict := judging.judged(cases[one.place.decision_id], one, _moderation(one)))
        ]
        with self._stamps.turn:
            now = self._stamps.next(tenant, run.run_id)
            rows = [result_row(tenant, run.run_id, *one, now) for one in judged]
            self._store.append("replay_results", COLUMNS, rows)
        return len(rows)


def _moderation(stored: StoredAnswer) -> tuple[list[str], list[str]]:
    """What the endpoint's moderation said when the answers came in; it is not asked again."""
    if not stored.judgement:
        return [], []
    before = judgement_from(stored.judgement)
    recorded, replayed = (
        [flag.evidence for flag in flags if flag.name == _MODERATION]
        for flags in (before.recorded_flags, before.replayed_flags)
    )
    return recorded, replayed
