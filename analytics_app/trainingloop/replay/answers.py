"""What a model answered: the same shape for what was recorded and for what a replay brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime


class AnswerState(StrEnum):
    """What became of one question to a model."""

    OK = "ok"
    """It answered as a whole."""
    TRUNCATED = "truncated"
    """It was cut off: by its length, or by a filter of the provider."""
    REFUSED = "refused"
    """The provider says that the model refused."""
    EMPTY = "empty"
    """It answered, with neither text nor calls."""
    GARBLED = "garbled"
    """Something came that is no answer."""
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    """It was not reached, or the connection broke."""
    RATE_LIMITED = "rate_limited"
    UNAUTHORIZED = "unauthorized"
    """The key was refused."""
    UNKNOWN_MODEL = "unknown_model"
    REJECTED = "rejected"
    """The endpoint understood the request and refused it, as one that is too long."""
    SERVER_ERROR = "server_error"
    BLOCKED = "blocked"
    """The guard stopped what the call was about to do."""
    UNFIT = "unfit"
    """The decision cannot be asked again: it was recorded without what it takes."""
    OVER_BUDGET = "over_budget"
    """It was not asked, because it could have cost more than is left."""
    CANCELLED = "cancelled"
    """It was not asked, because somebody stopped the run."""


SPOKEN: Final = frozenset(
    {AnswerState.OK, AnswerState.TRUNCATED, AnswerState.REFUSED, AnswerState.EMPTY}
)
"""A model answered: these are compared."""
FINAL: Final = SPOKEN | {AnswerState.UNFIT, AnswerState.REJECTED, AnswerState.BLOCKED}
"""A resumed run does not ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call a model asked for."""

    name: str
    arguments: str
    """As the model wrote them: the text of a JSON object, or what was to be one."""
    call_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What an answer took."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    """Of the input's."""
    reasoning_tokens: int = 0
    """Of the output's."""
    latency_ms: float = 0.0
    """From the last attempt's request to the end of its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One turn of an assistant: text, calls, or both."""

    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    refusal: str = ""
    """What the model said instead of an answer, where the provider sets it apart."""
    finish_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back for one question."""

    question_id: str
    state: AnswerState
    answer: Answer = field(default_factory=Answer)
    usage: Usage = field(default_factory=Usage)
    reason: str = ""
    """What went wrong; of an endpoint's error its code, never its words."""
    model: str = ""
    """The one that says it answered."""
    system_fingerprint: str = ""
    response_id: str = ""
    attempts: int = 1
    asked_at: datetime
