"""What the intervals and verdicts promise, tried on thousands of invented groups.

Each seed is fixed, so a run tells the same every time; docs/statistics.md has the table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from support import reference_statistics as reference
from trainingloop.statistics import (
    Estimate,
    Kind,
    Metric,
    Moments,
    Stratum,
    compare,
    holm,
    homogeneity_p,
    mantel_haenszel,
    mean,
    mean_difference,
    rate,
    rate_difference,
    stratified_difference,
)
from trainingloop.statistics._contrast import contrast
from trainingloop.statistics._means import mean_p_value
from trainingloop.statistics._rates import rate_p_value
from trainingloop.statistics._sequential import always_valid_p

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    Draw = Callable[[np.random.Generator, int, int], "_Groups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Groups:
    """Many groups of conversations, one a row."""

    y: NDArray[np.float64]
    m: NDArray[np.float64]

    def moments(self, sizes: Sequence[int] | None = None) -> list[list[Moments]]:
        """Sum up each group as it was after each of the sizes; without them, as a whole."""
        at = np.array(sizes or [self.y.shape[1]])
        y, m = self.y, self.m
        sums = [np.cumsum(x, axis=1)[:, at - 1].tolist() for x in (m, y, y * y, m * m, y * m)]
        return [
            [
                Moments(clusters=k, units=u, total=t, sum_y2=yy, sum_m2=mm, sum_ym=ym)
                for k, u, t, yy, mm, ym in zip(at.tolist(), *columns, strict=True)
            ]
            for columns in zip(*sums, strict=True)
        ]

    def wholes(self) -> list[Moments]:
        return [row[0] for row in self.moments()]


def _single(p: float | NDArray[np.float64]) -> Draw:
    """Conversations of one yes or no each."""

    def draw(rng: np.random.Generator, rows: int, size: int) -> _Groups:
        y = rng.binomial(1, np.broadcast_to(np.reshape(p, (-1, 1)), (rows, size)))
        return _Groups(y=y.astype(float), m=np.ones((rows, size)))

    return draw


def _clustered(p: float | NDArray[np.float64], icc: float) -> Draw:
    """Conversations of 1 to 12 replies that agree with each other: beta-binomial."""

    def draw(rng: np.random.Generator, rows: int, size: int) -> _Groups:
        m = np.minimum(rng.geometric(0.3, (rows, size)), 12)
        strength = (1 - icc) / icc
        of_each = np.broadcast_to(np.reshape(p, (-1, 1)), (rows, size))
        own = rng.beta(of_each * strength, (1 - of_each) * strength)
        return _Groups(y=rng.binomial(m, own).astype(float), m=m.astype(float))

    return draw


def _amounts(sigma: float) -> Draw:
    """Conversations of 1 to 12 replies with one lognormal amount in each conversation."""

    def draw(rng: np.random.Generator, rows: int, size: int) -> _Groups:
        m = np.minimum(rng.geometric(0.3, (rows, size)), 12).astype(float)
        return _Groups(y=rng.lognormal(0, sigma, (rows, size)) * m, m=m)

    return draw


def _covered(estimates: Iterable[Estimate | None], truth: Iterable[float]) -> float:
    hits = [
        e is not None and e.low is not None and e.high is not None and e.low <= t <= e.high
        for e, t in zip(estimates, truth, strict=True)
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize(
    ("lowest", "highest", "icc", "size", "seed"),
    [
        pytest.param(0.1, 0.9, 0.0, 60, 1, id="one reply each"),
        pytest.param(0.02, 0.1, 0.0, 300, 2, id="rare, one reply each"),
        pytest.param(0.1, 0.9, 0.3, 100, 3, id="clustered"),
        pytest.param(0.02, 0.1, 0.1, 400, 4, id="rare, clustered"),
    ],
)
def test_intervals_of_rates_hold_what_they_say(
    lowest: float, highest: float, icc: float, size: int, seed: int
) -> None:
    """95 +- 1 % of the intervals hold the truth, averaged over a range of true rates.

    For a single true rate the coverage of any interval of counts jumps up and down with it.
    """
    rng = np.random.default_rng(seed)
    p, q = rng.uniform(lowest, highest, (2, 4_000))
    a, b = ((_clustered(r, icc) if icc else _single(r))(rng, 4_000, size).wholes() for r in (p, q))

    alone = _covered(map(rate, a), p)
    between = _covered(map(rate_difference, a, b), q - p)

    assert alone == pytest.approx(0.95, abs=0.01)
    assert between == pytest.approx(0.95, abs=0.01)


def test_replies_taken_for_independent_are_overconfident_and_ours_are_not() -> None:
    """The textbook's interval on all replies misses the truth far too often."""
    rng = np.random.default_rng(5)
    groups = _clustered(0.5, 0.4)(rng, 2_000, 100).wholes()

    ours = _covered(map(rate, groups), [0.5] * 2_000)
    naive = [reference.wilson(g.total, g.units) for g in groups]
    naively = sum(i.low <= 0.5 <= i.high for i in naive) / len(naive)

    assert ours == pytest.approx(0.95, abs=0.01)
    assert naively < 0.85


