"""The words the agent, its customers and the scripted model share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["user", "assistant", "tool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A tool the model asked for."""

    id: str
    name: str
    arguments: str
    """JSON text, as the model wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a conversation's history, without the system prompt."""

    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    """What an assistant message asked for."""
    call_id: str = ""
    """Which call a tool message answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a model is asked, in whichever wire format it came."""

    model: str
    instructions: str
    messages: tuple[Message, ...]
    tools: frozenset[str] = frozenset()
    forced_tool: str | None = None
    """The tool that has to be called, if the caller leaves no choice."""
    allows_parallel_calls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model answered: text, or tools to call."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
