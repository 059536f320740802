"""What the Compare page reads, typed: never more than it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from trainingloop.analytics_app._compare_look import facet_of
from trainingloop.analytics_app._compare_records import (
    FacetCount,
    Pair,
    PairLine,
    Rank,
    Replayed,
    ReplayOf,
)
from trainingloop.replay import Answer, AnswerState, ToolCall
from trainingloop.replay.judgements import judgement_from
from trainingloop.replay.preferences import preferences_of
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.analytics_app._compare_look import Look
    from trainingloop.analytics_app._service import Reads
    from trainingloop.replay.judgements import Judgement
    from trainingloop.replay.preferences import Preference


class Pairs:
    """The pairs of answers of one run.

    Args:
        reads: the reads of its tenant, straight from a store or through a cache.
        run_id: the run.
    """

    def __init__(self, reads: Reads, run_id: str) -> None:
        self._reads = reads
        self._run_id = run_id

    def ranks(self, look: Look) -> dict[Rank, int]:
        """How many pairs of each rank the filters leave, the worst first."""
        rows = self._records("replay_pair_ranks", look.parameters())
        return {Rank(_int(row["pair_rank"])): _int(row["pairs"]) for row in rows}

    def page(
        self, look: Look, ranks: Sequence[Rank], *, number: int, rows: int
    ) -> tuple[PairLine, ...]:
        """One page of the pairs of these ranks, the worst first; pages count from 1."""
        shown = {
            "ranks": [int(rank) for rank in ranks],
            "limit": rows,
            "offset": (number - 1) * rows,
        }
        return tuple(map(_line, self._records("replay_pair_list", {**look.parameters(), **shown})))

    def facets(self) -> dict[str, tuple[FacetCount, ...]]:
        """The values each filter can take, the most frequent first."""
        found: dict[str, list[FacetCount]] = {}
        for row in self._records("replay_pair_facets", {}):
            value = FacetCount(value=str(row["value"]), pairs=_int(row["pairs"]))
            found.setdefault(facet_of(str(row["facet"])), []).append(value)
        return {facet: tuple(values) for facet, values in found.items()}

    def pair(self, line: PairLine) -> Pair | None:
        """Everything about one pair; None when it is gone."""
        wanted = {"decision": line.decision_id, "step": line.step}
        arms = {str(row["arm"]): row for row in self._records("replay_pair", wanted)}
        candidate = arms.pop(Arm.CANDIDATE.value, None)
        if candidate is None:
            return None
        floor_arm, floor = next(iter(arms.items()), ("", None))
        return Pair(
            candidate=_replayed(candidate),
            floor=_replayed(floor) if floor else None,
            floor_arm=floor_arm,
        )

    def preferences_of_pair(self, line: PairLine) -> tuple[Preference, ...]:
        """What people and judge models prefer of a pair."""
        pair = (line.decision_id, line.step)
        found = preferences_of(self._reads, self._run_id)
        return tuple(one for one in found if (one.decision_id, one.step) == pair)

    def _records(self, name: str, parameters: Mapping[str, object]) -> Iterable[dict[str, Any]]:
        return self._reads.table(name, {**parameters, "run": self._run_id}).records()


def replays_of(reads: Reads, decision_id: str) -> tuple[ReplayOf, ...]:
    """Return the replays of a decision, those of the newest run first."""
    rows = reads.table("replay_runs_of_decision", {"decision": decision_id}).records()
    return tuple(
        ReplayOf(
            run_id=str(row["run_id"]),
            run_name=str(row["name"]),
            created_at=cast("Any", row["created_at"]),
            decision_id=str(row["decision_id"]),
            step=_int(row["step"]),
            state=AnswerState(str(row["state"])),
            recorded_kind=str(row["recorded_kind"]),
            replayed_kind=str(row["replayed_kind"]),
            agreement=str(row["agreement"]),
            newly_unsafe=_texts(row["newly_unsafe"]),
            model=str(row["model"]),
        )
        for row in rows
    )


def _line(row: Mapping[str, Any]) -> PairLine:
    return PairLine(
        decision_id=str(row["decision_id"]),
        step=_int(row["step"]),
        compared_id=str(row["compared_id"] or row["decision_id"]),
        thread_id=str(row["thread_id"]),
        stratum=str(row["stratum"]),
        state=AnswerState(str(row["state"])),
        recorded_kind=str(row["recorded_kind"]),
        replayed_kind=str(row["replayed_kind"]),
        agreement=str(row["agreement"]),
        newly_unsafe=_texts(row["newly_unsafe"]),
        newly_safe=_texts(row["newly_safe"]),
        rank=Rank(_int(row["pair_rank"])),
    )


def _replayed(row: Mapping[str, Any]) -> Replayed:
    return Replayed(
        state=AnswerState(str(row["state"])),
        reason=str(row["reason"]),
        answer=Answer(
            text=str(row["text"]),
            tool_calls=_calls(str(row["tool_calls"])),
            refusal=str(row["refusal"]),
            finish_reason=str(row["finish_reason"]),
        ),
        model=str(row["model"]),
        input_tokens=_int(row["input_tokens"]),
        output_tokens=_int(row["output_tokens"]),
        cost_usd=cast("float | None", row["cost_usd"]),
        latency_ms=float(row["latency_ms"]),
        attempts=_int(row["attempts"]),
        is_cached=bool(row["is_cached"]),
        judgement=_judgement(str(row["judgement"])),
    )


def _judgement(stored: str) -> Judgement | None:
    return judgement_from(json.loads(stored)) if stored else None


def _calls(stored: str) -> tuple[ToolCall, ...]:
    found = cast("list[dict[str, object]]", json.loads(stored or "[]"))
    return tuple(
        ToolCall(
            name=str(call.get("name", "")),
            arguments=str(call.get("arguments", "")),
            call_id=str(call.get("call_id", "")),
        )
        for call in found
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, cast("Sequence[object]", value)))


def _int(value: object) -> int:
    return int(cast("int", value))
