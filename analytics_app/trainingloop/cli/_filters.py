"""Which decisions a command is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import click

from trainingloop.instrumentation.semconv import DecisionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

P = ParamSpec("P")
R = TypeVar("R")

_AGO: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ALWAYS_SINCE: Final = datetime(1970, 1, 2, tzinfo=UTC)
_ALWAYS_UNTIL: Final = datetime(2200, 1, 1, tzinfo=UTC)
_STATES: Final = ("yes", "no", "pending")
_MODEL: Final = "model"
_TEXTS: Final = {
    "model": "The model that answered, such as gpt-4o.",
    "cohort": "The tag of the versions, such as booking_v3.2_control.",
    "playbook": "The playbook's id.",
    "playbook_version": "The playbook's version.",
    "prompt": "The prompt's name or hash.",
    "prompt_version": "The prompt's version.",
    "code_version": "The version of the agent's code.",
    "variant": "The arm of an experiment.",
    "channel": "Such as whatsapp.",
    "service": "The agent's service name.",
    "tool": "A tool the decision asked for.",
    "conversation": "One conversation's id.",
    "outcome": "What came of it, such as escalation_triggered:yes.",
    "text": "Words in the newest message or in the answer.",
}


def _to_moment(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> datetime | None:
    """Return a time on the command line: ISO 8601, without a zone as UTC, or how long ago."""
    if value is None:
        return None
    text = value.strip()
    if ago := _AGO.fullmatch(text):
        return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no time: use a date such as 2026-11-01, 2026-11-01T12:00, "
            "or how long ago, such as 30m, 24h, 7d or 2w",
            context,
            parameter,
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which decisions; an empty text leaves all."""

    tenant: str | None
    since: datetime
    until: datetime
    texts: Mapping[str, str]

    def parameters(self) -> dict[str, object]:
        """Return the parameters every read of decisions takes."""
        return {"since": sql_time(self.since), "until": sql_time(self.until), **self.texts}

    def given(self) -> dict[str, str]:
        """Return those parameters that leave anything out."""
        times = {
            "since": sql_time(self.since) if self.since != _ALWAYS_SINCE else "",
            "until": sql_time(self.until) if self.until != _ALWAYS_UNTIL else "",
        }
        return {name: value for name, value in {**times, **self.texts}.items() if value}


def with_filter(command: Callable[Concatenate[Filter, P], R]) -> Callable[P, R]:
    """Give ``command`` the options that choose decisions and, first, the filter they make."""
    return _filtered(command, _MODEL, tenant_option)


def with_recorded_filter(command: Callable[Concatenate[Filter, P], R]) -> Callable[P, R]:
    """Do the same for a command of one tenant, of which ``--model`` is one to be asked."""
    own = click.option("--tenant", help="Whose decisions; needed where there are several.")
    return _filtered(command, "recorded-model", own)


def _filtered(
    command: Callable[Concatenate[Filter, P], R],
    model: str,
    tenant: Callable[[Callable[P, R]], Callable[P, R]],
) -> Callable[P, R]:
    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        texts = {name: str(kwargs.pop(name) or "") for name in ("kind", "status", *_TEXTS)}
        texts["thread"] = texts.pop("conversation")
        _check_outcome(texts["outcome"])
        return command(
            Filter(
                tenant=_optional(kwargs.pop("tenant")),
                since=_moment(kwargs.pop("since"), _ALWAYS_SINCE),
                until=_moment(kwargs.pop("until"), _ALWAYS_UNTIL),
                texts=texts,
            ),
            *args,
            **kwargs,
        )

    decorated: Callable[P, R] = wrapped
    for name, meaning in reversed(_TEXTS.items()):
        flag = model if name == _MODEL else name.replace("_", "-")
        decorated = click.option(f"--{flag}", name, help=meaning)(decorated)
    kinds, states = [kind.value for kind in DecisionKind], ["ok", "error"]
    decorated = click.option("--status", type=click.Choice(states), help="How it ended.")(decorated)
    decorated = click.option("--kind", type=click.Choice(kinds), help="What was decided.")(
        decorated
    )
    return with_times(tenant(decorated))


def _check_outcome(asked: str) -> None:
    """Refuse what names no rule and state: it would match nothing."""
    rule, _, state = asked.rpartition(":")
    if asked and not (rule and state in _STATES):
        raise click.BadParameter(
            f"{asked!r} is no outcome: use a rule and one of {', '.join(_STATES)}, such as "
            "escalation_triggered:yes; trainingloop outcomes rules lists the rules",
            param_hint="--outcome",
        )


def with_times(command: Callable[P, R]) -> Callable[P, R]:
    """Give ``command`` the options ``since`` and ``until``."""
    until = click.option("--until", callback=_to_moment, metavar="TIME", help="Before this time.")
    return since_option(until(command))


def since_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give ``command`` the option ``since``."""
    return click.option(
        "--since",
        callback=_to_moment,
        metavar="TIME",
        help="From this time on: 2026-11-01, 2026-11-01T12:00, or 24h, 7d, 2w ago.",
    )(command)


def tenant_option(command: Callable[P, R]) -> Callable[P, R]:
    """Give ``command`` the option ``tenant``."""
    return click.option("--tenant", help="One tenant; otherwise all of them.")(command)


def between(since: datetime | None, until: datetime | None) -> dict[str, object]:
    """Return the parameters of a time range, open where an end is None."""
    return {
        "since": sql_time(since or _ALWAYS_SINCE),
        "until": sql_time(until or _ALWAYS_UNTIL),
    }


def sql_time(moment: datetime) -> str:
    """Return a time as a read takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _optional(value: object) -> str | None:
    return str(value) if value else None


def _moment(value: object, otherwise: datetime) -> datetime:
    return value if isinstance(value, datetime) else otherwise
