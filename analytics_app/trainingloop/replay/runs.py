"""What a run of a replay is, and how far it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay.answers import FINAL, AnswerState
from trainingloop.replay.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trainingloop.replay._reads import TenantReads

LEASE_S: Final = 10.0
"""Who replays a run and says nothing for so long is taken for dead."""
_MOST_RUNS: Final = 1000
_MOST_NAMED: Final = 10


class Mode(StrEnum):
    """How far a candidate is followed."""

    PREFIX = "prefix"
    """One turn for each decision, after what was recorded before it."""
    CHAIN = "chain"
    """On with the recorded results of tools, until the candidate parts from what was recorded."""


class Arm(StrEnum):
    """Who is asked."""

    CANDIDATE = "candidate"
    BASELINE = "baseline"
    """The recorded version, asked again: how much of a difference is chance."""
    REPEAT = "repeat"
    """The candidate once more, compared with its own first answer."""


class RunState(StrEnum):
    """How far a run is."""

    READY = "ready"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    """Its process has gone silent; never stored, told from the time of its last beat."""
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    OVER_BUDGET = "over_budget"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a run may take; None sets no limit."""

    usd: float | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run is done."""

    mode: Mode = Mode.PREFIX
    floor: Arm | None = None
    """The second arm, `Arm.BASELINE` or `Arm.REPEAT`, that shows how much of a difference is
    chance; None asks the candidate alone."""
    budget: Budget = Budget()
    concurrency: int = 4
    """Questions under way at once."""
    timeout_s: float = 120.0
    """How long one attempt may take."""
    is_moderated: bool = False
    """Whether both answers are shown to the endpoint's moderation."""

    def document(self) -> dict[str, object]:
        """Return them as `options_from` takes them."""
        return {
            "mode": self.mode.value,
            "floor": self.floor.value if self.floor else None,
            "budget": {"usd": self.budget.usd, "tokens": self.budget.tokens},
            "concurrency": self.concurrency,
            "timeout_s": self.timeout_s,
            "is_moderated": self.is_moderated,
        }

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Who is asked, the candidate first."""
        return (Arm.CANDIDATE, self.floor) if self.floor else (Arm.CANDIDATE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A replay of a set with a candidate."""

    run_id: str
    set_id: str
    name: str
    candidate: Mapping[str, object]
    """As `trainingloop.replay.candidates.candidate_from` takes it; redacted."""
    options: Options
    checks: Mapping[str, object] | None
    """Which checks its answers are judged with; None for the default ones."""
    state: RunState
    reason: str
    """Why it failed, or ended early."""
    driver: str
    """Who replays it, or did last; "" for nobody."""
    silent_s: float
    """Since its driver last said that it lives, by the store's clock; 0 where it has none."""
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmStatus:
    """What became of the questions to one arm."""

    states: Mapping[AnswerState, int]
    """Decisions, or in a chain its steps, by what became of them."""
    cached: int
    """Answers that an earlier question had brought."""
    input_tokens: int
    """Paid for by this run: those of cached answers are not among them."""
    output_tokens: int
    cost_usd: float
    """Of the answers whose price is known."""
    unpriced: int
    """Answers that were paid for, at a price nobody told."""
    untold: int
    """Answers of which the endpoint did not say what they took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How far a run is."""

    run: Run
    decisions: int
    """In its set."""
    done: int
    """Decisions, each for every arm, that have a result, whatever it is."""
    final: int
    """Those of them that a resumed run does not ask again."""
    all: int
    """Decisions times arms."""
    arms: Mapping[Arm, ArmStatus] = field(default_factory=dict["Arm", "ArmStatus"])

    @property
    def states(self) -> Mapping[AnswerState, int]:
        """What became of the questions to all arms."""
        totals: dict[AnswerState, int] = {}
        for arm in self.arms.values():
            for state, count in arm.states.items():
                totals[state] = totals.get(state, 0) + count
        return totals

    @property
    def tokens(self) -> int:
        """Paid for."""
        return sum(arm.input_tokens + arm.output_tokens for arm in self.arms.values())

    @property
    def cost_usd(self) -> float:
        """Of the answers whose price is known."""
        return sum(arm.cost_usd for arm in self.arms.values())

    @property
    def untold(self) -> int:
        """Answers of which the endpoint did not say what they took."""
        return sum(arm.untold for arm in self.arms.values())


def options_from(document: Mapping[str, object]) -> Options:
    """Return the options that `Options.document` made; what it does not say is as by default.

    The document is one that was checked when the run was created.
    """
    usual = Options()
    budget = cast("Mapping[str, float | None]", document.get("budget") or {})
    tokens, floor = budget.get("tokens"), document.get("floor")
    return Options(
        mode=Mode(str(document.get("mode", Mode.PREFIX))),
        floor=Arm(str(floor)) if floor else None,
        budget=Budget(usd=budget.get("usd"), tokens=None if tokens is None else int(tokens)),
        concurrency=int(cast("int", document.get("concurrency", usual.concurrency))),
        timeout_s=float(cast("float", document.get("timeout_s", usual.timeout_s))),
        is_moderated=bool(document.get("is_moderated")),
    )


