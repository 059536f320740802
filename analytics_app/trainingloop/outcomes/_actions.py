"""What the process that owns the store does about outcomes for others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.outcomes._sweep import Sweep, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.collector.actions import Action
    from trainingloop.outcomes.rules import Rules
    from trainingloop.store import Store

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


def outcome_actions(
    store: Store, rules: Rules, *, clock: Callable[[], datetime] = _now
) -> dict[str, Action]:
    """Return what can be asked about the outcomes of ``store``, by its path.

    ``outcomes/run`` works out what may have changed, of one tenant or all; ``outcomes/backfill``
    works out everything again, or what came in ``since``. Both answer with how many threads were
    looked at and how many outcomes written.
    """

    def run(document: Mapping[str, object]) -> Mapping[str, object]:
        return _told(sweep(store, rules, clock(), tenant=_tenant(document)))

    def backfill(document: Mapping[str, object]) -> Mapping[str, object]:
        since = _since(document)
        return _told(sweep(store, rules, clock(), since=since, tenant=_tenant(document)))

    return {"outcomes/run": run, "outcomes/backfill": backfill}


def _told(done: Sweep) -> Mapping[str, object]:
    return {
        "threads": done.threads,
        "outcomes": done.outcomes,
        "watermark": done.watermark.isoformat(),
    }


def _tenant(document: Mapping[str, object]) -> str:
    return tenant_of(document) if "tenant" in document else ""


def _since(document: Mapping[str, object]) -> datetime:
    given = document.get("since", "")
    if given == "":
        return _BEGINNING
    try:
        moment = datetime.fromisoformat(str(given))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequestError(
            f"'since' is {given!r}: give a time such as '2026-11-01' or '2026-11-01T12:00:00Z'"
        ) from error
