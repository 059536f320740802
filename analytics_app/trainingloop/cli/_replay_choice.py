"""Which decisions ``replay run`` replays: options as a document of the action ``replay/sets``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

import click

from trainingloop.cli._filters import Filter, with_recorded_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.cli._workspace import TenantReads

P = ParamSpec("P")
R = TypeVar("R")

USUAL_SIZE: Final = 100
"""How many decisions are drawn when nobody says: enough to see something, few enough to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which decisions are replayed."""

    chosen: Filter
    set_name: str
    """One that is frozen already, or the name of a new one."""
    saved: str
    """A saved cohort, such as ``@launch``."""
    votes: str
    decisions: tuple[str, ...]
    size: int | None
    stratify: tuple[str, ...]
    seed: int

    def is_made(self) -> bool:
        """Whether anything was said of which decisions are meant."""
        said = (self.saved, self.votes, self.decisions, self.size, self.stratify, self.seed)
        return any(said) or bool(self.chosen.given())

    def document(self, reads: TenantReads) -> dict[str, object]:
        """Return what ``replay/sets`` freezes, without its tenant."""
        by_hand = list(self.decisions)
        return {
            "name": self.set_name,
            "filter": self._filter(reads),
            "votes": self.votes,
            "decisions": by_hand,
            "size": self.size or (None if by_hand else USUAL_SIZE),
            "stratify_by": list(self.stratify),
            "seed": self.seed,
        }

    def _filter(self, reads: TenantReads) -> dict[str, object]:
        given = dict(self.chosen.given())
        if not self.saved:
            return dict(given)
        from trainingloop.cohorts import find_cohort  # heavy

        cohort = find_cohort(reads, self.saved).within(self.chosen.since, self.chosen.until)
        held = {name: value for name, value in cohort.parameters().items() if value}
        for name in ("since", "until"):
            given.pop(name, None)
        if both := sorted(name for name in given if held.get(name, given[name]) != given[name]):
            raise click.UsageError(
                f"{self.saved} already says which {both[0]} is meant: leave out "
                f"--{both[0].replace('_', '-')}, or --saved"
            )
        return {**held, **given}


def with_choice(command: Callable[Concatenate[Choice, P], R]) -> Callable[P, R]:
    """Give ``command`` the options that choose what is replayed and, first, the choice."""

    @wraps(command)
    def wrapped(chosen: Filter, *args: P.args, **kwargs: P.kwargs) -> R:
        choice = Choice(
            chosen=chosen,
            set_name=str(kwargs.pop("set_name")),
            saved=str(kwargs.pop("saved")),
            votes=str(kwargs.pop("votes") or ""),
            decisions=cast("tuple[str, ...]", kwargs.pop("decisions")),
            size=cast("int | None", kwargs.pop("size")),
            stratify=cast("tuple[str, ...]", kwargs.pop("stratify")),
            seed=cast("int", kwargs.pop("seed")),
        )
        return command(choice, *args, **kwargs)

    decorated: Callable[..., R] = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return with_recorded_filter(decorated)


_OPTIONS: Final = (
    click.option(
        "--set",
        "set_name",
        default="",
        metavar="NAME",
        help="Replay the set of this name, or freeze what is chosen under it.",
    ),
    click.option("--saved", default="", metavar="COHORT", help="A saved cohort, such as @launch."),
    click.option("--votes", type=click.Choice(("up", "down")), help="Only what was voted so."),
    click.option(
        "--decision", "decisions", multiple=True, metavar="ID", help="By hand; repeatable."
    ),
    click.option(
        "--size",
        type=click.IntRange(min=1),
        help=f"How many decisions are drawn at most. Default {USUAL_SIZE}.",
    ),
    click.option(
        "--stratify",
        multiple=True,
        metavar="FIELD",
        help="Draw from each of its values: model, channel, kind, outcome:RULE, ...; repeatable.",
    ),
    click.option("--seed", type=int, default=0, help="Another one draws other decisions."),
)
