"""One measured figure."""

from __future__ import annotations

import platform
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A name, a value with its unit, and what it is compared with in the same run."""

    name: str
    value: float
    unit: str
    note: str = ""


def median(values: Sequence[float]) -> float:
    """Return the median: these machines are shared, a mean follows the noise."""
    return statistics.median(values)


def machine() -> str:
    """Say what the figures were measured on, without naming the host."""
    return f"{platform.machine()}, Python {platform.python_version()}, {platform.system()}"
