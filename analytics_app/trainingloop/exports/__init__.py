"""Decisions as training and evaluation data, with proof that they are redacted."""

from __future__ import annotations

from trainingloop.exports._selection import (
    ALL,
    UP,
    ExportForm,
    Only,
    Selection,
    TenantReads,
    parse_only,
)
from trainingloop.exports._whole import tool_calls_of
from trainingloop.exports._writing import HAS_SIDECAR, ExportSummary, write_export
from trainingloop.exports.errors import ExportError, SelectionError

__all__ = [
    "ALL",
    "HAS_SIDECAR",
    "UP",
    "ExportError",
    "ExportForm",
    "ExportSummary",
    "Only",
    "Selection",
    "SelectionError",
    "TenantReads",
    "parse_only",
    "tool_calls_of",
    "write_export",
]
