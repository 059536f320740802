"""Which of two answers people and judge models prefer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Protocol, cast

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.processor import REDACTION_VERSION, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trainingloop.collector.actions import Action
    from trainingloop.processor import Redactor
    from trainingloop.store import Store, Table

Source = Literal["human", "judge"]

_COLUMNS: Final = (
    "tenant_id", "run_id", "decision_id", "step", "source", "judge", "shown_first", "choice",
    "reason", "decided_at", "given_at", "input_tokens", "output_tokens", "cost_usd",
    "redaction_version", "redaction_status", "retention_days",
)  # fmt: skip
_RETRACT: Final = "retract"
_MOST: Final = 1000
_MOST_CHARACTERS: Final = 200
_MOST_REASON_CHARACTERS: Final = 10_000
_MOST_TOKENS: Final = 2**32 - 1


class Choice(StrEnum):
    """Which answer is better."""

    RECORDED = "recorded"
    REPLAYED = "replayed"
    TIE = "tie"


class TenantReads(Protocol):
    """The reads of one tenant; a `trainingloop.store.Reads`."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What somebody thinks of a pair of answers."""

    decision_id: str
    step: int = 0
    source: Source
    judge: str
    """The reviewer; of a model its name and the version of the question it was asked."""
    shown_first: str = ""
    """``recorded`` or ``replayed``, where one was read before the other; else ""."""
    choice: Choice
    reason: str = ""
    """Redacted."""
    given_at: datetime
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


def preferences_of(reads: TenantReads, run_id: str) -> list[Preference]:
    """Return what is preferred in a run; what was taken back is left out."""
    rows = reads.table("replay_preferences", {"run": run_id}).records()
    return [_preference(row) for row in rows if row["choice"]]


def preference_actions(
    store: Store, redactor: Redactor, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> dict[str, Action]:
    """Return what can be done about preferences, by its path under ``/api/v1/``.

    ``replay/preferences`` takes one, ``{"tenant", "run_id", "decision_id", "step", "choice",
    "reviewer", "reason"}`` with the choice ``recorded``, ``replayed``, ``tie`` or ``retract``, or
    many under ``preferences``: all of them, or none. A model's has ``source`` ``judge`` and says
    what was ``shown_first`` and what it took.

    Args:
        store: where the pairs and what is thought of them are.
        redactor: cleans the reasons.
        clock: tells when they are given.
    """

    def take(document: Mapping[str, object]) -> Mapping[str, object]:
        tenant, run_id = tenant_of(document), _text(document, "run_id")
        asked = [_asked(one) for one in _all(document)]
        pairs = _pairs(store.reads(tenant), run_id, asked)
        now = clock()
        rows = [
            _row(one, pairs[one.decision_id, one.step], (tenant, run_id), redactor, now)
            for one in asked
        ]
        store.append("replay_preferences", _COLUMNS, rows)
        return {"stored": len(rows)}

    return {"replay/preferences": take}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A preference as it was sent."""

    decision_id: str
    step: int
    source: str
    judge: str
    shown_first: str
    choice: str
    reason: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    thread_id: str
    decided_at: datetime
    retention_days: int


def _all(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    if "preferences" not in document:
        return [document]
    several = document["preferences"]
    if isinstance(several, list):
        found = cast("list[object]", several)
        if 1 <= len(found) <= _MOST and all(isinstance(one, dict) for one in found):
            return cast("list[Mapping[str, object]]", found)
    raise BadRequestError(f"'preferences' must be a list of 1 to {_MOST} objects")


def _asked(one: Mapping[str, object]) -> _Asked:
    source = _one_of(one, "source", ("human", "judge"), default="human")
    return _Asked(
        decision_id=_text(one, "decision_id"),
        step=_count(one, "step", most=2**16 - 1),
        source=source,
        judge=_text(one, "judge" if source == "judge" else "reviewer"),
        shown_first=_one_of(one, "shown_first", ("recorded", "replayed"), default=""),
        choice=_one_of(one, "choice", (*Choice, _RETRACT)),
        reason=_text(one, "reason", most=_MOST_REASON_CHARACTERS, may_be_empty=True),
        input_tokens=_count(one, "input_tokens", most=_MOST_TOKENS),
        output_tokens=_count(one, "output_tokens", most=_MOST_TOKENS),
        cost_usd=_amount(one, "cost_usd"),
    )


def _text(
    one: Mapping[str, object],
    name: str,
    *,
    most: int = _MOST_CHARACTERS,
    may_be_empty: bool = False,
) -> str:
    value = one.get(name, "")
    if not isinstance(value, str) or len(value) > most or not (value.strip() or may_be_empty):
        raise BadRequestError(f"{name!r} must be a text of 1 to {most:,} characters")
    return value


def _one_of(
    one: Mapping[str, object], name: str, allowed: Sequence[str], default: str | None = None
) -> str:
    value = one.get(name, default)
    if value == default and default is not None:
        return default
    if not isinstance(value, str) or value not in allowed:
        raise BadRequestError(f"{name!r} must be one of {', '.join(allowed)}")
    return str(value)


def _count(one: Mapping[str, object], name: str, *, most: int) -> int:
    value = one.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadRequestError(f"{name!r} must be a number from 0 to {most:,}")
    return value


def _amount(one: Mapping[str, object], name: str) -> float | None:
    value = one.get(name)
    if value is None:
        return None
    # A comparison with NaN is false.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise BadRequestError(f"{name!r} must be an amount of US dollars, or left out")
    return float(value)


def _pairs(
    reads: TenantReads, run_id: str, asked: Sequence[_Asked]
) -> dict[tuple[str, int], _Pair]:
    """Return the pairs that are spoken of.

    Raises:
        NotFoundError: one is not in the run, or no model answered.
    """
    wanted = {"run": run_id, "decisions": sorted({one.decision_id for one in asked})}
    found = {
        (str(row["decision_id"]), int(cast("int", row["step"]))): _Pair(
            thread_id=str(row["thread_id"]),
            decided_at=cast("datetime", row["decided_at"]),
            retention_days=int(cast("int", row["retention_days"])),
        )
        for row in reads.table("replay_pairs_named", wanted).records()
    }
    if any((one.decision_id, one.step) not in found for one in asked):
        raise NotFoundError(
            "there is no such pair of answers in this run of this tenant; nothing was stored"
        )
    return found


def _row(
    one: _Asked, pair: _Pair, where: tuple[str, str], redactor: Redactor, now: datetime
) -> tuple[object, ...]:
    report, (tenant, run_id) = Report(), where
    reason = one.reason and redactor.text(
        one.reason, tenant=tenant, conversation=pair.thread_id, report=report
    )
    return (
        tenant, run_id, one.decision_id, one.step, one.source, one.judge, one.shown_first,
        "" if one.choice == _RETRACT else one.choice, reason, pair.decided_at, now,
        one.input_tokens, one.output_tokens, one.cost_usd, REDACTION_VERSION, report.status.value,
        pair.retention_days,
    )  # fmt: skip


def _preference(row: Mapping[str, object]) -> Preference:
    return Preference(
        decision_id=str(row["decision_id"]),
        step=int(cast("int", row["step"])),
        source=cast("Source", str(row["source"])),
        judge=str(row["judge"]),
        shown_first=str(row["shown_first"]),
        choice=Choice(str(row["choice"])),
        reason=str(row["reason"]),
        given_at=cast("datetime", row["given_at"]),
        input_tokens=int(cast("int", row["input_tokens"])),
        output_tokens=int(cast("int", row["output_tokens"])),
        cost_usd=cast("float | None", row["cost_usd"]),
    )
