"""What a comparison needs to know of one group: six sums over its conversations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics.errors import StatisticsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SEEN_SPREAD = 1e-12
"""Squared spreads below this share of the squared values are rounding, not variation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The conversations of one group, as sums that a database can compute.

    Each conversation is a pair: ``y`` successes (or a sum, for a mean) over ``m`` units, for
    example 3 answered replies of 4. Its units are not independent of each other, so the
    conversation is the cluster and the pair is all that has to be known of it.
    """

    clusters: int
    """Conversations with at least one unit."""
    units: float
    """Sum of m."""
    total: float
    """Sum of y."""
    sum_y2: float
    sum_m2: float
    sum_ym: float

    @classmethod
    def of(cls, y: NDArray[np.number], m: NDArray[np.number] | None = None) -> Moments:
        """Sum up conversations that are in memory, one entry each.

        Args:
            y: Successes, or the sum of the values, of each conversation.
            m: Units of each conversation, at least 1; without it, one each.

        Raises:
            StatisticsError: The lengths differ, or a conversation has less than one unit.
        """
        import numpy as np

        values = np.asarray(y, dtype=float)
        sizes = np.ones_like(values) if m is None else np.asarray(m, dtype=float)
        if values.shape != sizes.shape or values.ndim != 1:
            raise StatisticsError(
                f"got {values.shape} sums and {sizes.shape} sizes; give one each per conversation"
            )
        if (sizes < 1).any():
            raise StatisticsError("got a conversation of less than one unit; leave such ones out")
        with np.errstate(over="ignore", invalid="ignore"):
            return cls(
                clusters=len(values),
                units=float(sizes.sum()),
                total=float(values.sum()),
                sum_y2=float((values * values).sum()),
                sum_m2=float((sizes * sizes).sum()),
                sum_ym=float((values * sizes).sum()),
            )

    @property
    def ratio(self) -> float | None:
        """Total over units: the rate or the mean. None where there is nothing to divide."""
        return self.total / self.units if self.is_usable and self.units else None

    @property
    def is_usable(self) -> bool:
        """Say whether all sums are numbers that could come from conversations."""
        sums = (self.units, self.total, self.sum_y2, self.sum_m2, self.sum_ym)
        return all(map(math.isfinite, sums)) and self.units >= self.clusters >= 0

    @property
    def has_one_unit_each(self) -> bool:
        """Say whether every conversation has exactly one unit."""
        return self.units == self.clusters

    @property
    def residual_squares(self) -> float:
        """Sum of (y - ratio * m) squared: how far conversations lie from their group's ratio.

        Exactly 0 where they all have the same ratio, up to the rounding of the sums.
        """
        ratio = self.ratio
        if ratio is None:
            return 0.0
        squares = self.sum_y2 - 2 * ratio * self.sum_ym + ratio * ratio * self.sum_m2
        scale = self.sum_y2 + ratio * ratio * self.sum_m2
        return squares if squares > _SEEN_SPREAD * scale else 0.0

    @property
    def linearised_variance(self) -> float | None:
        """Variance of the ratio between samples of conversations.

        Taylor linearisation of a ratio with K/(K-1), Cochran, Sampling Techniques (1977), §6.4
        and §9A. None for fewer than two conversations: one tells nothing about variation.
        """
        if self.clusters < 2 or not self.is_usable:
            return None
        correction = self.clusters / (self.clusters - 1)
        return correction * self.residual_squares / self.units / self.units

    def __add__(self, other: Moments) -> Moments:
        """Pool the conversations of two groups."""
        return Moments(
            clusters=self.clusters + other.clusters,
            units=self.units + other.units,
            total=self.total + other.total,
            sum_y2=self.sum_y2 + other.sum_y2,
            sum_m2=self.sum_m2 + other.sum_m2,
            sum_ym=self.sum_ym + other.sum_ym,
        )
