"""Asks models again what was decided, changes nothing, and compares the answers."""

from __future__ import annotations

from trainingloop.replay.answers import Answer, Answered, AnswerState, ToolCall, Usage
from trainingloop.replay.cases import Case, Step, ToolResult, Versions
from trainingloop.replay.errors import ReplayError

__all__ = [
    "Answer",
    "AnswerState",
    "Answered",
    "Case",
    "ReplayError",
    "Step",
    "ToolCall",
    "ToolResult",
    "Usage",
    "Versions",
]
