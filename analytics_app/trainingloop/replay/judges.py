"""How far a judge model agrees with itself and with people, and what it prefers.

A judge is asked twice about a pair, each answer once in the first place. Only where both of its
words name the same answer is that a preference; anything else is a tie (position bias: Zheng et al.
2023, *Judging LLM-as-a-Judge*, arXiv 2306.05685).
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# statsmodels has no types.

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from trainingloop.replay.preferences import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trainingloop.replay.preferences import Preference

Pair = tuple[str, int]
"""A decision and a step of its chain."""

LEAST_SHARED: Final = 20
"""Below so many pairs that both people and the judge preferred, no kappa is told."""
_BOTH_ORDERS: Final = frozenset({"recorded", "replayed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeReport:
    """What one judge model said of a run."""

    judge: str
    pairs: int
    """Pairs it was asked about in both orders."""
    half_asked: int
    """Pairs it was asked about in one order only: they count nowhere else."""
    consistent: int
    """Pairs of which it said the same both times."""
    recorded: int
    replayed: int
    ties: int
    """Said both times, or because it contradicted itself."""
    first_slot: float | None
    """The share of its words, ties apart, for what it read first; 0.5 is fair."""
    p_value: float | None
    """Of an exact sign test: preferring either answer by chance; None without a preference."""
    people: int
    """Pairs that people judged as well."""
    same_as_people: int
    kappa: float | None
    """Cohen's kappa with people, None below `LEAST_SHARED` pairs or where it has no meaning."""
    cost_usd: float | None
    """What asking it cost; None where a price is unknown."""
    tokens: int

    @property
    def consistency(self) -> float | None:
        """The share of pairs of which it said the same both times."""
        return self.consistent / self.pairs if self.pairs else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleReport:
    """What people prefer in a run."""

    pairs: int
    """That somebody voted on."""
    recorded: int
    replayed: int
    ties: int
    """Said by most, or as many on either side."""
    p_value: float | None
    """Of an exact sign test, as `JudgeReport` has it."""


def people_report(preferences: Iterable[Preference]) -> PeopleReport | None:
    """Return what people prefer, None where nobody voted."""
    counted = Counter(people_prefer(preferences).values())
    if not counted:
        return None
    return PeopleReport(
        pairs=counted.total(),
        recorded=counted[Choice.RECORDED],
        replayed=counted[Choice.REPLAYED],
        ties=counted[Choice.TIE],
        p_value=_sign_test(counted[Choice.REPLAYED], counted[Choice.RECORDED]),
    )


def people_prefer(preferences: Iterable[Preference]) -> dict[Pair, Choice]:
    """Return what most people prefer of each pair; as many for each answer is a tie."""
    votes: defaultdict[Pair, Counter[Choice]] = defaultdict(Counter)
    for one in preferences:
        if one.source == "human":
            votes[one.decision_id, one.step][one.choice] += 1
    return {pair: _majority(counted) for pair, counted in votes.items()}


def judge_reports(preferences: Sequence[Preference]) -> list[JudgeReport]:
    """Return what each judge model said, by its name."""
    people = people_prefer(preferences)
    names = sorted({one.judge for one in preferences if one.source == "judge"})
    return [
        _report(
            name,
            [one for one in preferences if one.source == "judge" and one.judge == name],
            people,
        )
        for name in names
    ]


def _report(name: str, said: Sequence[Preference], people: Mapping[Pair, Choice]) -> JudgeReport:
    by_pair: defaultdict[Pair, dict[str, Choice]] = defaultdict(dict)
    for one in said:
        by_pair[one.decision_id, one.step][one.shown_first] = one.choice
    both = {pair: words for pair, words in by_pair.items() if words.keys() >= _BOTH_ORDERS}
    verdicts = {pair: _verdict(words) for pair, words in both.items()}
    counted = Counter(verdicts.values())
    shared = [(verdicts[pair], people[pair]) for pair in sorted(verdicts) if pair in people]
    costs = [one.cost_usd for one in said]
    return JudgeReport(
        judge=name,
        pairs=len(both),
        half_asked=len(by_pair) - len(both),
        consistent=sum(len(set(words.values())) == 1 for words in both.values()),
        recorded=counted[Choice.RECORDED],
        replayed=counted[Choice.REPLAYED],
        ties=counted[Choice.TIE],
        first_slot=_first_slot(both.values()),
        p_value=_sign_test(counted[Choice.REPLAYED], counted[Choice.RECORDED]),
        people=len(shared),
        same_as_people=sum(mine == theirs for mine, theirs in shared),
        kappa=_kappa(shared),
        cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        tokens=sum(one.input_tokens + one.output_tokens for one in said),
    )


def _majority(votes: Counter[Choice]) -> Choice:
    recorded, replayed = votes[Choice.RECORDED], votes[Choice.REPLAYED]
    if recorded == replayed or max(recorded, replayed) < votes[Choice.TIE]:
        return Choice.TIE
    return Choice.RECORDED if recorded > replayed else Choice.REPLAYED


def _verdict(words: Mapping[str, Choice]) -> Choice:
    said = set(words.values())
    return said.pop() if len(said) == 1 else Choice.TIE


def _first_slot(words: Iterable[Mapping[str, Choice]]) -> float | None:
    firsts = [
        shown_first == choice.value
        for both in words
        for shown_first, choice in both.items()
        if choice is not Choice.TIE
    ]
    return sum(firsts) / len(firsts) if firsts else None


def _sign_test(wins: int, losses: int) -> float | None:
    if not wins + losses:
        return None
    from scipy.stats import binomtest  # type: ignore[import-untyped]  # heavy, and has no types

    return float(binomtest(wins, wins + losses).pvalue)


def _kappa(shared: Sequence[tuple[Choice, Choice]]) -> float | None:
    """Cohen, J. (1960), *A coefficient of agreement for nominal scales*."""
    choices = list(Choice)
    table = np.zeros((len(choices), len(choices)))
    for mine, theirs in shared:
        table[choices.index(mine), choices.index(theirs)] += 1
    is_one_sided = np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2
    if len(shared) < LEAST_SHARED or is_one_sided:
        return None
    # Heavy, and every process that stores results imports this package.
    from statsmodels.stats import inter_rater  # type: ignore[import-untyped]  # it has no types

    kappa: Any = inter_rater.cohens_kappa(table, return_results=False)
    return float(kappa)
