"""Compares two cohorts of a store, and says how sure one may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.cohorts import _notes
from trainingloop.cohorts._cohort import Cohort, find_cohort
from trainingloop.cohorts._days import days_of, switch_of
from trainingloop.cohorts._measures import OF_DECISIONS, rank
from trainingloop.cohorts._reading import Facts, Measured, facts_of, measured
from trainingloop.cohorts._report import ComparedMetric, Report
from trainingloop.cohorts._traits import mixes_of, most_different, strata_of, traits_between
from trainingloop.cohorts.errors import BadCohortError, EmptyCohortError, SameCohortError
from trainingloop.prices import load_prices
from trainingloop.statistics import Metric, compare, sample_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainingloop.cohorts._cohort import TenantReads
    from trainingloop.cohorts._measures import Measure
    from trainingloop.prices import Prices
    from trainingloop.statistics import Comparison, SampleRatio

_EVERYONE: Final = "replies"
"""The metric that every conversation has."""


def compare_cohorts(
    reads: TenantReads,
    a: Cohort | str,
    b: Cohort | str,
    *,
    as_of: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    primary: str = "",
    split: Sequence[float] | None = None,
    prices: Prices | None = None,
) -> Report:
    """Set two cohorts side by side; differences are b minus a.

    Args:
        reads: those of the tenant they belong to.
        a: what there was: a cohort, or a name that `find_cohort` takes.
        b: what is compared with it.
        as_of: now; decisions and the ends of windows after it do not count, in both cohorts.
        since: the first moment that counts.
        until: the first moment that counts no more.
        primary: the id of the metric to judge by; otherwise the one that says most.
        split: the shares in which conversations were given to a and b by lot; without it they
            count as drawn by lot, in equal shares, where the two are arms of one experiment.
        prices: what model calls cost where nobody said so; otherwise `load_prices`.

    Raises:
        UnknownCohortError: a name is no cohort's.
        BadCohortError: conditions, or ``primary``, cannot be understood.
        SameCohortError: the two are the same cohort.
        EmptyCohortError: one of them holds no decision in that time.
    """
    ends = min(until, as_of) if until else as_of
    first, second = (_found(reads, one).within(since, ends) for one in (a, b))
    if (first.definition, first.frozen_at) == (second.definition, second.frozen_at):
        raise SameCohortError(
            f"{second.name!r} is the same cohort as {first.name!r}: name two that differ"
        )
    sides = tuple(_held(reads, one) for one in (first, second))
    costs = prices or load_prices()
    of_a, of_b = (measured(reads, one, as_of=as_of, prices=costs) for one in (first, second))
    return _Comparing(reads, sides[0], sides[1], of_a, of_b).report(as_of, primary, split)


class _Comparing:
    """Two cohorts and everything measured of them."""

    def __init__(
        self,
        reads: TenantReads,
        a: Facts,
        b: Facts,
        of_a: Mapping[str, Measured],
        of_b: Mapping[str, Measured],
    ) -> None:
        self._reads = reads
        self._a = a
        self._b = b
        self._measures = sorted(_measures(of_a, of_b), key=rank)
        self._of_a = {one.id: of_a.get(one.id, Measured(measure=one)) for one in self._measures}
        self._of_b = {one.id: of_b.get(one.id, Measured(measure=one)) for one in self._measures}

    def report(self, as_of: datetime, wanted: str, split: Sequence[float] | None) -> Report:
        primary = self._primary(wanted)
        ratio = self._ratio(split)
        mixes = mixes_of(
            traits_between(self._a, self._b),
            self._of_a,
            self._of_b,
            everyone=_EVERYONE,
            primary=primary.id,
        )
        trait = "" if ratio else most_different(mixes)
        shared = self._shared()
        metrics = self._compared(primary, trait)
        notes = _notes.Notes(self._a, self._b, self._of_a, self._of_b)
        return Report(
            a=self._a,
            b=self._b,
            as_of=as_of,
            headline=metrics[0].comparison.words,
            metrics=metrics,
            is_observational=ratio is None,
            sample_ratio=ratio,
            mixes=mixes,
            adjusted_trait=trait,
            days=days_of(primary.id, _EVERYONE, self._of_a, self._of_b),
            switched_at=switch_of(self._a, self._b),
            shared_conversations=shared,
            notes=notes.all(shared=shared, ratio=ratio),
        )

    def _primary(self, wanted: str) -> Measure:
        by_id = {measure.id: measure for measure in self._measures}
        if wanted and wanted not in by_id:
            raise BadCohortError(
                f"{wanted!r} was not measured of these cohorts: use one of {', '.join(by_id)}"
            )
        judged = [one for one in self._measures if one.direction != "neutral"]
        known = [
            one
            for one in judged
            if self._of_a[one.id].whole.clusters and self._of_b[one.id].whole.clusters
        ]
        return by_id[wanted] if wanted else (known or judged or self._measures)[0]

    def _compared(self, primary: Measure, trait: str) -> tuple[ComparedMetric, ...]:
        """Compare every metric, those with a good and a bad side as one family."""
        judged = [one for one in self._measures if one.direction != "neutral"]
        neutral = [one for one in self._measures if one.direction == "neutral"]
        by_id = {**self._family(judged, trait), **self._family(neutral, trait)}
        order = [primary, *(one for one in self._measures if one != primary)]
        return tuple(
            ComparedMetric(
                measure=one,
                comparison=by_id[one.id],
                a_pending=self._of_a[one.id].pending,
                b_pending=self._of_b[one.id].pending,
                is_primary=one == primary,
            )
            for one in order
        )

    def _family(self, measures: Sequence[Measure], trait: str) -> dict[str, Comparison]:
        metrics = [self._metric(measure, trait) for measure in measures]
        found = compare(metrics, a_name=self._a.cohort.label, b_name=self._b.cohort.label)
        return {one.id: comparison for one, comparison in zip(measures, found, strict=True)}

    def _metric(self, measure: Measure, trait: str) -> Metric:
        a, b = self._of_a[measure.id], self._of_b[measure.id]
        return Metric(
            name=measure.name,
            kind=measure.kind,
            direction=measure.direction,
            a=a.whole,
            b=b.whole,
            unit=measure.unit,
            counted=measure.counted,
            strata=strata_of(trait, a, b) if trait else (),
        )

    def _ratio(self, split: Sequence[float] | None) -> SampleRatio | None:
        """Check the split, if there was one: declared, or arms of one experiment."""
        counts = (self._a.conversations, self._b.conversations)
        if split:
            return sample_ratio(counts, split)
        experiments, arms = (
            {*self._a.experiments, *self._b.experiments},
            (
                self._a.variants,
                self._b.variants,
            ),
        )
        are_arms = all(len(arm) == 1 and arm[0] for arm in arms) and arms[0] != arms[1]
        is_one = len(experiments) == 1 and "" not in experiments
        return sample_ratio(counts) if are_arms and is_one else None

    def _shared(self) -> int:
        others = {f"other_{name}": value for name, value in self._b.cohort.parameters().items()}
        table = self._reads.table("cohort_overlap", {**self._a.cohort.parameters(), **others})
        return int(str(table.rows[0][0]))


def _found(reads: TenantReads, cohort: Cohort | str) -> Cohort:
    return find_cohort(reads, cohort) if isinstance(cohort, str) else cohort


def _held(reads: TenantReads, cohort: Cohort) -> Facts:
    facts = facts_of(reads, cohort)
    if not facts.decisions:
        raise EmptyCohortError(
            f"the cohort {cohort.name!r} holds no decision in this time range: choose another "
            "range, or another cohort from trainingloop cohorts list"
        )
    return facts


def _measures(of_a: Mapping[str, Measured], of_b: Mapping[str, Measured]) -> list[Measure]:
    """Return what was measured of either cohort, or will be once windows have passed."""
    both = [*of_a.values(), *of_b.values()]
    found = {one.measure.id: one.measure for one in both if one.whole.clusters or one.pending}
    everyone = next(one for one in OF_DECISIONS if one.id == _EVERYONE)
    return list({**found, everyone.id: everyone}.values())
