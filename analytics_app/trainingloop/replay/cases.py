"""A recorded decision as it can be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from trainingloop.chat import Unfit
from trainingloop.chat import explained as unfit_explained

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trainingloop.chat import Request
    from trainingloop.replay.answers import Answer, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which versions decided; an empty text where nobody said."""

    provider: str = ""
    request_model: str = ""
    """The model that was asked for."""
    model: str = ""
    """The model that answered."""
    prompt_name: str = ""
    prompt_version: str = ""
    prompt_hash: str = ""
    playbook_id: str = ""
    playbook_version: str = ""
    playbook_hash: str = ""
    playbook_settings: str = ""
    """JSON object."""
    tools_hash: str = ""
    code_version: str = ""
    cohort: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What a tool returned when it was called for real."""

    name: str
    arguments: str
    """As `trainingloop.replay.answers.ToolCall` has them."""
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A decision of the same turn that followed: it knew what the tools had returned."""

    decision_id: str
    recorded: Answer
    results: tuple[ToolResult, ...]
    """What the calls of the decision before it returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A decision with all a model needs to decide again."""

    decision_id: str
    thread_id: str
    decided_at: datetime
    retention_days: int
    request: Request
    """The whole prefix: system prompt, history, tools offered, parameters."""
    recorded: Answer
    versions: Versions
    usage: Usage
    """What the recorded answer took; zero tokens where nobody said."""
    cost_usd: float | None
    """What the recorded answer cost, None where neither sender nor price list says."""
    channel: str = ""
    stratum: str = ""
    weight: float = 1.0
    """How many decisions of the choice it stands for."""
    steps: tuple[Step, ...] = ()
    """What followed in the same turn, for chains."""
    lacks_tools: bool = False
    """Tools were called and none were recorded: only a candidate with tools of its own can be
    asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitCase:
    """A decision of a set that cannot be asked again."""

    decision_id: str
    thread_id: str
    decided_at: datetime
    retention_days: int
    stratum: str
    weight: float
    reason: str
    """Such as ``history_elsewhere``; `explained` says it to people."""


class Lack(StrEnum):
    """Reasons to be unfit that only replays have, beside those of `trainingloop.chat.Unfit`."""

    NO_TOOLS = "no_tools"
    """Of a `Case` with ``lacks_tools`` when the candidate brings no tools either."""
    GONE = "gone"


_EXPLAINED: Final[Mapping[str, str]] = {
    Lack.NO_TOOLS: "that called tools, recorded without the tools there were",
    Lack.GONE: "that are not stored any more",
    **{reason: unfit_explained(reason) for reason in Unfit},
}


def explained(reason: str) -> str:
    """Return what decisions that are unfit for a reason have in common, after "3 decisions "."""
    return _EXPLAINED.get(reason, f"that are unfit ({reason})")
