"""A recorded decision as it can be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
