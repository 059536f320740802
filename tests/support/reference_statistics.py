"""What statsmodels and scipy say about the same data, typed; ours must say the same."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trainingloop.statistics import Stratum


_contingency: Any = import_module("statsmodels.stats.contingency_tables")
_multitest: Any = import_module("statsmodels.stats.multitest")
_proportion: Any = import_module("statsmodels.stats.proportion")
_regression: Any = import_module("statsmodels.regression.linear_model")
_stats: Any = import_module("scipy.stats")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two ends, as a reference implementation computed them."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredMeans:
    """A difference of means by least squares with clustered errors."""

    difference: float
    variance: float


def wilson(successes: float, n: float) -> Interval:
    """Statsmodels' Wilson interval of one rate."""
    return _interval(_proportion.proportion_confint(successes, n, method="wilson"))


def newcombe(a: tuple[int, int], b: tuple[int, int]) -> Interval:
    """Statsmodels' interval of a difference of two rates, b minus a, each (successes, n)."""
    return _interval(
        _proportion.confint_proportions_2indep(*b, *a, method="newcomb", compare="diff")
    )


def pooled_z_p_value(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Statsmodels' two-sided p-value of a pooled z test of two rates."""
    test = _proportion.proportions_ztest
    return float(test(np.array([a[0], b[0]]), np.array([a[1], b[1]]))[1])


def holm(p_values: Sequence[float]) -> list[float]:
    """Statsmodels' p-values after Holm."""
    # It collects all garbage at each call, 0.25 s in a large process: hide what there is.
    gc.freeze()
    try:
        adjusted = _multitest.multipletests(p_values, method="holm")
    finally:
        gc.unfreeze()
    return [float(p) for p in adjusted[1]]


def welch(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[Interval, float]:
    """Scipy's interval of a difference of means, b minus a, and its p-value."""
    result = _stats.ttest_ind(b, a, equal_var=False)
    return _interval(result.confidence_interval(0.95)), float(result.pvalue)


def clustered_least_squares(
    values: NDArray[np.float64], is_b: NDArray[np.bool_], conversation: NDArray[np.int64]
) -> ClusteredMeans:
    """Statsmodels' regression of units on their group, errors clustered by conversation.

    Without its small-sample factor G/(G-1) * (N-1)/(N-2), which spans both groups.
    """
    design = np.column_stack([np.ones(len(values)), is_b.astype(float)])
    fitted = _regression.OLS(values, design).fit(
        cov_type="cluster", cov_kwds={"groups": conversation, "use_correction": False}
    )
    return ClusteredMeans(
        difference=float(fitted.params[1]), variance=float(fitted.cov_params()[1, 1])
    )


def chi_square_p_value(observed: Sequence[int], expected: Sequence[float]) -> float:
    """Scipy's p-value of counts against expected ones."""
    return float(_stats.chisquare(observed, expected).pvalue)


def contingency_p_value(table: Sequence[Sequence[int]]) -> float:
    """Scipy's p-value of a table of counts, without continuity correction."""
    return float(_stats.chi2_contingency(table, correction=False).pvalue)


def stratified_table(strata: Sequence[Stratum]) -> Any:
    """Statsmodels' analysis of 2x2 tables, rows b and a, columns yes and no."""
    tables = [
        np.array([[s.b.total, s.b.units - s.b.total], [s.a.total, s.a.units - s.a.total]])
        for s in strata
    ]
    return _contingency.StratifiedTable(tables)


def _interval(ends: Any) -> Interval:
    return Interval(low=float(ends[0]), high=float(ends[1]))


def mcnemar(gained: int, lost: int) -> float:
    """Statsmodels' exact p-value of McNemar's test."""
    return float(_contingency.mcnemar(np.array([[0, gained], [lost, 0]]), exact=True).pvalue)


def stuart_maxwell(table: NDArray[np.int64]) -> tuple[float, float]:
    """Statsmodels' statistic and p-value of marginal homogeneity, rows before and columns after."""
    test = _contingency.SquareTable(table, shift_zeros=False).homogeneity(method="stuart_maxwell")
    return float(test.statistic), float(test.pvalue)


def clustered_mean(
    values: NDArray[np.float64], weights: NDArray[np.float64], conversation: NDArray[np.int64]
) -> ClusteredMeans:
    """Statsmodels' weighted mean with errors clustered by conversation, times K/(K-1)."""
    count = len(np.unique(conversation))
    fitted = _regression.WLS(values, np.ones(len(values)), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": conversation, "use_correction": False}
    )
    return ClusteredMeans(
        difference=float(fitted.params[0]),
        variance=float(fitted.cov_params()[0, 0]) * count / (count - 1),
    )


def student_quantile(probability: float, degrees: float) -> float:
    """Scipy's quantile of Student's t distribution."""
    return float(_stats.t.ppf(probability, degrees))
