"""Verdicts: what the data allow to say, in words, and never more."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainingloop.statistics import (
    FEWEST_CONVERSATIONS,
    Comparison,
    Direction,
    Estimate,
    Kind,
    Metric,
    Moments,
    Stratum,
    compare,
)

NOBODY = Moments.of(np.array([]))


def _yes_no(yes: int, no: int) -> Moments:
    return Moments.of(np.repeat([1, 0], [yes, no]))


def _solved(a: Moments, b: Moments, direction: Direction = "good") -> Metric:
    return Metric(name="solved", kind="rate", direction=direction, a=a, b=b)


def _compared(metric: Metric) -> Comparison:
    (comparison,) = compare([metric], a_name="old", b_name="new")
    return comparison


@pytest.mark.parametrize(
    ("direction", "verdict"), [("good", "better"), ("bad", "worse"), ("neutral", "differs")]
)
def test_more_is_better_only_of_good_things(direction: Direction, verdict: str) -> None:
    """The direction of a metric decides, and a neutral one takes no side."""
    assert _compared(_solved(_yes_no(50, 50), _yes_no(95, 5), direction)).verdict == verdict


def test_less_is_the_other_way_round() -> None:
    """Fewer escalations are better, fewer solved cases worse."""
    a, b = _yes_no(95, 5), _yes_no(50, 50)

    verdicts = [_compared(_solved(a, b, direction)).verdict for direction in ("good", "bad")]

    assert verdicts == ["worse", "better"]


def test_a_good_difference_reads_like_this() -> None:
    """The rates with their counts, the difference, both intervals."""
    assert _compared(_solved(_yes_no(280, 220), _yes_no(360, 140))).words == (
        "new is better: 56 % for old (280 of 500 conversations) against 72 % for new (360 of 500);"
        " the difference is +16 points, somewhere between +10 and +22 (between +7 and +25 however"
        " often one looks)."
    )


def test_no_evidence_reads_like_this() -> None:
    """What there is, how sure it is, and what could have been found."""
    assert _compared(_solved(_yes_no(36, 14), _yes_no(28, 22))).words == (
        "No evidence of a difference: 72 % for old (36 of 50 conversations) against 56 % for new"
        " (28 of 50); the difference is \N{MINUS SIGN}16 points, somewhere between"
        " \N{MINUS SIGN}33 and +3. With this much data only differences of 39 points or more would"
        " be found reliably."
    )


def test_what_only_a_single_look_would_believe_reads_like_this() -> None:
    """The fixed interval excludes 0, the verdict waits and says how long."""
    comparison = _compared(_solved(_yes_no(150, 50), _yes_no(130, 70)))

    assert comparison.difference.excludes_zero
    assert comparison.words.endswith(
        "somewhere between \N{MINUS SIGN}19 and \N{MINUS SIGN}1. For a single look at this metric"
        " alone that would count; for repeated looks and several metrics it does not yet. About"
        " 1,300 conversations in all would settle a difference of this size."
    )


def test_too_little_data_reads_like_this() -> None:
    """How much there is, how much it takes, and the rates so far."""
    assert _compared(_solved(_yes_no(8, 4), _yes_no(20, 20))).words == (
        "Not enough data: 12 conversations for old and 40 for new; a verdict needs 30 of each."
        " So far 67 % for old (8 of 12 conversations) against 50 % for new (20 of 40)."
    )


def test_clustered_means_read_like_this() -> None:
    """Units, counts of units and of conversations, digits by the width of the interval."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(1, 9, 300)
    sums = rng.lognormal(6, 1, 300) * sizes
    metric = Metric(
        name="latency",
        kind="mean",
        direction="bad",
        unit="ms",
        counted="replies",
        a=Moments.of(sums, sizes),
        b=Moments.of(sums * 1.7, sizes),
    )

    assert _compared(metric).words == (
        "new is worse: 607 ms for old (1,392 replies in 300 conversations) against 1,032 ms for new"
        " (1,392 in 300); the difference is +425 ms, somewhere between +208 and +642 (between +90"
        " and +760 however often one looks)."
    )


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (1e-6, "0.001000 USD for old (100 conversations) against 0.001010 USD"),
        (1e3, "1,000,000 USD for old (100 conversations) against 1,010,000 USD"),
    ],
)
def test_tiny_and_huge_amounts_are_readable(scale: float, words: str) -> None:
    """No amount of a bill is rounded to nothing or drowned in digits."""
    values = np.arange(900, 1_100, 2) * scale
    metric = Metric(
        name="cost",
        kind="mean",
        direction="bad",
        unit="USD",
        a=Moments.of(values + scale),
        b=Moments.of(values + 11 * scale),
    )

    assert words in _compared(metric).words


def test_different_traffic_that_turns_the_sign_is_told() -> None:
    """Crudely worse, among like conversations better: no verdict, and why not."""
    easy = Stratum(name="easy", a=_yes_no(640, 160), b=_yes_no(170, 30))
    hard = Stratum(name="hard", a=_yes_no(60, 140), b=_yes_no(300, 500))
    metric = _solved(easy.a + hard.a, easy.b + hard.b)

    comparison = _compared(replace(metric, strata=(easy, hard)))

    assert _compared(metric).verdict == "worse"
    assert comparison.verdict == "no evidence"
    assert comparison.words == (
        "No evidence that new is the reason: 70 % for old (700 of 1,000 conversations) against 47 %"
        " for new (470 of 1,000); the difference is \N{MINUS SIGN}23 points, somewhere between"
        " \N{MINUS SIGN}27 and \N{MINUS SIGN}19. But the groups had different traffic, and"
        " among like conversations it is the other way round: +6 points, between +2 and +11."
    )


