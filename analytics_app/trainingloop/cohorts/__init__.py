"""Compares versions of an assistant and says how sure one may be."""

from __future__ import annotations

from trainingloop.cohorts._cohort import (
    AutomaticCohort,
    Cohort,
    SavedCohort,
    automatic_cohorts,
    find_cohort,
    saved_cohorts,
)
from trainingloop.cohorts._compare import compare_cohorts
from trainingloop.cohorts._definition import PARTS, Definition
from trainingloop.cohorts._measures import Measure
from trainingloop.cohorts._reading import Facts
from trainingloop.cohorts._report import ComparedMetric, Day, Report, TraitMix
from trainingloop.cohorts._saving import cohort_actions
from trainingloop.cohorts._texts import MetricTexts, amount_of, texts_of
from trainingloop.cohorts._traits import TRAITS
from trainingloop.cohorts.errors import CohortError

__all__ = [
    "PARTS",
    "TRAITS",
    "AutomaticCohort",
    "Cohort",
    "CohortError",
    "ComparedMetric",
    "Day",
    "Definition",
    "Facts",
    "Measure",
    "MetricTexts",
    "Report",
    "SavedCohort",
    "TraitMix",
    "amount_of",
    "automatic_cohorts",
    "cohort_actions",
    "compare_cohorts",
    "find_cohort",
    "saved_cohorts",
    "texts_of",
]
