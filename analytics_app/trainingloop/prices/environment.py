"""Every environment variable that says what models cost."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from trainingloop.instrumentation.environment import read
from trainingloop.prices.errors import PricesError

PRICES: Final = "TRAININGLOOP_PRICES"
"""A YAML file of your own prices, which come before the list prices that are shipped."""


def prices_file() -> Path | None:
    """The file of your own prices, if one is named.

    Raises:
        PricesError: It would be in the home directory of a user who has none.
    """
    named = read(PRICES)
    if not named:
        return None
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise PricesError(
            f"this user has no home directory: set {PRICES} to an absolute path"
        ) from error
