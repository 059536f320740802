"""Answers of replays as they are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainingloop.replay._json import object_of, text_of
from trainingloop.replay.answers import Answer, AnswerState, ToolCall, Usage
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which question of a run an answer is to."""

    arm: Arm
    decision_id: str
    step: int = 0
    """0 for the decision itself; in a chain, k for the k-th recorded decision after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What became of one question, redacted."""

    place: Place
    state: AnswerState
    answer: Answer
    usage: Usage
    cost_usd: float | None
    reason: str
    model: str
    system_fingerprint: str
    response_id: str
    attempts: int
    cache_key: str
    is_cached: bool
    asked_at: datetime
    judgement: Mapping[str, object]
    """Empty where the answer was not judged."""
    redaction_version: str
    redaction_status: str
    stored_at: datetime


def stored_answer(row: Mapping[str, object]) -> StoredAnswer:
    """Return what a row of ``replay_results`` says."""
    cost = row["cost_usd"]
    return StoredAnswer(
        place=Place(
            arm=Arm(str(row["arm"])), decision_id=str(row["decision_id"]), step=_whole(row, "step")
        ),
        state=AnswerState(str(row["state"])),
        answer=Answer(
            text=str(row["text"]),
            tool_calls=calls_from(str(row["tool_calls"])),
            refusal=str(row["refusal"]),
            finish_reason=str(row["finish_reason"]),
        ),
        usage=Usage(
            input_tokens=_whole(row, "input_tokens"),
            output_tokens=_whole(row, "output_tokens"),
            cached_input_tokens=_whole(row, "cached_input_tokens"),
            reasoning_tokens=_whole(row, "reasoning_tokens"),
            latency_ms=float(cast("float", row["latency_ms"])),
        ),
        cost_usd=None if cost is None else float(cast("float", cost)),
        reason=str(row["reason"]),
        model=str(row["model"]),
        system_fingerprint=str(row["system_fingerprint"]),
        response_id=str(row["response_id"]),
        attempts=_whole(row, "attempts"),
        cache_key=str(row["cache_key"]),
        is_cached=bool(row["is_cached"]),
        asked_at=cast("datetime", row["asked_at"]),
        judgement=object_of(row["judgement"]),
        redaction_version=str(row["redaction_version"]),
        redaction_status=str(row["redaction_status"]),
        stored_at=cast("datetime", row["stored_at"]),
    )


def answer_from(document: Mapping[str, object]) -> Answer:
    """Return what ``replay/results`` says that it stored."""
    calls = cast("list[dict[str, str]]", document["tool_calls"])
    return Answer(
        text=str(document["text"]),
        tool_calls=tuple(
            ToolCall(name=one["name"], arguments=one["arguments"], call_id=one["call_id"])
            for one in calls
        ),
        refusal=str(document["refusal"]),
        finish_reason=str(document["finish_reason"]),
    )


def calls_from(text: str) -> tuple[ToolCall, ...]:
    """Return the calls that `calls_json` wrote."""
    calls = cast("list[object]", json.loads(text)) if text else []
    return tuple(
        ToolCall(
            name=text_of(call.get("name", "")),
            arguments=text_of(call.get("arguments", "")),
            call_id=text_of(call.get("call_id", "")),
        )
        for call in map(object_of, calls)
    )


def calls_json(calls: Iterable[ToolCall]) -> str:
    """Return calls as they are stored; "" for none."""
    listed = calls_document(calls)
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def calls_document(calls: Iterable[ToolCall]) -> list[dict[str, str]]:
    """Return calls as documents have them."""
    return [
        {"name": call.name, "arguments": call.arguments, "call_id": call.call_id} for call in calls
    ]


def _whole(row: Mapping[str, object], column: str) -> int:
    return int(cast("int", row[column]))
