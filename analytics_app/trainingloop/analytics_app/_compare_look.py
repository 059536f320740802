"""Which pairs of a run are looked at, and the query string that is kept in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.analytics_app._compare_records import Rank

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN: Final = "run"
WORDS: Final = "words"
DECISION: Final = "id"
ONLY: Final = "only"
PLACE: Final = "at"
FACETS: Final[Mapping[str, str]] = {
    "agreement": "Agreement",
    "change": "What it does",
    "flag": "Safety",
    "answer": "Answer",
    "stratum": "Stratum",
}
"""Every filter with a list of values, by its name in the URL."""

FILTERS: Final = (*FACETS, WORDS, DECISION)
ROWS: Final = 20
"""Pairs on a page of the list."""

_READ_NAMES: Final = {"answer": "state"}
"""The bind of a filter, where it has another name: ``state`` is a filter of the Outcomes page."""
_RANKS: Final = {rank.name.lower(): rank for rank in Rank}
_MOST_CHARACTERS: Final = 500
_MOST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at of a run."""

    values: tuple[tuple[str, str], ...] = ()
    """The filters that are set, by their name in the URL."""
    words: str = ""
    """What is searched for in what was said."""
    decision: str = ""
    """The recorded decision whose pairs alone are listed."""
    only: Rank | None = None
    """The one rank that is listed; None for all in which something differs."""
    at: int = 1
    """Which pair of the list is open, from 1."""

    def get(self, facet: str) -> str:
        """The value a filter is set to, or "" when it is not."""
        return dict(self.values).get(facet, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.values or self.words or self.decision)

    def ranks(self) -> tuple[Rank, ...]:
        """The ranks that are listed."""
        if self.only is not None:
            return (self.only,)
        return tuple(rank for rank in Rank if self.decision or rank != Rank.UNCHANGED)

    def parameters(self) -> dict[str, object]:
        """The binds of the reads that take these filters."""
        chosen = dict(self.values)
        facets = {_READ_NAMES.get(facet, facet): chosen.get(facet, "") for facet in FACETS}
        return {**facets, "text": self.words, "decision": self.decision}


def facet_of(read_name: str) -> str:
    """The filter whose values a read has under another name."""
    return next((facet for facet, name in _READ_NAMES.items() if name == read_name), read_name)


def look_from_query(query: Mapping[str, str]) -> Look:
    """What a query string asks for; what cannot be understood is as by default."""
    at = query.get(PLACE, "1")
    is_number = at.isdecimal() and at.isascii() and len(at) <= _MOST_DIGITS
    return Look(
        values=tuple((facet, query[facet]) for facet in FACETS if query.get(facet)),
        words=query.get(WORDS, "").strip()[:_MOST_CHARACTERS],
        decision=query.get(DECISION, "")[:_MOST_CHARACTERS],
        only=_RANKS.get(query.get(ONLY, "")),
        at=max(int(at), 1) if is_number else 1,
    )
