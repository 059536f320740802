"""Every environment variable the outcomes read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.environment import read_path

if TYPE_CHECKING:
    from pathlib import Path

OUTCOME_RULES: Final = "TRAININGLOOP_OUTCOME_RULES"
"""The YAML file that changes the rules of outcomes and adds to them. Default: those built in."""


def rules_file() -> Path | None:
    """The file of the rules, if one is named.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    return read_path(OUTCOME_RULES)
