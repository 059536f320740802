"""The pairs of a run, as a store has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from trainingloop.replay._comparing.pairs import Pair, Took
from trainingloop.replay._comparing.served import Models
from trainingloop.replay._judging.judgement import judgement_from
from trainingloop.replay.answers import AnswerState
from trainingloop.replay.errors import RunError
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.prices import Prices
    from trainingloop.replay._judging.judgement import Judgement
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay.runs import Run

PARTS: Final = ("channel", "model", "playbook_version", "recorded_kind", "stratum")
"""What a comparison can be confined to: what was so before the replay."""
_NANOSECONDS_A_MS: Final = 1_000_000


def pairs_of_run(
    reads: TenantReads, run: Run, only: Mapping[str, str], prices: Prices
) -> list[Pair]:
    """Return the pairs of a run that are as ``only`` says.

    Raises:
        RunError: ``only`` names something that no comparison can be confined to.
    """
    if unknown := sorted(only.keys() - set(PARTS)):
        raise RunError(
            f"a comparison cannot be confined to {unknown[0]!r}: use one of {', '.join(PARTS)}"
        )
    binds = {"run": run.run_id, **prices.binds_of(reads)}
    rows = reads.table("replay_compared", binds).records()
    return [pair for row in rows if (pair := _pair(row, run, only)) is not None]


def _pair(row: Mapping[str, Any], run: Run, only: Mapping[str, str]) -> Pair | None:
    judgement = _judgement(row["judgement"])
    model = str(run.candidate.get("model") or "")
    if not _is_wanted(row, judgement, only):
        return None
    return Pair(
        decision_id=row["decision_id"],
        thread_id=row["thread_id"],
        state=AnswerState(row["state"]),
        judgement=judgement,
        step=int(row["step"]),
        compared_id=row["compared_id"],
        weight=float(row["weight"]),
        recorded=_took_recorded(row),
        replayed=_took(row),
        floor_state=AnswerState(row["floor_state"]) if row["floor_state"] else None,
        floor=_judgement(row["floor_judgement"]),
        models=_models(row, row["served_model"], model),
        floor_models=_models(
            row, row["floor_model"], "" if run.options.floor is Arm.BASELINE else model
        ),
    )


def _models(row: Mapping[str, Any], served: str, asked: str) -> Models:
    """Return whom a question was for: the recorded model where none is named."""
    if asked:
        return Models(asked=asked, served=served)
    recorded = row["model"]
    return Models(asked=row["request_model"] or recorded, recorded=recorded, served=served)


def _is_wanted(
    row: Mapping[str, Any], judgement: Judgement | None, only: Mapping[str, str]
) -> bool:
    kind = judgement.recorded_kind.value if judgement else ""
    return all(
        (kind if part == "recorded_kind" else row[part]) == value for part, value in only.items()
    )


def _judgement(document: str) -> Judgement | None:
    return judgement_from(orjson.loads(document)) if document else None


def _took(row: Mapping[str, Any]) -> Took:
    is_counted = bool(row["input_tokens"] or row["output_tokens"])
    return Took(
        cost_usd=row["cost_usd"],
        input_tokens=int(row["input_tokens"]) if is_counted else None,
        output_tokens=int(row["output_tokens"]) if is_counted else None,
        latency_ms=row["latency_ms"] or None,
    )


def _took_recorded(row: Mapping[str, Any]) -> Took:
    is_counted = bool(row["recorded_input_tokens"] or row["recorded_output_tokens"])
    return Took(
        cost_usd=row["recorded_cost_usd"],
        input_tokens=int(row["recorded_input_tokens"]) if is_counted else None,
        output_tokens=int(row["recorded_output_tokens"]) if is_counted else None,
        latency_ms=int(row["recorded_duration_ns"]) / _NANOSECONDS_A_MS or None,
    )
