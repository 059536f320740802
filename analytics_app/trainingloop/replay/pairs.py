"""Recorded answers beside those of a replay, as documents to work on elsewhere."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from trainingloop.replay._stored import calls_document, stored_answer
from trainingloop.replay.cases import Case
from trainingloop.replay.runs import Mode, run_of
from trainingloop.replay.sets import cases_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.replay._reads import TenantReads
    from trainingloop.replay._stored import StoredAnswer
    from trainingloop.replay.answers import Answer
    from trainingloop.replay.cases import UnfitCase

__all__ = ["pair_documents"]


def pair_documents(reads: TenantReads, run_id: str) -> Iterator[JsonObject]:
    """Yield what a run brought, a document for each decision and each step of its chain, in order.

    Each has the ``recorded`` answer, and under ``candidate``, ``baseline`` or ``repeat`` what that
    arm answered and how it was judged. Decisions that nobody has asked yet are left out.

    Args:
        reads: those of the run's tenant.
        run_id: the run, as `trainingloop.replay.runs.run_of` takes it.

    Raises:
        RunError: there is no such run.
    """
    run = run_of(reads, run_id)
    with_steps = run.options.mode is Mode.CHAIN
    for page in cases_of(reads, run.set_id, with_steps=with_steps):
        answers = _answers(reads, run.run_id, [case.decision_id for case in page])
        for case in page:
            for step, arms in answers.get(case.decision_id, {}).items():
                yield {"run_id": run.run_id, **_document(case, step, arms)}


def _answers(
    reads: TenantReads, run_id: str, decisions: Sequence[str]
) -> Mapping[str, Mapping[int, list[StoredAnswer]]]:
    """Return the answers of every arm by decision and step."""
    table = reads.table(
        "replay_answers_of_decisions", {"run": run_id, "decisions": list(decisions)}
    )
    found: dict[str, dict[int, list[StoredAnswer]]] = {}
    for answer in map(stored_answer, table.records()):
        steps = found.setdefault(answer.place.decision_id, {})
        steps.setdefault(answer.place.step, []).append(answer)
    return {decision: dict(sorted(steps.items())) for decision, steps in found.items()}


def _document(case: Case | UnfitCase, step: int, arms: Sequence[StoredAnswer]) -> JsonObject:
    by_arm = groupby(arms, key=lambda answer: answer.place.arm.value)
    return {
        "decision_id": case.decision_id,
        "step": step,
        "conversation": case.thread_id,
        "decided_at": case.decided_at.isoformat(),
        "stratum": case.stratum,
        "weight": case.weight,
        "recorded": _recorded(case, step),
        **{arm: _replayed(answer) for arm, (answer, *_) in by_arm},
    }


def _recorded(case: Case | UnfitCase, step: int) -> JsonObject | None:
    if not isinstance(case, Case):
        return None
    if step:
        if step > len(case.steps):
            return None
        following = case.steps[step - 1]
        return {"decision_id": following.decision_id, **_said(following.recorded)}
    return {
        "decision_id": case.decision_id,
        **_said(case.recorded),
        "model": case.versions.model or case.versions.request_model,
        "input_tokens": case.usage.input_tokens,
        "output_tokens": case.usage.output_tokens,
        "cost_usd": case.cost_usd,
        "latency_ms": case.usage.latency_ms,
    }


def _replayed(stored: StoredAnswer) -> JsonObject:
    return {
        "state": stored.state.value,
        "reason": stored.reason,
        **_said(stored.answer),
        "model": stored.model,
        "input_tokens": stored.usage.input_tokens,
        "output_tokens": stored.usage.output_tokens,
        "cost_usd": stored.cost_usd,
        "replay_latency_ms": stored.usage.latency_ms,
        "is_cached": stored.is_cached,
        "judgement": dict(stored.judgement) or None,
    }


def _said(answer: Answer) -> JsonObject:
    return {
        "text": answer.text,
        "tool_calls": calls_document(answer.tool_calls),
        "refusal": answer.refusal,
        "finish_reason": answer.finish_reason,
    }