def test_a_difference_that_different_traffic_does_not_explain_stays() -> None:
    """The kinds are mixed otherwise, the difference is the same in each."""
    easy = Stratum(name="easy", a=_yes_no(480, 320), b=_yes_no(170, 30))
    hard = Stratum(name="hard", a=_yes_no(60, 140), b=_yes_no(440, 360))

    comparison = _compared(replace(_solved(easy.a + hard.a, easy.b + hard.b), strata=(easy, hard)))

    assert comparison.verdict == "better"
    assert "The groups had different traffic; among like conversations" in comparison.words


def test_a_difference_among_many_metrics_needs_more() -> None:
    """What one metric alone shows, the same among forty does not."""
    convincing = _solved(_yes_no(150, 50), _yes_no(112, 88))
    nothing = _solved(_yes_no(100, 100), _yes_no(100, 100))

    alone = compare([convincing])[0]
    among = compare([convincing, *[nothing] * 39])[0]

    assert (alone.verdict, among.verdict) == ("worse", "no evidence")
    assert among.sequential_p == alone.sequential_p
    assert (among.adjusted_p or 0) == pytest.approx(40 * (alone.adjusted_p or 0))


def test_metrics_without_enough_data_make_no_other_harder() -> None:
    """Only what is tested counts among the many."""
    convincing = _solved(_yes_no(150, 50), _yes_no(112, 88))

    among = compare([convincing, *[_solved(_yes_no(3, 2), _yes_no(1, 1))] * 39])

    assert [c.verdict for c in among] == ["worse", *["not enough data"] * 39]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NOBODY, NOBODY),
        (_yes_no(1, 0), NOBODY),
        (_yes_no(1, 0), _yes_no(0, 1)),
        (_yes_no(FEWEST_CONVERSATIONS - 1, 0), _yes_no(0, 500)),
        (Moments.of(np.full(50, math.nan)), _yes_no(30, 30)),
        (Moments.of(np.full(50, 1e300)), _yes_no(30, 30)),
        (Moments.of(np.full(50, 2.0)), _yes_no(30, 30)),
    ],
    ids=["nobody", "one", "one each", "29", "nan", "beyond floats", "more yes than asked"],
)
@pytest.mark.parametrize("kind", ["rate", "mean"])
def test_too_little_to_judge_is_called_so(a: Moments, b: Moments, kind: Kind) -> None:
    """No verdict, no interval for any look, no plan: and a sentence all the same."""
    comparison = _compared(replace(_solved(a, b), kind=kind))

    assert comparison.verdict == "not enough data"
    assert comparison.words.startswith("Not enough data: ")
    assert (comparison.sequential.low, comparison.detectable) == (None, None)
    assert (comparison.required, comparison.adjusted_p) == (None, None)


def test_all_yes_on_both_sides_is_no_proof_of_sameness() -> None:
    """50 of 50 against 50 of 50 leaves differences of 7 points possible."""
    comparison = _compared(_solved(_yes_no(50, 0), _yes_no(50, 0)))

    assert (comparison.verdict, comparison.p_value) == ("no evidence", 1)
    assert comparison.difference.high == pytest.approx(0.0713, abs=1e-4)
    assert "somewhere between \N{MINUS SIGN}7 and +7" in comparison.words


def test_values_without_variation_are_called_so() -> None:
    """Every conversation cost the same: no interval, hence no verdict."""
    comparison = _compared(
        replace(_solved(Moments.of(np.full(50, 3.0)), _yes_no(25, 25)), kind="mean")
    )

    assert comparison.verdict == "not enough data"
    assert comparison.words.endswith(
        "but in one group every conversation has the same value, so how sure that is cannot be"
        " said."
    )


@st.composite
def _any_moments(draw: st.DrawFn) -> Moments:
    size = draw(st.integers(0, 60))
    scale = draw(st.sampled_from([0.0, 1e-300, 1e-9, 1.0, 1e9, 1e140, 1e300, math.nan]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = rng.integers(1, draw(st.integers(2, 9)), size)
    with np.errstate(over="ignore"):
        return Moments.of(rng.binomial(sizes, draw(st.floats(0, 1))) * scale, sizes)


def _pretends(estimate: Estimate) -> bool:
    ends = (estimate.value, estimate.low, estimate.high)
    if estimate.low is None or estimate.high is None:
        return estimate.low is not estimate.high
    return not all(map(math.isfinite, filter(None, ends))) or estimate.low >= estimate.high


@settings(deadline=None)
@given(_any_moments(), _any_moments(), st.sampled_from(["rate", "mean"]))
def test_nothing_crashes_and_no_interval_pretends(a: Moments, b: Moments, kind: Kind) -> None:
    """Whatever the sums, an interval is finite and has a width, or there is none."""
    strata = (Stratum(name="x", a=a, b=b), Stratum(name="y", a=b, b=a))
    metric = replace(_solved(a, b), kind=kind, strata=strata)

    comparison = _compared(metric)

    assert comparison.words
    assert not any(
        map(_pretends, (comparison.a, comparison.b, comparison.difference, comparison.sequential))
    )
    assert comparison.adjustment is not None
    assert not _pretends(comparison.adjustment.stratified)
