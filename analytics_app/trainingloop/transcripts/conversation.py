"""A conversation as a transcript tells it, whichever shape the file had."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A tool call an assistant asked for."""

    id: str
    """Unique in its conversation, also where the transcript used one id twice."""
    name: str
    arguments: object
    """An object, or the text the model wrote where that is no JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one answer cost, in tokens; zero where the transcript does not say."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    reasoning_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message the assistant wrote, or knew when it wrote the next one."""

    position: int
    """Where it stands in the transcript, from zero."""
    role: Role
    parts: tuple[Mapping[str, object], ...]
    """Parts without tool calls, as OpenTelemetry's GenAI conventions write them."""
    identity: str
    """A text that is the same whenever the same message is read again."""
    calls: tuple[Call, ...] = ()
    answers: Call | None = None
    """The call a tool's result belongs to, if an assistant asked for it."""
    is_error: bool = False
    model: str = ""
    response_id: str = ""
    finish_reason: str = ""
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    """What the answer cost, if the transcript says so."""
    at_ns: int | None = None
    duration_ns: int = 0

    @property
    def text(self) -> str:
        """The text parts, one below the other."""
        texts = (part.get("content") for part in self.parts if part.get("type") == "text")
        return "\n".join(text for text in texts if isinstance(text, str) and text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What holds for every decision of a conversation; empty where the file does not say."""

    model: str = ""
    """The model the file names in its header; a message may know better."""
    instructions: str = ""
    """A system prompt that stands apart from the messages."""
    tools: tuple[Mapping[str, object], ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    """Request parameters, only of names that never hold a secret."""
    customer: str = ""
    channel: str = ""
    agent: str = ""
    code_version: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    playbook_id: str = ""
    playbook_version: str = ""
    experiment_id: str = ""
    experiment_variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """That a conversation was closed, and how."""

    reason: str
    target: str = ""
    """Who went on with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One row of a transcript file."""

    row: int
    id: str
    messages: Sequence[Message]
    facts: Facts
    ended_ns: int | None = None
    """When it ended, if the file says so for the conversation as a whole."""
    closing: Closing | None = None
    outcomes: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """What came of it, by name, if the file says so."""

    @property
    def decisions(self) -> int:
        """How many model turns it has."""
        return sum(message.role == "assistant" for message in self.messages)

    @property
    def tool_calls(self) -> int:
        """How many tools its assistant asked for."""
        return sum(len(message.calls) for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that is no conversation, and why."""

    row: int
    reason: str
