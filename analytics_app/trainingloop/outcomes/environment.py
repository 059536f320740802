"""Every environment variable the outcomes read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from trainingloop.instrumentation.environment import read
from trainingloop.instrumentation.errors import ConfigurationError

OUTCOME_RULES: Final = "TRAININGLOOP_OUTCOME_RULES"
"""The YAML file that changes the rules of outcomes and adds to them. Default: those built in."""


def rules_file() -> Path | None:
    """The file of the rules, if one is named.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    named = read(OUTCOME_RULES)
    if not named:
        return None
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(
            f"this user has no home directory: set {OUTCOME_RULES} to an absolute path"
        ) from error
