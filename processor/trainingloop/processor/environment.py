"""Every environment variable the redaction reads besides those of the instrumentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from trainingloop.instrumentation.environment import read, read_path
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

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
    return read_path(REDACTION_POLICY)
