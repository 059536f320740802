"""What has been promised, beside what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from benchmarks.redaction.examples import Kind
from benchmarks.redaction.metrics import Tally
from benchmarks.redaction.results import NAMES, NAMES_VAULT, OURS, PRESIDIO, VAULT, Results
from benchmarks.redaction.speed import CALLS, KNOWN_CALLS, UNCACHED
from benchmarks.redaction.styles import NATURAL

if TYPE_CHECKING:
    from benchmarks.redaction.quality import Quality
    from benchmarks.redaction.speed import Speed

_CHECKED = (Kind.CARD, Kind.EMAIL, Kind.IBAN, Kind.IP, Kind.SSN)
"""Kinds that a check digit or an exact shape settles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One promise; nothing measured counts as missed."""

    name: str
    sign: Literal["≥", "≤", "<"]
    bound: float
    unit: str
    ours: float | None
    presidio: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the figure is on the right side of the bound."""
        if self.ours is None:
            return False
        if self.sign == "≥":
            return self.ours >= self.bound
        return self.ours <= self.bound if self.sign == "≤" else self.ours < self.bound


def targets(results: Results) -> list[Target]:
    """Every promise of the redaction."""
    return [
        *_recall(results),
        *_conversations(results),
        *_suites(results),
        *_speed(results),
        *_endurance(results),
    ]


def _recall(results: Results) -> list[Target]:
    ours, theirs = results.messages[OURS], results.messages[PRESIDIO]
    found = [
        _at_least(f"{kind} recall", 0.99, ours.recall[kind].share, theirs.recall[kind].share)
        for kind in _CHECKED
    ]
    regions = [results.regions[name].recall[Kind.PHONE].share for name in (OURS, PRESIDIO)]
    found.append(_at_least("PHONE recall, all regions and formats", 0.97, *regions))
    formats = [results.secrets[name].recall[Kind.SECRET].share for name in (OURS, PRESIDIO)]
    found.append(_at_least("SECRET recall, every known format", 0.95, *formats))
    for name, kind, bound in (
        ("SECRET recall, messages with keys and passwords", Kind.SECRET, 0.95),
        ("ADDRESS recall, messages, no vault", Kind.ADDRESS, 0.80),
    ):
        found.append(_at_least(name, bound, ours.recall[kind].share, theirs.recall[kind].share))
    return [*found, *_names_in_messages(results)]


def _names_in_messages(results: Results) -> list[Target]:
    """English messages as people type them, and the same in lower case."""
    found: list[Target] = []
    for name, styles, bound in (
        ("PERSON recall, English messages, names", NATURAL, 0.85),
        ("PERSON recall, English messages in lower case, names", ("lower",), 0.80),
    ):
        ours, theirs = (
            _share(results.messages[engine], styles) if engine in results.messages else None
            for engine in (NAMES, PRESIDIO)
        )
        found.append(_at_least(name, bound, ours, theirs))
    return found


def _share(quality: Quality, styles: tuple[str, ...]) -> float | None:
    tallies = [quality.by_place[Kind.PERSON, "en", style] for style in styles]
    return Tally(
        hits=sum(tally.hits for tally in tallies), total=sum(tally.total for tally in tallies)
    ).share


def _conversations(results: Results) -> list[Target]:
    mixed, lower = results.dialogues, results.lower_dialogues
    rows = (
        ("PERSON recall, conversations, names", mixed, NAMES, 0.85),
        ("PERSON recall, conversations, vault", mixed, VAULT, 0.97),
        ("PERSON recall, conversations, names and vault", mixed, NAMES_VAULT, 0.97),
        ("PERSON recall, lower case, names", lower, NAMES, 0.80),
        ("PERSON recall, lower case, vault", lower, VAULT, 0.95),
        ("PERSON recall, lower case, names and vault", lower, NAMES_VAULT, 0.95),
    )
    found = [
        _at_least(
            name,
            bound,
            recalls[engine].person.share if engine in recalls else None,
            recalls[PRESIDIO].person.share,
        )
        for name, recalls, engine, bound in rows
    ]
    for name, engine, bound in (("no vault", OURS, 0.80), ("vault", VAULT, 0.99)):
        share = mixed[engine].address.share
        theirs = mixed[PRESIDIO].address.share
        found.append(_at_least(f"ADDRESS recall, conversations, {name}", bound, share, theirs))
    return found


def _suites(results: Results) -> list[Target]:
    ours, theirs = results.suites[OURS], results.suites[PRESIDIO]
    return [
        Target(
            name="look-alikes taken for a secret",
            sign="≤",
            bound=0.15,
            unit="",
            ours=ours.lookalikes.share,
            presidio=theirs.lookalikes.share,
        ),
        Target(
            name="hard negatives mangled, of 40",
            sign="≤",
            bound=3,
            unit="",
            ours=_of(40, ours.negatives.share),
            presidio=_of(40, theirs.negatives.share),
        ),
        Target(
            name="obfuscations caught, of 35",
            sign="≥",
            bound=32,
            unit="",
            ours=_of(35, ours.obfuscations.share),
            presidio=_of(35, theirs.obfuscations.share),
        ),
    ]


def _speed(results: Results) -> list[Target]:
    """Judged where the promise was made: on calls and messages like those it was derived from.

    Both engines get the same calls. A history repeats when it was seen before; what it takes to see
    it the first time is in the speed from cold.
    """
    of_name = {speed.name: speed for speed in results.speeds}
    calls, known, once = of_name[CALLS], of_name[KNOWN_CALLS], of_name[UNCACHED]
    return [
        _speed_of(once, least=2),
        _times(f"{UNCACHED}, times plain Presidio", 20, once.ratio),
        _speed_of(calls, least=50),
        _times(f"{KNOWN_CALLS}, times plain Presidio", 500, known.ratio),
    ]


def _speed_of(speed: Speed, *, least: float) -> Target:
    return Target(
        name=speed.name,
        sign="≥",
        bound=least,
        unit="MB/s",
        ours=speed.ours,
        presidio=speed.presidio,
    )


def _times(name: str, bound: float, ratio: float | None) -> Target:
    return Target(name=name, sign="≥", bound=bound, unit="x", ours=ratio)


def _endurance(results: Results) -> list[Target]:
    worst = max(run.ours_ms for run in results.hostile)
    leaks = sum(run.has_leaked for run in results.hostile)
    latency = results.latency
    rows = (
        ("model call with vault, p50", "<", 0.2, "ms", latency.p50_ms),
        ("model call with vault, p99", "<", 3.0, "ms", latency.p99_ms),
        ("slowest hostile text of 64 KB", "<", 100.0, "ms", worst),
        ("hostile texts that leak", "≤", 0.0, "", float(leaks)),
    )
    found = [
        Target(name=name, sign="≤" if sign == "≤" else "<", bound=bound, unit=unit, ours=value)
        for name, sign, bound, unit, value in rows
    ]
    if results.latency_with_names:
        p99 = results.latency_with_names.p99_ms
        name = "model call with names looked for, p99"
        found.append(Target(name=name, sign="<", bound=5, unit="ms", ours=p99))
    return found


def _at_least(name: str, bound: float, ours: float | None, presidio: float | None) -> Target:
    return Target(name=name, sign="≥", bound=bound, unit="", ours=ours, presidio=presidio)


def _of(count: int, share: float | None) -> float | None:
    return None if share is None else round(share * count, 1)
