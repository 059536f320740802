"""Decisions as training and evaluation data, with proof that they are redacted."""

from __future__ import annotations

from trainingloop.exports.errors import ExportError

__all__ = ["ExportError"]
