"""What was recorded by what was replayed: a table of kinds, or of kinds with their tools."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingloop.statistics import MarginTest, marginal_homogeneity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trainingloop.replay._comparing.pairs import Pair
    from trainingloop.replay._judging.judgement import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Decisions with one recorded and one replayed kind."""

    recorded: str
    replayed: str
    decisions: int
    weight: float
    """How many decisions of the choice these stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Recorded by replayed; cells that hold nothing are left out."""

    cells: tuple[Cell, ...]
    """The fullest first."""
    changed: int
    """Decisions outside the diagonal."""
    test: MarginTest
    """Whether each is as frequent as before."""
    beyond_floor: MarginTest | None
    """Whether each is as frequent as when the recorded version is asked again; None without
    that arm."""
    adjusted_p: float | None = None
    """After Holm, of ``beyond_floor`` where there is one, else of ``test``."""

    @property
    def deciding_p(self) -> float | None:
        """The p-value of the test that takes chance into account, where there is one."""
        return (self.beyond_floor or self.test).p_value

    def count(self, recorded: str, replayed: str) -> int:
        """Return how many decisions went from one to the other."""
        return sum(
            cell.decisions
            for cell in self.cells
            if (cell.recorded, cell.replayed) == (recorded, replayed)
        )


def kind_matrix(pairs: Sequence[Pair], *, is_baseline: bool) -> Matrix:
    """Tabulate kinds of answers."""
    return _matrix(
        pairs,
        lambda judgement: judgement.recorded_kind.value,
        lambda judgement: judgement.replayed_kind.value,
        is_baseline=is_baseline,
    )


def intent_matrix(pairs: Sequence[Pair], *, is_baseline: bool) -> Matrix:
    """Tabulate kinds of answers with the tools they call."""
    return _matrix(
        pairs,
        lambda judgement: judgement.recorded_intent,
        lambda judgement: judgement.replayed_intent,
        is_baseline=is_baseline,
    )


def _matrix(
    pairs: Sequence[Pair],
    before: Callable[[Judgement], str],
    after: Callable[[Judgement], str],
    *,
    is_baseline: bool,
) -> Matrix:
    cells: Counter[tuple[str, str]] = Counter()
    weights: dict[tuple[str, str], float] = {}
    judged = [(pair, found) for pair in pairs if (found := pair.compared) is not None]
    for pair, judgement in judged:
        place = (before(judgement), after(judgement))
        cells[place] += 1
        weights[place] = weights.get(place, 0.0) + pair.weight
    both = [
        (pair, judgement, floor)
        for pair, judgement in judged
        if (floor := pair.floor_compared) is not None
    ]
    return Matrix(
        cells=_sorted(cells, weights),
        changed=sum(count for (one, other), count in cells.items() if one != other),
        test=marginal_homogeneity(
            [before(judgement) for _, judgement in judged],
            [after(judgement) for _, judgement in judged],
            [pair.thread_id for pair, _ in judged],
        ),
        beyond_floor=marginal_homogeneity(
            [after(floor) for *_, floor in both],
            [after(judgement) for _, judgement, _ in both],
            [pair.thread_id for pair, *_ in both],
        )
        if is_baseline and both
        else None,
    )


def _sorted(
    cells: Counter[tuple[str, str]], weights: dict[tuple[str, str], float]
) -> tuple[Cell, ...]:
    ordered = sorted(cells, key=lambda place: (-cells[place], place))
    return tuple(
        Cell(
            recorded=place[0],
            replayed=place[1],
            decisions=cells[place],
            weight=weights[place],
        )
        for place in ordered
    )
