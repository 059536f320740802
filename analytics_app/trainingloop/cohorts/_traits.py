"""Traits of conversations that no version of the assistant decides: channel, service, time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from trainingloop.cohorts._report import TraitMix
from trainingloop.statistics import Stratum, traffic_mix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainingloop.cohorts._reading import Facts, Measured
    from trainingloop.statistics import Mix

TRAITS: Final = {
    "channel": "Channel",
    "service": "Service",
    "agent": "Agent",
    "environment": "Environment",
    "weekday": "Weekday",
    "hours": "Time of day (UTC)",
}
"""Every trait by its name in the reads.

Not the tools that were called or the rules that fired: these follow from the version, and a
difference that comes about by them must not be adjusted away.
"""
_SHORTEST: Final = {"weekday": timedelta(days=14), "hours": timedelta(days=2)}
"""A trait of time says something only of cohorts that last long enough to have all its values."""
_WEEKDAYS: Final = {
    str(number): name
    for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), 1)
}
_HOURS: Final = {str(hour): f"{hour:02}-{hour + 6:02} h" for hour in (0, 6, 12, 18)}
_UNKNOWN: Final = "(not recorded)"


def traits_between(a: Facts, b: Facts) -> tuple[str, ...]:
    """Return the traits in which these two can be compared.

    Not those that define one of them: whoever compares two channels asks for their difference.
    """
    lasted = min(side.last_at - side.first_at for side in (a, b))
    asked = {name for side in (a, b) for name, _ in side.cohort.definition.parts}
    return tuple(
        trait
        for trait in TRAITS
        if trait not in asked and lasted >= _SHORTEST.get(trait, timedelta())
    )


def strata_of(trait: str, a: Measured, b: Measured) -> tuple[Stratum, ...]:
    """Return a metric's sums for each value of ``trait`` that either cohort has."""
    return _strata(trait, _values(trait, a, b), a, b)


def mixes_of(
    traits: Sequence[str],
    a: Mapping[str, Measured],
    b: Mapping[str, Measured],
    *,
    everyone: str,
    primary: str,
) -> tuple[TraitMix, ...]:
    """Return how the cohorts differ in each trait that has more than one value.

    Args:
        traits: some of `TRAITS`.
        a: the metrics of the one cohort.
        b: those of the other.
        everyone: a metric that every conversation has: the shares are of all of them.
        primary: the metric whose estimates stand beside the shares.
    """
    kind = a[primary].measure.kind
    found: list[TraitMix] = []
    for trait in traits:
        values = _values(trait, a[everyone], b[everyone])
        if len(values) > 1:
            shares = traffic_mix(_strata(trait, values, a[everyone], b[everyone]), "mean")
            judged = traffic_mix(_strata(trait, values, a[primary], b[primary]), kind)
            found.append(TraitMix(trait=trait, mix=_beside(shares, judged)))
    return tuple(sorted(found, key=_distance))


def most_different(mixes: tuple[TraitMix, ...]) -> str:
    """Return the trait in which the cohorts differ most beyond chance, or ""."""
    return next((one.trait for one in mixes if one.mix.is_different), "")


def _values(trait: str, a: Measured, b: Measured) -> list[str]:
    return sorted({*a.by_trait.get(trait, {}), *b.by_trait.get(trait, {})})


def _strata(trait: str, values: list[str], a: Measured, b: Measured) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(name=_label(trait, value), a=a.of(trait, value), b=b.of(trait, value))
        for value in values
    )


def _beside(shares: Mix, judged: Mix) -> Mix:
    """Put the estimates of the one beside the shares of the other, row by row."""
    pairs = zip(shares.rows, judged.rows, strict=True)
    return replace(shares, rows=tuple(replace(row, a=other.a, b=other.b) for row, other in pairs))


def _distance(found: TraitMix) -> tuple[bool, float]:
    return not found.mix.is_different, -(found.mix.distance or 0.0)


def _label(trait: str, value: str) -> str:
    if trait == "weekday":
        return _WEEKDAYS.get(value, value)
    return _HOURS.get(value, value) if trait == "hours" else value or _UNKNOWN
