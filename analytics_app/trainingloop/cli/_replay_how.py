"""How ``replay run`` is done: options as the options of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
BASELINE: Final = "baseline"
_NO_FLOOR: Final = "none"
_FLOOR: Final = "repeat"
_MODE: Final = "prefix"
_LOCAL_TIMEOUT_S: Final = 600.0
"""A machine with much else to do reads a long prompt for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a run is done."""

    floor: str
    mode: str
    budget_usd: float | None
    budget_tokens: int | None
    concurrency: int | None
    timeout_s: float | None
    checks: Path | None
    is_moderated: bool

    def options(self) -> dict[str, object]:
        """Return the options of a new run."""
        return {
            "mode": self.mode or _MODE,
            "floor": None if self.floor == _NO_FLOOR else self.floor or _FLOOR,
            "is_moderated": self.is_moderated,
            **self.changes(),
        }

    def changes(self) -> dict[str, object]:
        """Return those that a run may be given when it goes on."""
        budget = {"usd": self.budget_usd, "tokens": self.budget_tokens}
        has_budget = any(value is not None for value in budget.values())
        return {
            **({"budget": budget} if has_budget else {}),
            **({} if self.concurrency is None else {"concurrency": self.concurrency}),
            **({} if self.timeout_s is None else {"timeout_s": self.timeout_s}),
        }

    def check_resumed(self) -> None:
        """Refuse what a run that goes on cannot be given any more."""
        if self.mode or self.floor or self.checks or self.is_moderated:
            raise click.UsageError(
                "a run goes on as it began: leave out --mode, --floor, --checks and --moderate, or "
                "begin a new run without --resume; trainingloop replay compare RUN --checks FILE "
                "judges what is stored again"
            )

    def document(self, *, is_local: bool) -> dict[str, object]:
        """Return what ``replay/runs`` takes of it."""
        options = ({"timeout_s": _LOCAL_TIMEOUT_S} if is_local else {}) | self.options()
        if self.checks is None:
            return {"options": options}
        from trainingloop.replay.checks import load_checks  # heavy

        return {"options": options, "checks": load_checks(self.checks).document()}


def with_how(command: Callable[Concatenate[How, P], R]) -> Callable[P, R]:
    """Give ``command`` the options of a run and, first, what they say."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        how = How(
            floor=str(kwargs.pop("floor") or ""),
            mode=str(kwargs.pop("mode") or ""),
            budget_usd=cast("float | None", kwargs.pop("budget_usd")),
            budget_tokens=cast("int | None", kwargs.pop("budget_tokens")),
            concurrency=cast("int | None", kwargs.pop("concurrency")),
            timeout_s=cast("float | None", kwargs.pop("timeout")),
            checks=cast("Path | None", kwargs.pop("checks")),
            is_moderated=bool(kwargs.pop("moderate")),
        )
        return command(how, *args, **kwargs)

    decorated: Callable[P, R] = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


_OPTIONS: Final = (
    click.option(
        "--floor",
        type=click.Choice((_FLOOR, BASELINE, _NO_FLOOR)),
        help="How chance is told from change: ask the candidate twice, ask the recorded version "
        f"again at the same endpoint, or neither. Default {_FLOOR}.",
    ),
    click.option(
        "--mode",
        type=click.Choice((_MODE, "chain")),
        help="One turn each, or on with recorded tool results until the candidate does otherwise. "
        f"Default {_MODE}.",
    ),
    click.option("--budget-usd", type=click.FloatRange(min=0), help="Spend no more than this."),
    click.option("--budget-tokens", type=click.IntRange(min=0), help="Take no more than this."),
    click.option(
        "--concurrency",
        type=click.IntRange(1, 128),
        help="Questions under way at once. Default 4.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(0.1, 3600),
        metavar="SECONDS",
        help="How long one answer is waited for. Default 120.",
    ),
    click.option("--checks", type=_FILE, help="A YAML file of checks of your own."),
    click.option(
        "--moderate", is_flag=True, help="Show both answers to the endpoint's moderation."
    ),
)
