"""Every environment variable the redaction reads besides those of the instrumentation."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from trainingloop.instrumentation.environment import read
from trainingloop.instrumentation.errors import ConfigurationError

REDACTION_ENGINE: Final = "TRAININGLOOP_REDACTION_ENGINE"
"""``fast`` (default), or ``presidio`` to run Presidio's recognizers beside ours."""
REDACTION_POLICY: Final = "TRAININGLOOP_REDACTION_POLICY"
"""The YAML file that says what is captured, redacted and dropped. Default: everything redacted."""

_ENGINES: Final[tuple[Literal["fast", "presidio"], ...]] = ("fast", "presidio")


def engine() -> Literal["fast", "presidio"]:
    """The engine that is asked for.

    Raises:
        ConfigurationError: There is no such engine.
    """
    given = (read(REDACTION_ENGINE) or _ENGINES[0]).lower()
    for known in _ENGINES:
        if given == known:
            return known
    raise ConfigurationError(
        f"{REDACTION_ENGINE}={given!r}: the redaction engines are {', '.join(_ENGINES)}. "
        "Unset the variable to use the fast one."
    )


def policy_file() -> Path | None:
    """The file of the redaction policy, if one is named.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    named = read(REDACTION_POLICY)
    if not named:
        return None
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(
            f"this user has no home directory: set {REDACTION_POLICY} to an absolute path"
        ) from error
