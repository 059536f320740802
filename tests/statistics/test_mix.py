"""Different traffic: seen, measured, and taken out of the difference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import reference_statistics as reference
from trainingloop.statistics import (
    Moments,
    Stratum,
    adjust,
    homogeneity_p,
    mantel_haenszel,
    rate_difference,
    stratified_difference,
    traffic_mix,
)

NOBODY = Moments.of(np.array([]))


def _yes_no(yes: int, no: int) -> Moments:
    return Moments.of(np.repeat([1, 0], [yes, no]))


def _stratum(name: str, a: tuple[int, int], b: tuple[int, int]) -> Stratum:
    return Stratum(name=name, a=_yes_no(*a), b=_yes_no(*b))


_STRATA = st.lists(
    st.builds(
        _stratum,
        st.just("kind"),
        st.tuples(st.integers(1, 80), st.integers(1, 80)),
        st.tuples(st.integers(1, 80), st.integers(1, 80)),
    ),
    min_size=2,
    max_size=5,
).map(tuple)

# Easy questions go well, hard ones badly; b does both better and got mostly hard ones.
_SIMPSON = (_stratum("easy", (640, 160), (170, 30)), _stratum("hard", (60, 140), (300, 500)))


def _crude(strata: tuple[Stratum, ...]) -> tuple[Moments, Moments]:
    return sum((s.a for s in strata), NOBODY), sum((s.b for s in strata), NOBODY)


def test_the_mix_is_told_by_shares_and_their_distance() -> None:
    """80:20 against 20:80 differs in six tenths of the conversations."""
    mix = traffic_mix(_SIMPSON, "rate")

    assert [(r.name, r.a_share, r.b_share, r.a.value) for r in mix.rows] == [
        ("easy", 0.8, 0.2, 0.8),
        ("hard", 0.2, 0.8, 0.3),
    ]
    assert mix.distance == pytest.approx(0.6)
    assert mix.is_different


@given(_STRATA)
def test_the_chance_of_a_mix_is_that_of_scipy(strata: tuple[Stratum, ...]) -> None:
    """Chi-square over the table of conversations by kind and group."""
    table = [[s.a.clusters for s in strata], [s.b.clusters for s in strata]]

    assert traffic_mix(strata, "rate").p_value == pytest.approx(
        reference.contingency_p_value(table), rel=1e-6, abs=1e-12
    )


def test_a_small_or_chance_distance_is_not_called_different() -> None:
    """Neither 3 % in thousands of conversations nor 20 % in ten of them."""
    slight = (_stratum("x", (5_000, 0), (5_300, 0)), _stratum("y", (5_000, 0), (4_700, 0)))
    few = (_stratum("x", (6, 0), (4, 0)), _stratum("y", (4, 0), (6, 0)))

    assert [traffic_mix(strata, "rate").is_different for strata in (slight, few)] == [False, False]


@given(_STRATA)
def test_the_pooled_risk_difference_fits_the_pooled_odds_ratio_of_statsmodels(
    strata: tuple[Stratum, ...],
) -> None:
    """Both come from the same two sums, R and S: the ratio is R/S, the difference (R-S)/weight."""
    odds_ratio = float(reference.stratified_table(strata).oddsratio_pooled)
    s_sum = sum((s.b.units - s.b.total) * s.a.total / (s.a.units + s.b.units) for s in strata)
    weight = sum(s.a.units * s.b.units / (s.a.units + s.b.units) for s in strata)

    pooled = mantel_haenszel(strata)

    assert pooled is not None
    assert pooled.value == pytest.approx(s_sum * (odds_ratio - 1) / weight, abs=1e-9)


def test_one_kind_alone_has_the_variance_of_two_binomials() -> None:
    """Without strata Sato's variance is the sum of p(1-p)/n."""
    pooled = mantel_haenszel([_stratum("all", (60, 40), (90, 110))])

    assert pooled is not None
    assert (pooled.value, pooled.high) == pytest.approx(
        (-0.15, -0.15 + 1.95996 * (0.6 * 0.4 / 100 + 0.45 * 0.55 / 200) ** 0.5), abs=1e-5
    )


def test_replies_of_a_conversation_are_no_table_of_four() -> None:
    """Mantel-Haenszel takes plain yes or no; where there are several units it is left out."""
    several = Moments.of(np.array([1, 2]), np.array([2, 2]))

    assert mantel_haenszel([Stratum(name="x", a=several, b=_yes_no(1, 1))]) is None
    assert mantel_haenszel([Stratum(name="x", a=NOBODY, b=_yes_no(1, 1))]) is None


def test_a_pooled_difference_of_all_yes_has_no_interval() -> None:
    """No variation at all: an interval of width 0 would be a lie."""
    pooled = mantel_haenszel([_stratum("x", (20, 0), (30, 0))])

    assert pooled is not None
    assert (pooled.value, pooled.low, pooled.high) == (0, None, None)


