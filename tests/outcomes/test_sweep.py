"""What a sweep says came of decisions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from support.histories import Decision, Event, at, put
from trainingloop.outcomes import Sweep, sweep
from trainingloop.outcomes.rules import BUILT_IN, Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trainingloop.store import Store

_NUMBERS = itertools.count()
_FIELDS = "rule_id, decision_id, state, ending, is_attributed, event_ids, version, detected_at"


class World:
    """A tenant of its own in a store that tests share; decisions and events of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.tenant = f"tenant-{next(_NUMBERS)}"

    def decision(self, name: str, hours: float, **more: object) -> None:
        """Have a decision so many hours after the start."""
        fields = {"id": name, "at": at(hours), "tenant": self.tenant, **more}
        put(self.store, [Decision(**fields)])  # type: ignore[arg-type]  # fields of the dataclass

    def event(self, kind: str, hours: float, name: str = "e", **more: object) -> None:
        """Have an event so many hours after the start."""
        fields = {"id": name, "kind": kind, "at": at(hours), "tenant": self.tenant, **more}
        put(self.store, [Event(**fields)])  # type: ignore[arg-type]  # fields of the dataclass

    def sweep(
        self, hours: float, *, rules: Rules = BUILT_IN, since: datetime | None = None
    ) -> Sweep:
        """Sweep this tenant so many hours after the start."""
        return sweep(self.store, rules, at(hours), tenant=self.tenant, since=since)

    def rows(self, rule: str) -> Sequence[tuple[object, ...]]:
        """Each decision's id, state, ending, attribution and evidence by one rule."""
        table = self.store.execute(
            "SELECT decision_id, state, ending, is_attributed, event_ids FROM decision_outcomes "
            "WHERE tenant_id = {tenant:String} AND rule_id = {rule:String} ORDER BY decision_id",
            {"tenant": self.tenant, "rule": rule},
        )
        return table.rows

    def state(self, rule: str, decision: str = "d") -> object:
        """What one decision is by one rule; None without a row."""
        return next((row[1] for row in self.rows(rule) if row[0] == decision), None)


@pytest.fixture
def world(store: Store) -> World:
    """A tenant without decisions."""
    return World(store)


def test_reply_inside_the_window_is_yes_at_once(world: World) -> None:
    """A customer who writes within 24 hours has replied, long before the window has passed."""
    world.decision("d", 0)
    world.event("inbound", 1)

    world.sweep(2)

    assert world.rows("customer_replied") == (("d", "yes", "", 1, ["e"]),)


def test_nothing_is_said_before_the_window_has_passed(world: World) -> None:
    """Without evidence an outcome is pending, neither yes nor no."""
    world.decision("d", 0)

    world.sweep(23)

    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["pending"] * 3


def test_window_that_passed_settles_it(world: World) -> None:
    """After the windows nobody replied, nothing came, and nobody was escalated."""
    world.decision("d", 0)
    world.sweep(1)

    world.sweep(73)

    assert [world.state(rule.id) for rule in BUILT_IN.rules] == ["no", "yes", "no"]


def test_second_sweep_writes_nothing(world: World) -> None:
    """A sweep with nothing new leaves every row as it is."""
    world.decision("d", 0)
    world.event("inbound", 1)
    first = world.sweep(2)

    second = world.sweep(2)

    assert (first.outcomes, second.outcomes) == (3, 0)
