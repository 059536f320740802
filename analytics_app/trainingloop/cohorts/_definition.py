"""What a cohort is: conditions that a decision meets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trainingloop.cohorts.errors import BadCohortError

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTS: Final = (
    "cohort",
    "model",
    "playbook",
    "playbook_version",
    "prompt",
    "prompt_version",
    "code_version",
    "experiment",
    "variant",
    "channel",
    "service",
    "agent",
    "environment",
    "tool",
    "kind",
    "status",
    "text",
)
"""What a condition can be about, by the name of the read's parameter."""

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_TIMES: Final = ("since", "until")
_NAMES: Final = (*PARTS, *_TIMES)
_CONDITION: Final = re.compile(r"(?:^|,)\s*(?P<name>[A-Za-z_-]+)\s*=")
_MOST_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Which decisions: those that meet every condition."""

    parts: tuple[tuple[str, str], ...] = ()
    """Names of `PARTS` in their order, each with the value a decision must have."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is not part of it."""

    def within(self, since: datetime | None, until: datetime | None) -> Definition:
        """Return the same conditions in the common part of both time ranges."""
        sinces = [moment for moment in (self.since, since) if moment]
        untils = [moment for moment in (self.until, until) if moment]
        return replace(self, since=max(sinces, default=None), until=min(untils, default=None))

    def parameters(self) -> dict[str, object]:
        """Return the binds of ``_cohort_filter.sql``, but for ``frozen_at``."""
        parts = dict(self.parts)
        return {
            **dict.fromkeys(PARTS, ""),
            **parts,
            "thread": "",
            # Whoever names a model may mean what was asked for or what answered.
            "model": "",
            "any_model": parts.get("model", ""),
            "since": sql_time(self.since or EARLIEST),
            "until": sql_time(self.until or LATEST),
        }

    def document(self) -> dict[str, str]:
        """Return what `definition_from` reads, as a JSON object."""
        times = {"since": self.since, "until": self.until}
        return {
            **dict(self.parts),
            **{name: moment.isoformat() for name, moment in times.items() if moment},
        }

    @property
    def label(self) -> str:
        """Its values alone, such as ``gpt-4o, whatsapp``: short enough for a sentence."""
        values = [value for _, value in self.parts]
        times = {"since": self.since, "until": self.until}
        return ", ".join([*values, *(f"{name} {at:%Y-%m-%d}" for name, at in times.items() if at)])

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.document().items())


def sql_time(moment: datetime) -> str:
    """Return a time as a read takes it; of a datetime the client would bind the seconds alone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def definition_from(document: Mapping[str, object]) -> Definition:
    """Return the definition a JSON object spells.

    Raises:
        BadCohortError: a name is no condition, a value is no text or no time, or none is given.
    """
    values = {name.replace("-", "_"): value for name, value in document.items()}
    if unknown := sorted(set(values) - set(_NAMES)):
        raise BadCohortError(
            f"{unknown[0]!r} is no condition: use {', '.join(_NAMES)}, such as model=gpt-4o"
        )
    if not values:
        raise BadCohortError("no condition was given: use such as model=gpt-4o,channel=whatsapp")
    texts = {name: _text(name, value) for name, value in values.items()}
    definition = Definition(
        parts=tuple((name, texts[name]) for name in PARTS if name in texts),
        since=_time("since", texts),
        until=_time("until", texts),
    )
    if definition.since and definition.until and definition.since >= definition.until:
        raise BadCohortError("since must lie before until: exchange them")
    return definition


def parsed(conditions: str) -> Definition:
    """Return what conditions such as ``model=gpt-4o,channel=whatsapp`` say.

    A value may hold commas and spaces: it ends where the next condition begins.

    Raises:
        BadCohortError: it is not such a text.
    """
    found = list(_CONDITION.finditer(conditions))
    if not found or found[0].start():
        raise BadCohortError(
            f"{conditions[:80]!r} is no list of conditions: use such as "
            "model=gpt-4o,channel=whatsapp"
        )
    names = [match["name"].replace("-", "_") for match in found]
    if len(set(names)) < len(names):
        raise BadCohortError("a condition is given twice: a decision must meet all, so give one")
    ends = [match.start() for match in found[1:]] + [len(conditions)]
    return definition_from(
        {
            name: conditions[match.end() : end].strip()
            for name, match, end in zip(names, found, ends, strict=True)
        }
    )


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_CHARACTERS:
        raise BadCohortError(
            f"the value of {name!r} must be a text of 1 to {_MOST_CHARACTERS} characters"
        )
    return value.strip()


def _time(name: str, texts: Mapping[str, str]) -> datetime | None:
    if name not in texts:
        return None
    try:
        moment = datetime.fromisoformat(texts[name])
    except ValueError as error:
        raise BadCohortError(
            f"{name!r} is no time: use a date such as 2026-11-01, or 2026-11-01T12:00"
        ) from error
    aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not EARLIEST <= aware <= LATEST:
        raise BadCohortError(f"{name!r} must lie between {EARLIEST:%Y} and {LATEST:%Y}")
    return aware
