"""Votes for tests: a way to give them, and the store they end in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from support.spans import START, model_turn
from trainingloop.feedback import feedback_actions
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor
from trainingloop.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import SpanRow, Store

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""What the clock of `Ballot` says at first."""

_KEY = b"a key for tests that is long enough"


def decision_id(number: int) -> str:
    """Return the id of the decision that `support.spans` makes from ``number``."""
    return f"{number:016x}"


def ever() -> dict[str, object]:
    """Return a time range that holds every decision of `support.spans`."""
    return {"since": START - timedelta(days=365), "until": START + timedelta(days=365)}


class Ballot:
    """Votes on the decisions of a store, at a time of its own."""

    def __init__(self, store: Store) -> None:
        """Bind the action to ``store``."""
        self.store = store
        self.now = NOW
        self.refuses = ""
        """Why no vote is taken; "" while they are."""
        actions = feedback_actions(store, Redactor(key=_KEY), clock=lambda: self.now)
        self._feedback = actions["feedback"]

    def take(self, document: Mapping[str, object]) -> Mapping[str, object]:
        """Do the action, as `serve` does it."""
        if self.refuses:
            raise StoreUnavailableError(self.refuses)
        return self._feedback(document)

    def send(self, tenant: str = "default", **document: object) -> Mapping[str, object]:
        """Send a document as it is."""
        return self.take({"tenant": tenant, **document})

    def vote(self, number: int, reviewer: str, value: str, **more: str) -> Mapping[str, object]:
        """Vote on a decision by its number, a minute after the vote before."""
        self.now += timedelta(minutes=1)
        return self.send(decision_id=decision_id(number), reviewer=reviewer, value=value, **more)

    def live(self, number: int) -> dict[str, str]:
        """Return the live vote of each reviewer on a decision, as words."""
        words = {1: "up", -1: "down"}
        return {
            str(vote["reviewer"]): words[int(str(vote["value"]))]
            for vote in self.history(number)
            if vote["is_live"]
        }

    def history(self, number: int) -> list[dict[str, object]]:
        """Return every vote on a decision, the newest first."""
        wanted = {"decision": decision_id(number)}
        return list(self.store.reads("default").table("feedback_history", wanted).records())

    def read(self, name: str, **more: object) -> list[dict[str, object]]:
        """Return the answer of a read about all time."""
        return list(self.store.reads("default").table(name, {**ever(), **more}).records())


def turns(count: int, *, in_each: int = 1, cohort: str = "") -> list[SpanRow]:
    """Return ``count`` answers, ``in_each`` of them in each conversation."""
    more = {semconv.COHORT: cohort} if cohort else {}
    return [
        model_turn(
            number=n + 1,
            text=f"answer {n + 1}",
            conversation=f"c-{n // in_each}",
            seconds=n,
            more=more,
        )
        for n in range(count)
    ]
