"""Names of persons in running text: a finder by specification, and a few rules without one.

``load("builtin")`` is the project's own model; any spaCy pipeline, Presidio recognizer or GLiNER
model takes its place by its specification. ``introductions`` needs no model and no extra.
"""

from __future__ import annotations

from trainingloop.processor._names.detector import NameDetector
from trainingloop.processor._names.finder import NameFinder
from trainingloop.processor._names.gate import may_hold_name
from trainingloop.processor._names.introductions import introductions
from trainingloop.processor._names.loading import load

__all__ = ["NameDetector", "NameFinder", "introductions", "load", "may_hold_name"]
