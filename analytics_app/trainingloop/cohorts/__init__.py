"""Compares versions of an assistant and says how sure one may be."""

from __future__ import annotations

from trainingloop.cohorts.errors import CohortError

__all__ = ["CohortError"]
