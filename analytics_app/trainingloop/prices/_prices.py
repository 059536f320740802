"""What tokens cost, and how a read is told."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Protocol

from trainingloop.prices._names import folded, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from trainingloop.store import Table

_MILLION: Final = 1_000_000


class TenantReads(Protocol):
    """The reads of one tenant; a `trainingloop.store.Reads`."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model's tokens cost, in US dollars per million."""

    model: str
    """Its name; ``*`` stands for anything."""
    input_usd: float
    cached_input_usd: float
    output_usd: float
    as_of: date | None = None
    """The day it is known from."""

    def cost_usd(
        self, *, input_tokens: int, output_tokens: int, cached_input_tokens: int = 0
    ) -> float:
        """Return what a call costs; cached tokens are among the input's, as in the conventions."""
        cached = min(cached_input_tokens, input_tokens)
        return (
            (input_tokens - cached) * self.input_usd
            + cached * self.cached_input_usd
            + output_tokens * self.output_usd
        ) / _MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A list of prices; where two fit a model, the more exact name wins, then the earlier entry."""

    entries: tuple[Price, ...] = ()

    def of(self, model: str) -> Price | None:
        """Return the price of ``model``, or None when nobody told one: it is never guessed."""
        by_name: dict[str, Price] = {}
        for entry in self.entries:
            by_name.setdefault(folded(entry.model), entry)
        names = list(readings(model))
        exact = (by_name[name] for name in names if name in by_name)
        patterns = (
            entry
            for name in names
            for entry in self.entries
            if "*" in entry.model and fnmatchcase(name, folded(entry.model))
        )
        return next(exact, None) or next(patterns, None)

    def binds(self, models: Iterable[str]) -> dict[str, object]:
        """Return the parameters of ``_cost_usd.sql`` for the models a read may meet.

        Args:
            models: their names as they are stored; one without a price is left out, so that its
                decisions cost NULL and not nothing.
        """
        found = {model: price for model in models if (price := self.of(model)) is not None}
        return {
            "priced_models": list(found),
            "input_usd": [price.input_usd for price in found.values()],
            "cached_input_usd": [price.cached_input_usd for price in found.values()],
            "output_usd": [price.output_usd for price in found.values()],
        }

    def binds_of(self, reads: TenantReads) -> dict[str, object]:
        """Return the parameters of ``_cost_usd.sql`` for every model a tenant has used."""
        return self.binds(str(row[0]) for row in reads.table("models").rows)
