"""Tries rules on what is stored: how often each would say yes, no and pending."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, cast

from trainingloop.outcomes._statements import rule_parts, statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.outcomes._rule import Rules
    from trainingloop.store import Store

_MOMENTS_A_SLICE: Final = 400_000
"""Decisions and events that are looked at together."""
_BINDS: Final = re.compile(r"\{(\w+):")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTS: Final = ("yes", "no", "pending", "counted", "counted_yes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRule:
    """What one rule would find."""

    rule_id: str
    rule_version: str
    direction: str
    unit: str
    yes: int
    """Decisions."""
    no: int
    pending: int
    counted: int
    """Turns or conversations that a rate would count: known for sure, and each for one decision."""
    counted_yes: int


def try_rules(
    store: Store, rules: Rules, now: datetime, *, tenant: str, since: datetime = _EPOCH
) -> tuple[TriedRule, ...]:
    """Judge the decisions of a tenant by rules that nobody uses yet; nothing is written.

    Args:
        store: where decisions and events are.
        rules: what to judge by.
        now: windows that end later are open.
        tenant: whose decisions.
        since: decisions from then on.

    Raises:
        StoreUnavailableError: the engine refused.
    """
    if not rules.rules:
        return ()
    judging = rule_parts(rules)
    # All threads of the tenant, where a sweep looks at those in which something may have changed.
    parts = {**judging.parts, "in_slice": "{{in_tried_slice}}", "in_time": "true"}
    parameters: dict[str, object] = {
        **judging.parameters,
        "now_ms": _milliseconds(now),
        "since_ms": _milliseconds(since),
        "tenant": tenant,
    }
    whole = {**parameters, "slices": 1, "slice": 0}
    moments = cast("int", _rows(store, "count_moments", whole, parts)[0][0])
    slices = max(1, -(-moments // _MOMENTS_A_SLICE))
    counts: dict[tuple[str, ...], Counter[str]] = {
        (rule.id, rule.version, rule.direction, rule.unit): Counter() for rule in rules.rules
    }
    for number in range(slices):
        sliced = {**parameters, "slices": slices, "slice": number}
        for row in _rows(store, "try_rules", sliced, parts):
            key = cast("tuple[str, ...]", row[:4])
            counts[key].update(dict(zip(_COUNTS, cast("tuple[int, ...]", row[4:]), strict=True)))
    return tuple(_tried(key, found) for key, found in counts.items())


def _rows(
    store: Store, name: str, parameters: Mapping[str, object], parts: Mapping[str, str]
) -> tuple[tuple[object, ...], ...]:
    text = statement(name, parts)
    names = set(_BINDS.findall(text))
    return store.execute(text, {key: parameters[key] for key in names}).rows


def _tried(key: tuple[str, ...], found: Counter[str]) -> TriedRule:
    rule_id, rule_version, direction, unit = key
    return TriedRule(
        rule_id=rule_id,
        rule_version=rule_version,
        direction=direction,
        unit=unit,
        yes=found["yes"],
        no=found["no"],
        pending=found["pending"],
        counted=found["counted"],
        counted_yes=found["counted_yes"],
    )


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
