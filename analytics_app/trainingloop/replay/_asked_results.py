"""The results a driver sends, looked at before they are believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._fields import (
    an_object,
    flag,
    moment,
    number,
    objects,
    only,
    text,
    texts,
    whole,
    word,
)
from trainingloop.replay._stored import Place, calls_document
from trainingloop.replay.answers import Answer, Answered, AnswerState, ToolCall, Usage
from trainingloop.replay.runs import Arm

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_RESULTS: Final = 500
"""In one document."""
MOST_PAGE: Final = 200
_MOST_ID: Final = 200
_MOST_TEXT: Final = 1_000_000
_MOST_CALLS: Final = 256
_MOST_STEP: Final = 65_535
_MOST_CATEGORIES: Final = 50
_DOCUMENT: Final = ("tenant", "run_id", "driver", "results", "page")
_RESULT: Final = (
    "arm", "decision_id", "step", "state", "reason", "text", "tool_calls", "refusal",
    "finish_reason", "model", "system_fingerprint", "response_id", "usage", "cost_usd", "attempts",
    "asked_at", "cache_key", "is_cached", "moderation",
)  # fmt: skip
_USAGE: Final = (
    "input_tokens", "output_tokens", "cached_input_tokens", "reasoning_tokens", "latency_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedResult:
    """What came of one question, as a driver sends it: not redacted yet."""

    place: Place
    answered: Answered
    cost_usd: float | None
    cache_key: str
    is_cached: bool
    moderation: tuple[tuple[str, ...], tuple[str, ...]]
    """Categories the endpoint's moderation flagged: of the recorded answer, of this one."""

    def document(self) -> dict[str, object]:
        """Return it as `asked_results` takes it."""
        said, usage = self.answered, self.answered.usage
        return {
            "arm": self.place.arm.value,
            "decision_id": self.place.decision_id,
            "step": self.place.step,
            "state": said.state.value,
            "reason": said.reason,
            "text": said.answer.text,
            "tool_calls": calls_document(said.answer.tool_calls),
            "refusal": said.answer.refusal,
            "finish_reason": said.answer.finish_reason,
            "model": said.model,
            "system_fingerprint": said.system_fingerprint,
            "response_id": said.response_id,
            "usage": {name: getattr(usage, name) for name in _USAGE},
            "cost_usd": self.cost_usd,
            "attempts": said.attempts,
            "asked_at": said.asked_at.isoformat(),
            "cache_key": self.cache_key,
            "is_cached": self.is_cached,
            "moderation": {
                "recorded": list(self.moderation[0]),
                "replayed": list(self.moderation[1]),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedResults:
    """A batch of them."""

    tenant: str
    run_id: str
    driver: str
    results: tuple[AskedResult, ...]
    page: tuple[str, ...]
    """Decisions whose results are about to follow: they are read at once."""


def asked_results(document: Mapping[str, object]) -> AskedResults:
    """Return what ``document`` says.

    Raises:
        BadRequestError: something in it cannot be understood; the message says which field.
    """
    only(document, *_DOCUMENT)
    results = objects(document, "results", MOST_RESULTS)
    if not results:
        raise BadRequestError(f"'results' must be a list of 1 to {MOST_RESULTS} objects")
    return AskedResults(
        tenant=tenant_of(document),
        run_id=text(document, "run_id", _MOST_ID, is_needed=True),
        driver=text(document, "driver", _MOST_ID, is_needed=True),
        results=tuple(_result(one, at) for at, one in enumerate(results)),
        page=tuple(texts(document, "page", most=MOST_PAGE, longest=_MOST_ID)),
    )


def _result(document: Mapping[str, object], at: int) -> AskedResult:
    try:
        return _checked(document)
    except BadRequestError as error:
        raise BadRequestError(f"results[{at}]: {error}") from error


def _checked(document: Mapping[str, object]) -> AskedResult:
    only(document, *_RESULT)
    moderation = an_object(document, "moderation")
    return AskedResult(
        place=Place(
            arm=word(document, "arm", Arm, Arm.CANDIDATE),
            decision_id=text(document, "decision_id", _MOST_ID, is_needed=True),
            step=whole(document, "step", most=_MOST_STEP),
        ),
        answered=_answered(document),
        cost_usd=None if document.get("cost_usd") is None else number(document, "cost_usd"),
        cache_key=text(document, "cache_key", _MOST_ID),
        is_cached=flag(document, "is_cached"),
        moderation=(_categories(moderation, "recorded"), _categories(moderation, "replayed")),
    )


def _answered(document: Mapping[str, object]) -> Answered:
    if "state" not in document:
        raise BadRequestError("'state' says what became of a question: it is missing")
    return Answered(
        question_id="",
        state=word(document, "state", AnswerState, AnswerState.OK),
        answer=Answer(
            text=text(document, "text", _MOST_TEXT),
            tool_calls=_calls(document),
            refusal=text(document, "refusal", _MOST_TEXT),
            finish_reason=text(document, "finish_reason", _MOST_ID),
        ),
        usage=_usage(an_object(document, "usage")),
        reason=text(document, "reason", 2 * _MOST_ID),
        model=text(document, "model", _MOST_ID),
        system_fingerprint=text(document, "system_fingerprint", _MOST_ID),
        response_id=text(document, "response_id", _MOST_ID),
        attempts=whole(document, "attempts", most=_MOST_STEP),
        asked_at=moment(document, "asked_at"),
    )


def _calls(document: Mapping[str, object]) -> tuple[ToolCall, ...]:
    return tuple(
        ToolCall(
            name=text(call, "name", _MOST_TEXT),
            arguments=text(call, "arguments", _MOST_TEXT),
            call_id=text(call, "call_id", _MOST_TEXT),
        )
        for call in objects(document, "tool_calls", _MOST_CALLS)
    )


def _usage(document: Mapping[str, object]) -> Usage:
    only(document, *_USAGE)
    return Usage(
        input_tokens=whole(document, "input_tokens"),
        output_tokens=whole(document, "output_tokens"),
        cached_input_tokens=whole(document, "cached_input_tokens"),
        reasoning_tokens=whole(document, "reasoning_tokens"),
        latency_ms=number(document, "latency_ms"),
    )


def _categories(document: Mapping[str, object], field: str) -> tuple[str, ...]:
    return tuple(texts(document, field, most=_MOST_CATEGORIES, longest=_MOST_ID))
