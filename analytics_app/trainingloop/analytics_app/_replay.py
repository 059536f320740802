"""What the Replay page reads and asks for, typed."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from trainingloop.replay.endpoints import Endpoint, key_of
from trainingloop.replay.errors import EndpointError
from trainingloop.replay.runs import RunState, runs, status_of
from trainingloop.replay.sets import case_sets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.analytics_app._service import Reads
    from trainingloop.replay.runs import Run, RunStatus
    from trainingloop.replay.sets import CaseSet

RUNNING: Final = frozenset({RunState.RUNNING, RunState.CANCELLING})
RESUMABLE: Final = frozenset(RunState) - RUNNING - {RunState.DONE}
"""States from which a run can be started, or go on."""
_MOST_SAMPLES: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the list."""

    run: Run
    set_name: str
    done: int
    """Decisions, each for every arm, that have a result."""
    all: int
    paid_tokens: int
    paid_usd: float
    newly_unsafe: int
    """Pairs of which only the replayed answer raises a flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A version that decisions of a set ran."""

    part: str
    """``model``, ``prompt``, ``playbook`` or ``tools``."""
    value: str
    """"" where nobody said."""
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing a candidate is asked otherwise than was recorded."""

    part: str
    recorded: str
    candidate: str
    note: str
    decisions: int
    """Of so many it is so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a run would take, and what it changes."""

    decisions: int
    questions: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    """None where a model has no price."""
    seconds: float | None
    """None where no recorded call tells."""
    unfit: Mapping[str, int]
    """Decisions that cannot be asked, by reason."""
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    """What else there is to know before it begins, a sentence each."""


class Replays:
    """The replays of one tenant.

    Args:
        reads: the reads of that tenant, straight from a store or through a cache.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def lines(self) -> tuple[RunLine, ...]:
        """Every run, the newest first."""
        sets = {one.set_id: one for one in case_sets(self._reads)}
        table = self._reads.table("replay_run_totals")
        totals = {str(row["run_id"]): row for row in table.records()}
        return tuple(
            _line(run, sets.get(run.set_id), totals.get(run.run_id, {}))
            for run in runs(self._reads)
        )

    def sets(self) -> list[CaseSet]:
        """Every replay set, the newest first."""
        return case_sets(self._reads)

    def status(self, run_id: str) -> RunStatus:
        """How far a run is.

        Raises:
            RunError: there is no such run.
        """
        return status_of(self._reads, run_id)

    def parts(self, set_id: str) -> tuple[Part, ...]:
        """What the decisions of a set ran, the most frequent first."""
        rows = self._reads.table("replay_set_parts", {"set": set_id}).records()
        return tuple(
            Part(part=str(row["part"]), value=str(row["value"]), decisions=_int(row["decisions"]))
            for row in rows
        )

    def example(self, set_id: str) -> str:
        """The id of a decision of a set that can be asked again; "" where there is none."""
        rows = self._reads.table("replay_set_first", {"set": set_id}).rows
        return str(rows[0][0]) if rows else ""


def is_key_set(variable: str) -> bool:
    """Whether a variable of this process holds anything that may be a key."""
    return bool(os.environ.get(variable.strip(), "").strip())


def why_no_key(url: str, variable: str) -> str:
    """Return why the key that a variable holds would not be sent to an address; "" if it would."""
    try:
        key_of(Endpoint(base_url=url, key_variable=variable.strip()))
    except EndpointError as error:
        return str(error)
    return ""


def forecast_from(answer: Mapping[str, object]) -> Forecast:
    """Return what ``replay/runs`` foretells."""
    told = cast("Mapping[str, Any]", answer["estimate"])
    unfit = cast("Mapping[str, int]", answer.get("unfit") or {})
    differences = cast("list[Mapping[str, Any]]", answer.get("differences") or [])
    return Forecast(
        decisions=_int(told["decisions"]),
        questions=_int(told["questions"]),
        input_tokens=_int(told["input_tokens"]),
        output_tokens=_int(told["output_tokens"]),
        cost_usd=told["cost_usd"],
        seconds=told["seconds"],
        unfit=unfit,
        differences=tuple(
            Difference(
                part=str(one["part"]),
                recorded=str(one["recorded"]),
                candidate=str(one["candidate"]),
                note=str(one.get("note", "")),
                decisions=_int(one["decisions"]),
            )
            for one in differences
        ),
        notes=tuple(map(str, cast("list[object]", answer.get("notes") or []))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast a run goes."""

    per_second: float | None = None
    """Results; None while nobody can tell."""
    seconds_left: float | None = None
    """None while nobody can tell."""
    waiting_s: float = 0.0
    """For how long the endpoint wants nobody to ask; 0 if it is open."""


class Pace:
    """How fast a run goes, told from how far it was each time somebody looked."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=_MOST_SAMPLES)

    def saw(self, at_s: float, done: int) -> None:
        """Note how far the run is at a time of a clock that nobody sets."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((at_s, done))

    def speed(self, missing: int) -> Speed:
        """Return how fast it goes, and how long so many more take."""
        if len(self._seen) < len(("before", "after")):
            return Speed()
        (began_s, before), (at_s, now) = self._seen[0], self._seen[-1]
        if at_s <= began_s:
            return Speed()
        per_second = (now - before) / (at_s - began_s)
        return Speed(
            per_second=per_second, seconds_left=missing / per_second if per_second else None
        )


def speed_from(answer: Mapping[str, object]) -> Speed:
    """Return what ``replay/progress`` says."""
    return Speed(
        per_second=cast("float", answer["per_second"]),
        seconds_left=cast("float | None", answer["seconds_left"]),
        waiting_s=cast("float", answer["waiting_s"]),
    )


def _line(run: Run, held: CaseSet | None, totals: Mapping[str, Any]) -> RunLine:
    return RunLine(
        run=run,
        set_name=held.name if held else run.set_id,
        done=_int(totals.get("decisions", 0)),
        all=(held.size if held else 0) * len(run.options.arms),
        paid_tokens=_int(totals.get("paid_tokens", 0)),
        paid_usd=float(totals.get("paid_usd") or 0.0),
        newly_unsafe=_int(totals.get("newly_unsafe_pairs", 0)),
    )


def _int(value: object) -> int:
    return int(cast("int", value))
