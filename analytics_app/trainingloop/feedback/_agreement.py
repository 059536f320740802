"""How far reviewers agree, beyond what chance alone would make them agree."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# statsmodels has no types.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_SHARED: Final = 20
"""Below so many decisions with votes of both reviewers, no agreement is told."""

_DRAWS: Final = 1000
_SEED: Final = 0
_PAIR: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """How two reviewers voted on the decisions that both of them voted on."""

    reviewer: str
    other: str
    both_up: int
    up_down: int
    """The first voted up, the other down."""
    down_up: int
    both_down: int

    @property
    def shared(self) -> int:
        """The decisions that both voted on."""
        return self.both_up + self.up_down + self.down_up + self.both_down


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCounts:
    """How many decisions got so many votes up and so many down, each by another reviewer."""

    up: int
    down: int
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement with its 95 % interval, or why there is none.

    1 is perfect agreement, 0 what chance alone gives; below 0 they disagree more than by chance.
    """

    method: str
    shared: int
    """The decisions with votes of more than one reviewer."""
    same: float | None
    """The share of pairs of votes on one decision that say the same."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    missing: str = ""
    """Why there is no value; "" when there is one."""


def cohens_kappa(pair: PairCounts) -> Agreement:
    """Agreement of two reviewers, by `statsmodels.stats.inter_rater.cohens_kappa`.

    Cohen, J. (1960), *A coefficient of agreement for nominal scales*; the interval is that of the
    asymptotic standard error of Fleiss, Cohen and Everitt (1969).
    """
    method, shared = "Cohen's kappa", pair.shared
    same = (pair.both_up + pair.both_down) / shared if shared else None
    table = np.array([[pair.both_up, pair.up_down], [pair.down_up, pair.both_down]])
    missing = _missing(shared, table)
    if missing:
        return Agreement(method=method, shared=shared, same=same, missing=missing)
    result = _kappa(table, return_results=True)
    return Agreement(
        method=method,
        shared=shared,
        same=same,
        value=float(result.kappa),
        low=float(result.kappa_low),
        high=min(float(result.kappa_upp), 1.0),
    )


def krippendorffs_alpha(panels: Sequence[PanelCounts]) -> Agreement:
    """Agreement of any number of reviewers, of whom not each voted on each decision.

    Krippendorff, K. (2011), *Computing Krippendorff's Alpha-Reliability*, for nominal data: the
    kappa of statsmodels on the matrix of coincidences, corrected for its number of votes. The
    interval is a percentile bootstrap over decisions, always with the same seed.
    """
    method = "Krippendorff's alpha"
    shared_panels = [panel for panel in panels if panel.up + panel.down >= _PAIR]
    weights = np.array([panel.decisions for panel in shared_panels], dtype=float)
    shared = int(weights.sum())
    each = np.array([_coincidences(panel) for panel in shared_panels]).reshape(-1, 2, 2)
    table = np.tensordot(weights, each, axes=1)
    same = float(np.trace(table) / table.sum()) if shared else None
    missing = _missing(shared, table)
    if missing:
        return Agreement(method=method, shared=shared, same=same, missing=missing)
    draws = np.random.default_rng(_SEED).multinomial(shared, weights / shared, size=_DRAWS)
    drawn = [_alpha(np.tensordot(draw, each, axes=1)) for draw in draws]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Agreement(
        method=method,
        shared=shared,
        same=same,
        value=_alpha(table),
        low=float(low),
        high=float(high),
    )


def _missing(shared: int, table: Any) -> str:
    if shared < LEAST_SHARED:
        return f"not enough: {shared} of {LEAST_SHARED} decisions with votes of both"
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < _PAIR:
        return "every vote is the same: nothing tells agreement from habit"
    return ""


def _coincidences(panel: PanelCounts) -> list[list[float]]:
    """The pairs of votes on one decision, weighted so that each vote counts once."""
    up, down, others = panel.up, panel.down, panel.up + panel.down - 1
    return [
        [up * (up - 1) / others, up * down / others],
        [up * down / others, down * (down - 1) / others],
    ]


def _alpha(table: Any) -> float:
    votes = float(table.sum())
    if np.count_nonzero(table.sum(axis=0)) < _PAIR:
        # A draw in which all votes are the same has no disagreement.
        return 1.0
    # Of a symmetric table this is Scott's pi; alpha differs from it by its small sample only.
    kappa = float(_kappa(table, return_results=False))
    return 1 - (1 - kappa) * (votes - 1) / votes


def _kappa(table: Any, *, return_results: bool) -> Any:
    # Heavy, and every process that stores votes imports this package.
    from statsmodels.stats import inter_rater  # type: ignore[import-untyped]  # it has no types

    return cast("Any", inter_rater.cohens_kappa(table, return_results=return_results))
