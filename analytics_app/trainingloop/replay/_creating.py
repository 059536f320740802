"""Makes runs, and says beforehand what they will take."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.replay._asked_options import asked_options, changed_options
from trainingloop.replay._candidate_redaction import changed_parts
from trainingloop.replay._fields import an_object, flag, only, text
from trainingloop.replay._look import Look
from trainingloop.replay._run_checks import checks_of
from trainingloop.replay.candidates import candidate_from, redacted
from trainingloop.replay.errors import CandidateError, ChecksError, SelectionError
from trainingloop.replay.estimates import budget_notes, estimate
from trainingloop.replay.runs import Mode, Run, RunState
from trainingloop.replay.sets import cases_of, find_set

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.prices import Prices
    from trainingloop.processor import Redactor
    from trainingloop.replay._leases import Leases
    from trainingloop.replay._run_rows import RunRows
    from trainingloop.replay.candidates import Candidate
    from trainingloop.replay.runs import Options
    from trainingloop.replay.sets import CaseSet
    from trainingloop.store import Store

_MOST_ID: Final = 200
_NEW: Final = (
    "tenant", "set", "name", "candidate", "options", "checks", "created_by", "is_dry",
)  # fmt: skip
_CHANGE: Final = ("tenant", "run_id", "options")


class Creating:
    """Makes runs.

    Args:
        store: where the sets are.
        redactor: takes personal data out of candidates.
        prices: what tokens cost, for estimates.
        rows: where runs go.
        leases: who replays them.
        new_id: names a new run.
    """

    def __init__(
        self,
        store: Store,
        redactor: Redactor,
        prices: Prices,
        rows: RunRows,
        leases: Leases,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._redactor = redactor
        self._prices = prices
        self._rows = rows
        self._leases = leases
        self._new_id = new_id

    def make(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Make a run, or change one that is made; see `trainingloop.replay.actions`."""
        if "run_id" in document:
            return self._change(document)
        only(document, *_NEW)
        tenant = tenant_of(document)
        found = self._set(tenant, text(document, "set", _MOST_ID, is_needed=True))
        given = self._given(document)
        candidate = self._redacted(given, tenant)
        run = self._run(document, found, candidate, tenant)
        found_in = changed_parts(given, candidate)
        answer = {**self._forecast(tenant, run, candidate), "redacted": found_in}
        if flag(document, "is_dry"):
            return {**answer, "run_id": ""}
        self._rows.create(tenant, run)
        return {**answer, "run_id": run.run_id}

    def _change(self, document: Mapping[str, object]) -> Mapping[str, object]:
        only(document, *_CHANGE)
        tenant, run_id = tenant_of(document), text(document, "run_id", _MOST_ID, is_needed=True)
        with self._leases.turn:
            run = self._rows.load(tenant, run_id)
            if self._leases.holder(tenant, run):
                raise BadRequestError(
                    f"run {run_id!r} is being replayed: cancel it, or wait until it ends"
                )
            options = changed_options(run.options, an_object(document, "options"))
            self._rows.change(tenant, run, state=run.state, options=options)
        return {"run_id": run_id, "options": options.document()}

    def _set(self, tenant: str, named: str) -> CaseSet:
        try:
            return find_set(self._store.reads(tenant), named)
        except SelectionError as error:
            raise NotFoundError(str(error)) from error

    def _given(self, document: Mapping[str, object]) -> Candidate:
        try:
            return candidate_from(an_object(document, "candidate"))
        except CandidateError as error:
            raise BadRequestError(str(error)) from error

    def _redacted(self, candidate: Candidate, tenant: str) -> Candidate:
        try:
            return redacted(candidate, self._redactor, tenant)
        except CandidateError as error:
            raise BadRequestError(str(error)) from error

    def _run(
        self,
        document: Mapping[str, object],
        found: CaseSet,
        candidate: Candidate,
        tenant: str,
    ) -> Run:
        options = asked_options(an_object(document, "options"))
        self._check_price(candidate, options)
        now = self._rows.clock()
        name = text(document, "name", _MOST_ID) or f"{candidate.name} on {found.name}"
        run = Run(
            run_id=self._new_id(),
            set_id=found.set_id,
            name=self._redactor.text(name, tenant=tenant)[:_MOST_ID],
            candidate=candidate.document(),
            options=options,
            checks=an_object(document, "checks") if document.get("checks") is not None else None,
            state=RunState.READY,
            reason="",
            driver="",
            silent_s=0.0,
            created_by=text(document, "created_by", _MOST_ID),
            created_at=now,
            updated_at=now,
        )
        try:
            checks_of(run)
        except ChecksError as error:
            raise BadRequestError(str(error)) from error
        return run

    def _check_price(self, candidate: Candidate, options: Options) -> None:
        if options.budget.usd is None or candidate.is_local or candidate.model is None:
            return
        if self._prices.of(candidate.model) is None:
            raise BadRequestError(
                f"what {candidate.model!r} costs is not known, so that no budget in dollars can "
                "be kept: give its price in the file of TRAININGLOOP_PRICES, or a budget of tokens"
            )

    def _forecast(self, tenant: str, run: Run, candidate: Candidate) -> dict[str, object]:
        look = Look(candidate)
        pages = cases_of(
            self._store.reads(tenant),
            run.set_id,
            with_steps=run.options.mode is Mode.CHAIN,
            prices=self._prices,
        )
        expected = estimate(look.at(pages), candidate, run.options, self._prices)
        try:
            look.check_tools()
        except CandidateError as error:
            raise BadRequestError(str(error)) from error
        return {
            "set_id": run.set_id,
            "name": run.name,
            "candidate": dict(run.candidate),
            "options": run.options.document(),
            "estimate": asdict(expected),
            "differences": [
                {**asdict(change), "decisions": decisions}
                for change, decisions in look.changes.most_common()
            ],
            "unfit": dict(look.refusals.most_common()),
            "notes": [*look.notes(), *budget_notes(expected, run.options.budget)],
        }
