"""One false alarm among many metrics is still one: p-values adjusted together."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p-values so that all of them together raise a false alarm in 5 % of cases at most.

    Holm, Scandinavian Journal of Statistics 6 (1979). Holds for any dependence. Metrics without
    a p-value stay without and do not count.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    count = len(known)
    stepped = accumulate((min(1.0, p * (count - i)) for i, (p, _) in enumerate(known)), max)
    adjusted = {place: p for (_, place), p in zip(known, stepped, strict=True)}
    return tuple(adjusted.get(place) for place in range(len(p_values)))
