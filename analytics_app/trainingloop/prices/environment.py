"""Every environment variable that says what models cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.environment import read_path

if TYPE_CHECKING:
    from pathlib import Path

PRICES: Final = "TRAININGLOOP_PRICES"
"""A YAML file of your own prices, which come before the list prices that are shipped."""


def prices_file() -> Path | None:
    """The file of your own prices, if one is named.

    Raises:
        ConfigurationError: It would be in the home directory of a user who has none.
    """
    return read_path(PRICES)
