"""What the pages show, as the service hands it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much a tenant has recorded, ever."""

    decisions: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The figures at the top of the Overview."""

    decisions: int
    messages: int
    tool_calls: int
    playbook_decisions: int
    conversations: int
    errors: int
    input_tokens: int
    output_tokens: int
    redactions: int
    decisions_with_failed_redaction: int
    decisions_without_proof: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value a filter can be set to, and how many decisions have it."""

    value: str
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A tool call, once, whoever saw it."""

    decision_id: str
    """The decision that asked for it, or "" when none was recorded."""
    execution_id: str
    """The span that ran it, or "" when none was recorded."""
    call_id: str
    tool: str
    arguments: str
    result: str
    status: str
    error_type: str
    duration_ms: float
    called_at: datetime
    is_executed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDetail:
    """One decision with everything it knew and did."""

    decision_id: str
    trace_id: str
    thread_id: str
    has_conversation: bool
    """Whether it was recorded in a conversation; else the thread is its trace."""
    kind: str
    occurred_at: datetime
    duration_ms: float
    model: str
    status: str
    status_message: str
    error_type: str
    input_tokens: int
    output_tokens: int
    output_text: str
    output_messages: str
    reason: str
    input_messages: str
    system_instructions: str
    tool_definitions: str
    request_params: str
    playbook_settings: str
    playbook_rules: str
    versions: Mapping[str, str]
    """Every part of the fingerprint by its label; empty where unknown."""
    circumstances: Mapping[str, str]
    """Where and for whom it was decided, by label; empty where unknown."""
    redaction_version: str
    redaction_status: str
    redaction_count: int
    redaction_failures: int
    redaction_entities: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadDecision:
    """One decision in its conversation, without what it knew."""

    decision_id: str
    occurred_at: datetime
    duration_ms: float
    kind: str
    operation: str
    model: str
    cohort: str
    playbook: str
    playbook_rules: str
    status: str
    error_type: str
    input_text: str
    output_text: str
    reason: str
    tool_calls: str
    channel: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEvent:
    """What happened in a conversation that no model decided."""

    event_id: str
    kind: str
    """``inbound``, ``escalation``, ``close``, ``outcome``, or what a later version adds."""
    occurred_at: datetime
    text: str
    reason: str
    target: str
    outcome: str
    """What a business reports, such as ``order_paid``."""
    value: str
    channel: str
    is_derived: bool
    """Whether nobody reported it: it was concluded from what the assistant did next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation: all that was recorded of it."""

    thread_id: str
    decisions: tuple[ThreadDecision, ...]
    events: tuple[ThreadEvent, ...]
    tool_calls: tuple[ToolCall, ...]
