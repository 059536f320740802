"""Many metrics, one false alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import holm


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_those_of_statsmodels(p_values: list[float]) -> None:
    """Holm's step-down procedure, in the order the values came."""
    assert list(holm(p_values)) == pytest.approx(reference.holm(p_values))


def test_metrics_that_were_not_tested_do_not_count() -> None:
    """Not enough data for one metric makes no other harder to find."""
    assert holm([0.03, None, 0.01]) == (0.03, None, 0.02)
    assert holm([]) == ()
