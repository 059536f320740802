"""The distribution functions in use, typed.

From ``scipy.special``, which needs a third of the start-up time of ``scipy.stats`` or
statsmodels, and only when the first number is asked for: every command line call imports this.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def _special() -> Any:
    return import_module("scipy.special")


def normal_quantile(probability: float) -> float:
    """Return where the standard normal distribution has so much below."""
    return float(_special().ndtri(probability))


def normal_two_sided(z: float) -> float:
    """Return how often a standard normal number is at least so far from 0."""
    return float(2 * _special().ndtr(-abs(z)))


def student_quantile(probability: float, degrees: float) -> float:
    """Return where Student's t distribution has so much below."""
    return float(_special().stdtrit(degrees, probability))


def student_two_sided(t: float, degrees: float) -> float:
    """Return how often a number of Student's t distribution is at least so far from 0."""
    return float(2 * _special().stdtr(degrees, -abs(t)))


def chi_square_above(value: float, degrees: float) -> float:
    """Return how often a chi-square number is at least so large."""
    return float(_special().chdtrc(degrees, value))


def fair_coins_below(heads: int, coins: int) -> float:
    """Return how often so many fair coins show at most so many heads."""
    return float(_special().bdtr(heads, coins, 0.5))


def log_factorial(number: int) -> float:
    """Return the logarithm of a factorial."""
    return float(_special().gammaln(number + 1))