def runs(reads: TenantReads) -> list[Run]:
    """Return the runs of a tenant, the newest first, at most a thousand."""
    table = reads.table("replay_runs", {"run": "", "limit": _MOST_RUNS})
    return [_run(row) for row in table.records()]


def run_of(reads: TenantReads, run_id: str) -> Run:
    """Return the run called ``run_id``: its id, the beginning of one, or a name only it has.

    Raises:
        RunError: there is none, or there are several.
    """
    table = reads.table("replay_runs", {"run": run_id, "limit": _MOST_NAMED}) if run_id else None
    found = [_run(row) for row in table.records()] if table else []
    exact = [run for run in found if run.run_id == run_id]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise RunError(
            f"{run_id!r} names several runs: use one of the ids "
            f"{', '.join(run.run_id for run in found)}"
        )
    raise RunError(f"there is no run {run_id!r}: {_there_are(runs(reads))}")


def status_of(reads: TenantReads, run_id: str) -> RunStatus:
    """Return how far the run called ``run_id`` is.

    Raises:
        RunError: there is no such run.
    """
    run = run_of(reads, run_id)
    states: dict[Arm, dict[AnswerState, int]] = {}
    rows: dict[Arm, list[Mapping[str, object]]] = {}
    done = final = 0
    for row in reads.table("replay_run_progress", {"run": run.run_id}).records():
        arm = Arm(str(row["arm"]))
        rows.setdefault(arm, []).append(row)
        state, decisions = AnswerState(str(row["state"])), _whole(row, "decisions")
        states.setdefault(arm, {})[state] = _whole(row, "answers")
        done += decisions
        final += decisions if state in FINAL else 0
    size = _size(reads, run.set_id)
    return RunStatus(
        run=run,
        decisions=size,
        done=done,
        final=final,
        all=size * len(run.options.arms),
        arms={arm: _arm_status(states[arm], rows[arm]) for arm in rows},
    )


def _arm_status(states: Mapping[AnswerState, int], rows: list[Mapping[str, object]]) -> ArmStatus:
    return ArmStatus(
        states=states,
        cached=sum(_whole(row, "cached") for row in rows),
        input_tokens=sum(_whole(row, "paid_input_tokens") for row in rows),
        output_tokens=sum(_whole(row, "paid_output_tokens") for row in rows),
        cost_usd=sum(float(cast("float", row["paid_usd"] or 0.0)) for row in rows),
        unpriced=sum(_whole(row, "unpriced") for row in rows),
        untold=sum(_whole(row, "untold") for row in rows),
    )


def _size(reads: TenantReads, set_id: str) -> int:
    return sum(
        _whole(row, "size") for row in reads.table("replay_set_size", {"set": set_id}).records()
    )


def _there_are(known: list[Run]) -> str:
    if not known:
        return "this tenant has none yet; trainingloop replay run makes one"
    named = ", ".join(f"{run.run_id} ({run.name})" for run in known[:_MOST_NAMED])
    return f"there are {named}" + (" and others" if len(known) > _MOST_NAMED else "")


def _run(row: Mapping[str, object]) -> Run:
    options = cast("Mapping[str, object]", json.loads(str(row["options"])))
    checks = options.get("checks")
    silent_s = float(cast("float", row["silent_s"]))
    return Run(
        run_id=str(row["run_id"]),
        set_id=str(row["set_id"]),
        name=str(row["name"]),
        candidate=cast("Mapping[str, object]", json.loads(str(row["candidate"]))),
        options=options_from(options),
        checks=cast("Mapping[str, object]", checks) if isinstance(checks, dict) else None,
        state=_seen(RunState(str(row["state"])), silent_s),
        reason=str(row["reason"]),
        driver=str(row["driver"]),
        silent_s=silent_s if row["driver"] else 0.0,
        created_by=str(row["created_by"]),
        created_at=cast("datetime", row["created_at"]),
        updated_at=cast("datetime", row["updated_at"]),
    )


def _seen(stored: RunState, silent_s: float) -> RunState:
    """Tell a run whose process has died from one that goes on.

    A time of the last beat that lies ahead tells as little as one long past: a clock was set.
    """
    if abs(silent_s) <= LEASE_S:
        return stored
    if stored is RunState.CANCELLING:
        return RunState.CANCELLED
    return RunState.INTERRUPTED if stored is RunState.RUNNING else stored


def _whole(row: Mapping[str, object], column: str) -> int:
    return int(cast("int", row[column] or 0))
