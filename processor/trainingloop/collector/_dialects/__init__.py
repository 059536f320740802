"""Spans of other people's instrumentations, told in our own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from trainingloop.collector._draft import Draft

__all__ = ["normalise"]


def normalise(draft: Draft) -> None:
    """Give a foreign span the attributes of our own."""
    draft.attributes.setdefault(semconv.SOURCE, "otlp")
