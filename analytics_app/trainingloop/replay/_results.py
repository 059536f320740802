"""Takes what models answered: redacts it, judges it, appends it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from trainingloop.collector.errors import BadRequestError
from trainingloop.processor import REDACTION_VERSION
from trainingloop.replay._asked_results import asked_results
from trainingloop.replay._judge_results import Judging, StoredFirsts
from trainingloop.replay._known_cases import KnownCases
from trainingloop.replay._redacted import redacted_answer, redacted_text
from trainingloop.replay._result_rows import COLUMNS, result_row
from trainingloop.replay._stored import StoredAnswer, calls_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from trainingloop.processor import Redactor
    from trainingloop.replay._asked_results import AskedResult, AskedResults
    from trainingloop.replay._leases import Leases
    from trainingloop.replay._run_rows import RunRows
    from trainingloop.replay.cases import Case
    from trainingloop.replay.runs import Run
    from trainingloop.replay.sets import UnfitCase
    from trainingloop.store import Store

_INSTANT: Final = timedelta(microseconds=1)
_MOST_RUNS: Final = 64
_ENDS: Final = frozenset({"stop", "tool_calls", "length", "content_filter", "function_call"})
"""Reasons for the end of an answer that hold nothing of anybody."""


class Stamps:
    """Times of storing that only go up within a run, also where a clock is set back.

    The newest row of a result holds: a row that seems older than the one it replaces is lost.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._newest: dict[tuple[str, str], datetime] = {}
        self.turn: Final = threading.Lock()

    def next(self, tenant: str, run_id: str) -> datetime:
        """Return the time of the next batch; whoever asks holds `turn` until it is stored."""
        key = tenant, run_id
        if key not in self._newest:
            if len(self._newest) >= _MOST_RUNS:
                self._newest.clear()
            (row,) = (
                self._store.reads(tenant).table("replay_newest_result", {"run": run_id}).records()
            )
            self._newest[key] = cast("datetime", row["newest_at"])
        self._newest[key] = max(self._clock(), self._newest[key] + _INSTANT)
        return self._newest[key]


class Results:
    """Takes results, one batch after the other.

    Args:
        store: where they go.
        redactor: takes personal data out of them.
        rows: of the runs they belong to.
        leases: who may send them.
        stamps: when they are stored.
    """

    def __init__(
        self, store: Store, redactor: Redactor, rows: RunRows, leases: Leases, stamps: Stamps
    ) -> None:
        self._store = store
        self._redactor = redactor
        self._rows = rows
        self._leases = leases
        self._stamps = stamps
        self._cases = KnownCases(store)
        self._firsts = StoredFirsts(store)
        self._runs: dict[tuple[str, str], Run] = {}

    def take(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Store the results of ``document``; they are durable on return.

        The same result twice is stored once. The answer says what was stored of each.

        Raises:
            BadRequestError: one cannot be understood, or another driver has the run; none is
                stored.
            NotFoundError: there is no such run, or a decision is not in its set.
        """
        asked = asked_results(document)
        if self._leases.is_held_by_another(asked.tenant, asked.run_id, asked.driver):
            raise BadRequestError(
                "another driver replays this run now: nothing was stored; see how it goes with "
                "trainingloop replay status"
            )
        run = self._run(asked.tenant, asked.run_id)
        ids = {result.place.decision_id for result in asked.results}
        cases = self._cases.of(asked.tenant, run, ids, asked.page)
        return {"results": self._store_all(asked, run, cases)}

    def forget(self, tenant: str, run_id: str) -> None:
        """Read a run anew: what is said of it has changed."""
        self._runs.pop((tenant, run_id), None)

    def _store_all(
        self, asked: AskedResults, run: Run, cases: Mapping[str, Case | UnfitCase]
    ) -> list[dict[str, object]]:
        tenant = asked.tenant
        redacted = [self._redacted(tenant, one, cases) for one in asked.results]
        self._firsts.remember(tenant, run, redacted)
        judging = Judging(run, self._firsts.of(tenant, run, redacted))
        judged = [
            judging.judged(
                cases[one.place.decision_id], one, self._moderation(tenant, result, cases)
            )
            for one, result in zip(redacted, asked.results, strict=True)
        ]
        with self._stamps.turn:
            now = self._stamps.next(tenant, run.run_id)
            rows: list[Sequence[object]] = [
                result_row(tenant, run.run_id, cases[one.place.decision_id], one, verdict, now)
                for one, verdict in zip(redacted, judged, strict=True)
            ]
            self._store.append("replay_results", COLUMNS, rows)
        return [
            _answer(one, verdict.judgement.agreement.value if verdict else "")
            for one, verdict in zip(redacted, judged, strict=True)
        ]

    def _redacted(
        self, tenant: str, asked: AskedResult, cases: Mapping[str, Case | UnfitCase]
    ) -> StoredAnswer:
        said, thread_id = asked.answered, cases[asked.place.decision_id].thread_id

        def plain(text: str) -> str:
            return redacted_text(self._redactor, text, tenant=tenant, thread_id=thread_id)

        clean = redacted_answer(self._redactor, said.answer, tenant=tenant, thread_id=thread_id)
        finish_reason = said.answer.finish_reason
        return StoredAnswer(
            place=asked.place,
            state=said.state,
            # Whatever an endpoint says there is stored, also what is none of the known words.
            answer=replace(
                clean.answer,
                finish_reason=finish_reason if finish_reason in _ENDS else plain(finish_reason),
            ),
            usage=said.usage,
            cost_usd=asked.cost_usd,
            reason=plain(said.reason),
            model=plain(said.model),
            system_fingerprint=plain(said.system_fingerprint),
            response_id=plain(said.response_id),
            attempts=said.attempts,
            cache_key=asked.cache_key,
            is_cached=asked.is_cached,
            asked_at=said.asked_at,
            judgement={},
            redaction_version=REDACTION_VERSION,
            redaction_status=clean.status,
            stored_at=said.asked_at,
        )

    def _moderation(
        self, tenant: str, asked: AskedResult, cases: Mapping[str, Case | UnfitCase]
    ) -> tuple[list[str], list[str]]:
        """Return the categories the endpoint named, whose names are its own words, redacted."""
        thread_id = cases[asked.place.decision_id].thread_id
        recorded, replayed = (
            [
                redacted_text(self._redactor, name, tenant=tenant, thread_id=thread_id)
                for name in names
            ]
            for names in asked.moderation
        )
        return recorded, replayed

    def _run(self, tenant: str, run_id: str) -> Run:
        """Return what does not change about a run while results come in."""
        key = tenant, run_id
        if key not in self._runs:
            if len(self._runs) >= _MOST_RUNS:
                self._runs.clear()
            self._runs[key] = self._rows.load(tenant, run_id)
        return self._runs[key]


def _answer(stored: StoredAnswer, agreement: str) -> dict[str, object]:
    return {
        "arm": stored.place.arm.value,
        "decision_id": stored.place.decision_id,
        "step": stored.place.step,
        "state": stored.state.value,
        "agreement": agreement,
        "text": stored.answer.text,
        "tool_calls": calls_document(stored.answer.tool_calls),
        "refusal": stored.answer.refusal,
        "finish_reason": stored.answer.finish_reason,
        "redaction_status": stored.redaction_status,
    }
