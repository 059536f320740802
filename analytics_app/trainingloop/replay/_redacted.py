"""Answers of models without personal data, as recorded ones are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from trainingloop.instrumentation import semconv
from trainingloop.processor import Report
from trainingloop.replay._json import object_of, text_of
from trainingloop.replay.answers import Answer, ToolCall

if TYPE_CHECKING:
    from trainingloop.processor import Redactor


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedAnswer:
    """An answer that may be stored."""

    answer: Answer
    status: str
    """``ok``; ``partial`` where something could not be looked at and is gone."""


def redacted_answer(
    redactor: Redactor, answer: Answer, *, tenant: str, thread_id: str
) -> RedactedAnswer:
    """Return ``answer`` redacted by the rules that hold for what is recorded.

    It takes the shape that recorded answers have, so that the policy, what is known of the
    conversation and the tokens are the same.
    """
    report = Report()
    redacted = redactor.attribute(
        semconv.OUTPUT_MESSAGES,
        json.dumps([_message(answer)], ensure_ascii=False),
        tenant=tenant,
        conversation=thread_id,
        report=report,
    )
    return RedactedAnswer(answer=_read(answer, str(redacted)), status=report.status.value)


def redacted_text(redactor: Redactor, text: str, *, tenant: str, thread_id: str) -> str:
    """Return what an endpoint says of itself, such as the name of its model, redacted."""
    if not text:
        return ""
    return redactor.text(text, tenant=tenant, conversation=thread_id)


def _message(answer: Answer) -> dict[str, object]:
    calls = (
        {
            "type": "tool_call",
            "id": call.call_id,
            "name": call.name,
            "arguments": call.arguments,
        }
        for call in answer.tool_calls
    )
    said = ({"type": "text", "content": text} for text in (answer.text, answer.refusal))
    return {"role": "assistant", "parts": [*said, *calls]}


def _read(asked: Answer, redacted: str) -> Answer:
    """Read the redacted message back; without its shape none of its words come back."""
    parts = _parts(redacted)
    if len(parts) != len(asked.tool_calls) + 2:
        return _nothing_of(asked, redacted)
    text, refusal, *calls = parts
    return Answer(
        text=text_of(text.get("content", "")),
        tool_calls=tuple(
            ToolCall(
                name=text_of(call.get("name", "")),
                arguments=text_of(call.get("arguments", "")),
                call_id=text_of(call.get("id", "")),
            )
            for call in calls
        ),
        refusal=text_of(refusal.get("content", "")),
        finish_reason=asked.finish_reason,
    )


def _parts(redacted: str) -> list[dict[str, object]]:
    try:
        messages = cast("object", json.loads(redacted))
    except (ValueError, RecursionError):
        return []
    if not isinstance(messages, list) or not messages:
        return []
    parts = object_of(cast("list[object]", messages)[0]).get("parts")
    return (
        [object_of(part) for part in cast("list[object]", parts)] if isinstance(parts, list) else []
    )


def _nothing_of(asked: Answer, redacted: str) -> Answer:
    """Return an answer of marks: what stands for a value that failed or that a policy drops."""
    mark = redacted if redacted.startswith("<") and len(redacted) < 40 else "<REDACTION_FAILED>"
    return Answer(
        text=mark if asked.text else "",
        tool_calls=tuple(
            ToolCall(name=mark, arguments=mark, call_id=str(number))
            for number, _ in enumerate(asked.tool_calls)
        ),
        refusal=mark if asked.refusal else "",
        finish_reason=asked.finish_reason,
    )