def test_a_stratified_difference_weighs_kinds_by_their_share_of_both_groups() -> None:
    """+5 points among easy and +7.5 among hard ones, as many of each: +6.25."""
    difference = stratified_difference(_SIMPSON, "rate")

    assert difference.value == pytest.approx(0.0625)


def test_clustered_and_plain_conversations_are_stratified_alike() -> None:
    """Ten replies that all agree count as about one, so the interval is about the same."""
    copied = tuple(
        Stratum(
            name=s.name,
            a=Moments.of(np.repeat([10, 0], [int(s.a.total), int(s.a.units - s.a.total)]),
                         np.full(s.a.clusters, 10)),
            b=Moments.of(np.repeat([10, 0], [int(s.b.total), int(s.b.units - s.b.total)]),
                         np.full(s.b.clusters, 10)),
        )
        for s in _SIMPSON
    )  # fmt: skip

    plain, clustered = (stratified_difference(strata, "rate") for strata in (_SIMPSON, copied))

    assert (clustered.low, clustered.high) == pytest.approx((plain.low, plain.high), abs=2e-3)


def test_means_are_stratified_too() -> None:
    """A version that got longer questions took longer, yet is faster for each."""
    rng = np.random.default_rng(5)
    short, long = rng.normal(100, 10, 400), rng.normal(900, 50, 400)
    strata = (
        Stratum(name="short", a=Moments.of(short), b=Moments.of(short[:40] - 20)),
        Stratum(name="long", a=Moments.of(long[:40]), b=Moments.of(long - 60)),
    )

    difference = stratified_difference(strata, "mean")

    assert difference.value == pytest.approx(-40, abs=10)
    assert difference.excludes_zero


def test_a_kind_that_one_group_lacks_is_not_compared() -> None:
    """The rest is, and it is said how much that is."""
    strata = (_stratum("both", (30, 30), (30, 10)), _stratum("only b", (0, 0), (70, 30)))
    plain = rate_difference(*_crude(strata))

    adjustment = adjust(strata, "rate", plain)

    assert adjustment is not None
    assert adjustment.stratified.value == pytest.approx(0.25)
    assert adjustment.overlap == pytest.approx(0.5)


def test_nothing_in_common_leaves_no_estimate() -> None:
    """Two groups of other traffic cannot be compared, and nobody pretends."""
    strata = (_stratum("x", (30, 30), (0, 0)), _stratum("y", (0, 0), (30, 10)))

    adjustment = adjust(strata, "rate", rate_difference(*_crude(strata)))

    assert adjustment is not None
    assert (adjustment.stratified.value, adjustment.overlap) == (None, 0)
    assert (adjustment.mix.distance, adjustment.homogeneity_p) == (1, None)


def test_without_kinds_there_is_nothing_to_adjust() -> None:
    """A split drawn by lot is compared as it is."""
    assert adjust((), "rate", rate_difference(_yes_no(3, 4), _yes_no(4, 3))) is None


def test_empty_groups_have_no_mix() -> None:
    """Nobody on one side: shares and distance are unknown."""
    mix = traffic_mix([Stratum(name="x", a=NOBODY, b=_yes_no(2, 3))], "rate")

    assert (mix.distance, mix.rows[0].a_share, mix.is_different) == (None, None, False)


def test_kinds_that_differ_in_the_difference_are_told() -> None:
    """Better for easy questions, worse for hard ones: one number does not fit both."""
    same = homogeneity_p(_SIMPSON, "rate")
    opposite = homogeneity_p(
        [_stratum("easy", (100, 100), (150, 50)), _stratum("hard", (100, 100), (60, 140))], "rate"
    )

    assert same is not None
    assert opposite is not None
    assert same > 0.3
    assert opposite < 1e-6


def test_the_reversal_is_flagged() -> None:
    """Crudely worse, among like conversations better: Simpson's paradox."""
    crude = rate_difference(*_crude(_SIMPSON))

    adjustment = adjust(_SIMPSON, "rate", crude)

    assert adjustment is not None
    assert (crude.value or 0) < -0.2
    assert (adjustment.stratified.value or 0) > 0.05
    assert adjustment.is_simpson


def test_a_reversal_by_chance_is_not_flagged() -> None:
    """Two differences around 0 that happen to have other signs say nothing."""
    strata = (_stratum("x", (80, 20), (87, 23)), _stratum("y", (30, 70), (26, 64)))
    crude = rate_difference(*_crude(strata))

    adjustment = adjust(strata, "rate", crude)

    assert adjustment is not None
    assert (crude.value or 0) * (adjustment.stratified.value or 0) < 0
    assert not adjustment.is_simpson
