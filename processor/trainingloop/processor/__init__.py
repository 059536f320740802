"""Redaction: personal data leaves telemetry before telemetry leaves the process."""

from __future__ import annotations

from trainingloop.processor._redactor import Redactor
from trainingloop.processor._report import REDACTION_VERSION, Report

__all__ = ["REDACTION_VERSION", "Redactor", "Report"]