def test_intervals_of_means_hold_what_they_say() -> None:
    """Skewed amounts of clustered replies, 600 conversations."""
    rng = np.random.default_rng(6)
    truth = math.exp(0.5**2 / 2)
    a, b = (_amounts(0.5)(rng, 4_000, 600).wholes() for _ in "ab")

    assert _covered(map(mean, a), [truth] * 4_000) == pytest.approx(0.95, abs=0.01)
    assert _covered(map(mean_difference, a, b), [0.0] * 4_000) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(
    ("draw", "truth", "size", "expected"),
    [
        pytest.param(_clustered(0.1, 0.5), 0.1, 30, 0.91, id="few rare clustered yes"),
        pytest.param(_clustered(0.02, 0.5), 0.02, 100, 0.91, id="very rare clustered yes"),
        pytest.param(_amounts(1.0), math.exp(0.5), 30, 0.85, id="few skewed amounts"),
        pytest.param(_amounts(1.0), math.exp(0.5), 300, 0.92, id="skewed amounts"),
        pytest.param(_amounts(2.0), math.exp(2.0), 300, 0.77, id="wildly skewed amounts"),
    ],
)
def test_where_intervals_hold_less_is_known(
    draw: Draw, truth: float, size: int, expected: float
) -> None:
    """The limits that docs/statistics.md admits are neither worse nor better than it says."""
    groups = draw(np.random.default_rng(7), 3_000, size).wholes()
    estimate = rate if truth < 1 else mean

    assert _covered(map(estimate, groups), [truth] * 3_000) == pytest.approx(expected, abs=0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alarms:
    """In how many of the A/A runs somebody who looked 20 times saw a difference."""

    verdict: float
    naive: float
    incautious: float
    """The verdict's test with Welch's variance alone."""


def _looked_at(
    draw: Draw, kind: Kind, a_sizes: Sequence[int], b_sizes: Sequence[int], seed: int
) -> _Alarms:
    rng, runs = np.random.default_rng(seed), 1_000
    naive_p = rate_p_value if kind == "rate" else mean_p_value
    a_groups = draw(rng, runs, max(a_sizes)).moments(a_sizes)
    b_groups = draw(rng, runs, max(b_sizes)).moments(b_sizes)
    verdict = naive = incautious = 0
    for a_looks, b_looks in zip(a_groups, b_groups, strict=True):
        found = [
            contrast(Metric(name="x", kind=kind, direction="good", a=a, b=b))
            for a, b in zip(a_looks, b_looks, strict=True)
        ]
        verdict += any(c is not None and c.always_valid_p <= 0.05 for c in found)
        incautious += any(
            c is not None and always_valid_p(c.difference, c.plain_variance, c.size) <= 0.05
            for c in found
        )
        naive += any((naive_p(a, b) or 1) <= 0.05 for a, b in zip(a_looks, b_looks, strict=True))
    return _Alarms(verdict=verdict / runs, naive=naive / runs, incautious=incautious / runs)


_EVENLY = [100 * look for look in range(1, 21)]
_EARLY = [round(30 * 1.247**look) for look in range(20)]


@pytest.mark.parametrize(
    ("draw", "kind", "seed"),
    [
        pytest.param(_single(0.5), "rate", 11, id="one reply each"),
        pytest.param(_single(0.03), "rate", 12, id="rare"),
        pytest.param(_clustered(0.7, 0.3), "rate", 13, id="clustered"),
        pytest.param(_amounts(1.0), "mean", 14, id="skewed amounts"),
    ],
)
@pytest.mark.parametrize("sizes", [_EVENLY, _EARLY], ids=["every 100", "early and often"])
def test_twenty_looks_raise_no_more_false_alarms_than_one(
    draw: Draw, kind: Kind, seed: int, sizes: list[int]
) -> None:
    """Two equal versions, 20 looks: the verdict alarms in 5 % at most, the naive test in 15+."""
    alarms = _looked_at(draw, kind, sizes, sizes, seed)

    assert alarms.verdict <= 0.05
    assert alarms.naive > 0.15


@pytest.mark.parametrize(
    ("draw", "kind", "seed"),
    [
        pytest.param(_clustered(0.05, 0.4), "rate", 15, id="rare and clustered"),
        pytest.param(_amounts(1.0), "mean", 16, id="skewed amounts"),
        pytest.param(_amounts(2.0), "mean", 17, id="wildly skewed amounts"),
    ],
)
def test_a_new_version_beside_a_large_old_one_raises_no_more_either(
    draw: Draw, kind: Kind, seed: int
) -> None:
    """2,000 old conversations, a new version from 30 on: Welch's variance alone would not do."""
    alarms = _looked_at(draw, kind, [2_000] * 20, _EARLY, seed)

    assert alarms.verdict <= 0.05
    assert alarms.incautious > 0.05


def test_a_difference_of_the_size_promised_is_found_in_four_of_five_cases() -> None:
    """The smallest difference said to be detectable is, and three times it always is."""
    rng = np.random.default_rng(18)
    variance_like = Metric(
        name="x",
        kind="rate",
        direction="good",
        a=_single(0.5)(rng, 1, 400).wholes()[0],
        b=_single(0.5)(rng, 1, 400).wholes()[0],
    )
    promised = compare([variance_like])[0].detectable or 0

    def found(gap: float) -> float:
        a = _single(0.5 - gap / 2)(rng, 500, 400).wholes()
        b = _single(0.5 + gap / 2)(rng, 500, 400).wholes()
        metrics = [Metric(name="x", kind="rate", direction="good", a=x, b=y)
                   for x, y in zip(a, b, strict=True)]  # fmt: skip
        return sum(compare([metric])[0].verdict == "better" for metric in metrics) / 500

    assert found(promised) == pytest.approx(0.8, abs=0.05)
    assert found(3 * promised) == 1


def test_ten_metrics_raise_one_false_alarm_in_twenty() -> None:
    """Ten metrics without a difference: after Holm 5 % of the runs alarm, before it 40 %."""
    rng = np.random.default_rng(19)
    a, b = (_single(0.4)(rng, 20_000, 200).wholes() for _ in "ab")
    p_values = np.array([rate_p_value(x, y) for x, y in zip(a, b, strict=True)]).reshape(-1, 10)

    adjusted = sum(min(p or 0 for p in holm(list(row))) <= 0.05 for row in p_values) / 2_000
    plain = (p_values.min(axis=1) <= 0.05).mean()

    assert adjusted == pytest.approx(0.05, abs=0.015)
    assert plain > 0.3


def _observational(rng: np.random.Generator, runs: int) -> list[tuple[Stratum, Stratum]]:
    """Easy and hard questions, 80:20 against 20:80; b is 5 points better at both."""
    drawn = {
        (group, kind): _single(p)(rng, runs, size).wholes()
        for group, kind, p, size in (
            ("a", "easy", 0.80, 800),
            ("a", "hard", 0.30, 200),
            ("b", "easy", 0.85, 200),
            ("b", "hard", 0.35, 800),
        )
    }
    return [
        (
            Stratum(name="easy", a=drawn["a", "easy"][run], b=drawn["b", "easy"][run]),
            Stratum(name="hard", a=drawn["a", "hard"][run], b=drawn["b", "hard"][run]),
        )
        for run in range(runs)
    ]


def test_different_traffic_never_makes_a_better_version_worse() -> None:
    """Simpson's case: flagged, the stratified sign is right, and no verdict is 'worse'."""
    runs = 300
    compared = [
        compare(
            [
                Metric(
                    name="solved",
                    kind="rate",
                    direction="good",
                    a=easy.a + hard.a,
                    b=easy.b + hard.b,
                    strata=(easy, hard),
                )
            ]
        )[0]
        for easy, hard in _observational(np.random.default_rng(20), runs)
    ]

    adjusted = [c.adjustment for c in compared if c.adjustment is not None]
    assert all(c.p_value is not None and c.p_value < 1e-6 for c in compared)
    assert sum(a.is_simpson and (a.stratified.value or 0) > 0 for a in adjusted) / runs > 0.95
    assert {c.verdict for c in compared} == {"no evidence"}


def test_estimates_among_like_conversations_hold_what_they_say() -> None:
    """Both adjusted intervals hold the true 5 points; homogeneity alarms in 5 %."""
    runs = 3_000
    strata = _observational(np.random.default_rng(21), runs)

    stratified = _covered((stratified_difference(s, "rate") for s in strata), [0.05] * runs)
    pooled = _covered(map(mantel_haenszel, strata), [0.05] * runs)
    uneven = sum((homogeneity_p(s, "rate") or 0) <= 0.05 for s in strata) / runs

    assert stratified == pytest.approx(0.95, abs=0.01)
    assert pooled == pytest.approx(0.95, abs=0.01)
    assert uneven == pytest.approx(0.05, abs=0.015)


def test_clustered_conversations_are_stratified_without_overconfidence() -> None:
    """Replies that agree within a conversation, in two kinds of traffic."""
    rng, runs = np.random.default_rng(22), 2_000
    sizes = {("a", 0.8): 200, ("a", 0.3): 60, ("b", 0.8): 60, ("b", 0.3): 200}
    drawn = {key: _clustered(key[1], 0.3)(rng, runs, size).wholes() for key, size in sizes.items()}
    strata = [
        [Stratum(name=str(p), a=drawn["a", p][run], b=drawn["b", p][run]) for p in (0.8, 0.3)]
        for run in range(runs)
    ]

    covered = _covered((stratified_difference(s, "rate") for s in strata), [0.0] * runs)

    assert covered == pytest.approx(0.95, abs=0.01)
