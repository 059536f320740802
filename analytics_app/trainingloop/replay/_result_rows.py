"""Results as rows of ``replay_results``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.replay._stored import calls_json
from trainingloop.replay.cases import Case

if TYPE_CHECKING:
    from datetime import datetime

    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay.judgements import Judgement
    from trainingloop.replay.sets import UnfitCase

COLUMNS: Final = (
    "tenant_id", "run_id", "arm", "decision_id", "step", "compared_id", "thread_id", "decided_at",
    "stratum", "weight", "state", "reason", "text", "tool_calls", "refusal", "finish_reason",
    "model", "system_fingerprint", "response_id", "input_tokens", "output_tokens",
    "cached_input_tokens", "reasoning_tokens", "cost_usd", "latency_ms", "attempts", "cache_key",
    "is_cached", "recorded_kind", "replayed_kind", "agreement", "newly_unsafe", "newly_safe",
    "judgement", "judged_with", "asked_at", "redaction_version", "redaction_status",
    "retention_days", "stored_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How an answer compares, and by which judge."""

    judgement: Judgement
    judged_with: str
    """The version of the judge and what it checked for."""


def result_row(
    tenant: str,
    run_id: str,
    case: Case | UnfitCase,
    result: StoredAnswer,
    judged: Judged | None,
    stored_at: datetime,
) -> tuple[object, ...]:
    """Return one row; what is said of the decision comes from its case, never from the sender."""
    step, answer, usage = result.place.step, result.answer, result.usage
    return (
        tenant,
        run_id,
        result.place.arm.value,
        case.decision_id,
        step,
        _compared_id(case, step),
        case.thread_id,
        case.decided_at,
        case.stratum,
        case.weight,
        result.state.value,
        result.reason,
        answer.text,
        calls_json(answer.tool_calls),
        answer.refusal,
        answer.finish_reason,
        result.model,
        result.system_fingerprint,
        result.response_id,
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_input_tokens,
        usage.reasoning_tokens,
        result.cost_usd,
        usage.latency_ms,
        result.attempts,
        result.cache_key,
        int(result.is_cached),
        *_judged(judged),
        result.asked_at,
        result.redaction_version,
        result.redaction_status,
        case.retention_days,
        stored_at,
    )


def _judged(judged: Judged | None) -> tuple[object, ...]:
    if judged is None:
        return ("", "", "", [], [], "", "")
    said = judged.judgement
    return (
        said.recorded_kind.value,
        said.replayed_kind.value,
        said.agreement.value,
        list(said.newly_unsafe),
        list(said.newly_safe),
        _storable(json.dumps(said.document(), ensure_ascii=False)),
        judged.judged_with,
    )


def _storable(text: str) -> str:
    """Replace half characters: arguments are read as JSON, which can write them by escapes."""
    return text.encode(errors="replace").decode()


def _compared_id(case: Case | UnfitCase, step: int) -> str:
    if not isinstance(case, Case) or not 0 < step <= len(case.steps):
        return case.decision_id
    return case.steps[step - 1].decision_id
