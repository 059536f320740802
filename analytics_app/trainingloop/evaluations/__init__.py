"""Votes and outcomes out again, as ``gen_ai.evaluation.result`` events over OTLP."""

from __future__ import annotations

from trainingloop.evaluations._worker import Evaluations, sending_evaluations
from trainingloop.evaluations.errors import EvaluationsError

__all__ = ["Evaluations", "EvaluationsError", "sending_evaluations"]
