"""What the parent and the process that asks say to each other: JSON, one line each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from trainingloop.replay.answers import Answer, Answered, AnswerState, ToolCall, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first line: what will be asked, and all that may be reached for it."""

    base_url: str
    api: Literal["chat", "responses"]
    key: str = field(repr=False)
    peers: tuple[tuple[str, int], ...]
    """Addresses of the endpoint, resolved by the parent."""
    places: tuple[str, ...]
    """Where packages are found, behind the standard library."""
    concurrency: int
    timeout_s: float
    seed: int

    def document(self) -> JsonObject:
        """Return it as JSON has it."""
        return asdict(self)


def opening_from(document: Mapping[str, Any]) -> Opening:
    """Return what `Opening.document` wrote."""
    told: JsonObject = {
        **document,
        "peers": tuple((host, port) for host, port in document["peers"]),
        "places": tuple(document["places"]),
    }
    return Opening(**told)


def answered_document(answered: Answered) -> JsonObject:
    """Return an answer as JSON has it."""
    return {**asdict(answered), "asked_at": answered.asked_at.isoformat()}


def answered_from(document: Mapping[str, Any]) -> Answered:
    """Return what `answered_document` wrote.

    Raises:
        ValueError, TypeError, KeyError: it is something else.
    """
    answer: JsonObject = dict(document["answer"])
    answer["tool_calls"] = tuple(ToolCall(**call) for call in answer["tool_calls"])
    kept = {
        each.name: document[each.name]
        for each in fields(Answered)
        if each.name not in {"state", "answer", "usage", "asked_at"}
    }
    return Answered(
        **kept,
        state=AnswerState(document["state"]),
        answer=Answer(**answer),
        usage=Usage(**document["usage"]),
        asked_at=datetime.fromisoformat(document["asked_at"]),
    )
