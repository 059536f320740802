"""What the process that owns the store does about outcomes for others."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError
from trainingloop.outcomes._sweep import Sweep, sweep
from trainingloop.outcomes._try import try_rules
from trainingloop.outcomes.errors import RulesError
from trainingloop.outcomes.rules import read_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.collector.actions import Action
    from trainingloop.outcomes.rules import Rules
    from trainingloop.store import Store

_LONGEST_RULES: Final = 256 * 1024
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


def outcome_actions(
    store: Store, rules: Rules, *, clock: Callable[[], datetime] = _now
) -> dict[str, Action]:
    """Return what can be asked about the outcomes of ``store``, by its path.

    ``outcomes/run`` works out what may have changed, of one tenant or all; ``outcomes/backfill``
    works out everything again, or what came in ``since``. Both answer with how many threads were
    looked at and how many outcomes written. ``outcomes/try`` says what other ``rules``, a text in
    YAML, would find of the decisions ``since`` a time, and writes nothing.
    """

    def run(document: Mapping[str, object]) -> Mapping[str, object]:
        return _told(sweep(store, rules, clock(), tenant=_tenant(document)))

    def backfill(document: Mapping[str, object]) -> Mapping[str, object]:
        since = _since(document)
        return _told(sweep(store, rules, clock(), since=since, tenant=_tenant(document)))

    def try_(document: Mapping[str, object]) -> Mapping[str, object]:
        tenant, tried, since = tenant_of(document), _rules(document), _since(document)
        found = try_rules(store, tried, clock(), tenant=tenant, since=since)
        return {"rules": [asdict(rule) for rule in found]}

    return {"outcomes/run": run, "outcomes/backfill": backfill, "outcomes/try": try_}


def _told(done: Sweep) -> Mapping[str, object]:
    return {
        "threads": done.threads,
        "outcomes": done.outcomes,
        "watermark": done.watermark.isoformat(),
    }


def _rules(document: Mapping[str, object]) -> Rules:
    given = document.get("rules")
    if not isinstance(given, str) or len(given) > _LONGEST_RULES:
        raise BadRequestError(
            f"'rules' must be a text in YAML of at most {_LONGEST_RULES:,} characters, "
            "as docs/outcomes.md describes it"
        )
    try:
        return read_rules(given)
    except RulesError as error:
        raise BadRequestError(str(error)) from error


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
