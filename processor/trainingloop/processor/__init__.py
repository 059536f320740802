"""Redaction: personal data leaves telemetry before telemetry leaves the process."""

from __future__ import annotations

from trainingloop.processor._explain import Finding
from trainingloop.processor._json import Value
from trainingloop.processor._logs import RedactingLogProcessor, redacting_log_processor
from trainingloop.processor._redactor import Engine, Redactor
from trainingloop.processor._report import REDACTION_VERSION, Report
from trainingloop.processor._self_test import BrokenRedactionError
from trainingloop.processor._spans import RedactingSpanProcessor, redacting_span_processor

__all__ = [
    "REDACTION_VERSION",
    "BrokenRedactionError",
    "Engine",
    "Finding",
    "RedactingLogProcessor",
    "RedactingSpanProcessor",
    "Redactor",
    "Report",
    "Value",
    "redacting_log_processor",
    "redacting_span_processor",
]
