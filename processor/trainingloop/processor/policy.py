"""The redaction policy: what is captured, redacted and dropped, by whom and in whose stead."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.processor import environment
from trainingloop.processor._policy.fingerprint import fingerprint
from trainingloop.processor._policy.kinds import KINDS, kind_of
from trainingloop.processor._policy.model import (
    Category,
    ContentAction,
    EntityAction,
    KeyRule,
    Policy,
    kind_of_match,
)
from trainingloop.processor._policy.problems import PolicyError, Problem
from trainingloop.processor._policy.recognizer import CustomMatch

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "DEFAULT_POLICY",
    "KINDS",
    "Category",
    "ContentAction",
    "CustomMatch",
    "EntityAction",
    "KeyRule",
    "Policy",
    "PolicyError",
    "Problem",
    "kind_of",
    "kind_of_match",
    "load_policy",
    "policy_from_environment",
]


DEFAULT_POLICY: Final = replace(Policy(), fingerprint=fingerprint(Policy()))
"""What holds when nobody says anything: everything is searched, nothing is dropped."""


def load_policy(path: Path) -> Policy:
    """The policy of a YAML file; an empty file is the default policy.

    Raises:
        PolicyError: The file, or one it names, cannot be used: every fault with its line.
    """
    # YAML, the schema and its library take a tenth of a second: only who has a policy pays.
    from trainingloop.processor._policy.load import load

    return load(path)


def policy_from_environment() -> Policy:
    """The policy that ``TRAININGLOOP_REDACTION_POLICY`` names, else the default one.

    Raises:
        PolicyError: The file, or one it names, cannot be used: every fault with its line.
    """
    path = environment.policy_file()
    return load_policy(path) if path else DEFAULT_POLICY
