"""Settings that people write in YAML: the values, and every fault of them with its line."""

from __future__ import annotations

from trainingloop.processor._policy.problems import Problem, choices, enumerated, quoted
from trainingloop.processor._policy.schema import check_with as check
from trainingloop.processor._policy.tree import Path, label, read_file, read_tree
from trainingloop.processor._policy.tree import Tree as Document

__all__ = [
    "Document",
    "Path",
    "Problem",
    "check",
    "choices",
    "enumerated",
    "label",
    "quoted",
    "read_file",
    "read_tree",
]
