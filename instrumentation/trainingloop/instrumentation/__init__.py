"""Recording an assistant's decisions in the assistant's own process."""

from __future__ import annotations

from trainingloop.instrumentation._config import configure, shutdown
from trainingloop.instrumentation._conversation import (
    Experiment,
    Playbook,
    Prompt,
    conversation,
    turn,
)
from trainingloop.instrumentation._events import (
    record_close,
    record_escalation,
    record_inbound,
    record_outcome,
)
from trainingloop.instrumentation._playbook import playbook
from trainingloop.instrumentation._stats import recorder_stats
from trainingloop.instrumentation._tool import tool
from trainingloop.instrumentation.accounting import RecorderStats

__all__ = [
    "Experiment",
    "Playbook",
    "Prompt",
    "RecorderStats",
    "configure",
    "conversation",
    "playbook",
    "record_close",
    "record_escalation",
    "record_inbound",
    "record_outcome",
    "recorder_stats",
    "shutdown",
    "tool",
    "turn",
]
