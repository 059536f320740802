"""What can be found, and how much data it takes."""

from __future__ import annotations

import math

import pytest

from trainingloop.statistics._power import detectable, detectable_once, growth_needed

_STANDARD_ERROR = 0.05


def test_a_single_look_finds_two_point_eight_standard_errors() -> None:
    """The textbook's multiple for 5 % and 80 %."""
    assert detectable_once(_STANDARD_ERROR**2) == pytest.approx(2.8016 * _STANDARD_ERROR, rel=1e-4)


def test_looking_always_and_at_many_metrics_finds_less() -> None:
    """Each promise that the verdict makes costs something."""
    once = detectable_once(_STANDARD_ERROR**2)
    always = detectable(_STANDARD_ERROR**2, 500, metrics=1)
    among_ten = detectable(_STANDARD_ERROR**2, 500, metrics=10)

    assert once < always < among_ten


@pytest.mark.parametrize("difference", [0.02, -0.1, 0.5])
def test_with_the_data_it_needs_a_difference_is_just_found(difference: float) -> None:
    """So many times the conversations, and the smallest difference found is this one."""
    growth = growth_needed(difference, _STANDARD_ERROR**2, 500, metrics=3)

    assert growth is not None
    assert detectable(_STANDARD_ERROR**2 / growth, 500 * growth, metrics=3) == pytest.approx(
        abs(difference)
    )


@pytest.mark.parametrize("difference", [0.0, 1e-9, math.ulp(0.0)])
def test_no_difference_needs_no_plan(difference: float) -> None:
    """Nothing, or next to nothing, is not found with any sensible amount of data."""
    assert growth_needed(difference, _STANDARD_ERROR**2, 500, metrics=1) is None
