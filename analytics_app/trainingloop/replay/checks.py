"""What two answers are judged with: what the tools do, and checks of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor.documents import Document, read_file
from trainingloop.replay._judging.checks import FLAGS, Checks
from trainingloop.replay._judging.custom import Check
from trainingloop.replay._judging.tools import Effect, ToolPatterns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "DEFAULT_CHECKS",
    "FLAGS",
    "Check",
    "Checks",
    "Effect",
    "ToolPatterns",
    "checks_from",
    "load_checks",
]

DEFAULT_CHECKS: Final = Checks()
"""What holds without a file of checks."""


def load_checks(path: Path) -> Checks:
    """The checks of a YAML file; see docs/replay-judgements.md.

    Raises:
        ChecksError: They cannot be used: every fault, with its line.
    """
    # YAML and its schema take a tenth of a second: only who has a file of checks pays.
    from trainingloop.replay._judging.checks_yaml import checks_of

    return checks_of(read_file(path))


def checks_from(document: Mapping[str, object]) -> Checks:
    """The checks that a document holds, in the form of a file.

    Raises:
        ChecksError: They cannot be used: every fault.
    """
    from trainingloop.replay._judging.checks_yaml import checks_of

    return checks_of(Document(source="the checks", value=dict(document)))
