"""Preferences between two answers: what is taken, what is refused, what counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from trainingloop.collector.errors import BadRequestError, NotFoundError
from trainingloop.processor import Redactor
from trainingloop.replay.preferences import Choice, preference_actions, preferences_of
from trainingloop.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trainingloop.collector.actions import Action

_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_COLUMNS = ("tenant_id", "run_id", "arm", "decision_id", "step", "thread_id", "decided_at", "state")
_VOTE: Mapping[str, object] = {
    "tenant": "acme",
    "run_id": "r1",
    "decision_id": "d1",
    "choice": "replayed",
    "reviewer": "ada",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A run of one tenant: one pair that was answered, one decision that failed."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('preferences') / 'store'}") as store:
        rows = [
            ("acme", "r1", "candidate", "d1", 0, "c1", _NOW, "ok"),
            ("acme", "r1", "candidate", "d2", 0, "c1", _NOW, "timeout"),
        ]
        store.append("replay_results", _COLUMNS, rows)
        yield store


@pytest.fixture
def take(store: Store) -> Action:
    """The action, at a fixed time."""
    return preference_actions(store, Redactor(), clock=lambda: _NOW)["replay/preferences"]


def test_a_preference_is_read_back_as_it_was_given(store: Store, take: Action) -> None:
    """Who prefers what, and why, without personal data."""
    take({**_VOTE, "reviewer": "bea", "reason": "asks mia@example.com"})

    found = [one for one in preferences_of(store.reads("acme"), "r1") if one.judge == "bea"]

    assert [(one.choice, one.source, one.given_at) for one in found] == [
        (Choice.REPLAYED, "human", _NOW)
    ]
    assert found[0].reason.startswith("asks <EMAIL_")


def test_the_newest_preference_of_a_reviewer_counts(store: Store) -> None:
    """A reviewer may change their mind, and take it back."""
    hours = iter(range(24))
    action = preference_actions(
        store, Redactor(), clock=lambda: datetime(2026, 3, 3, next(hours), tzinfo=UTC)
    )["replay/preferences"]

    def choices() -> list[Choice]:
        found = preferences_of(store.reads("acme"), "r1")
        return [one.choice for one in found if one.judge == "cyd"]

    action({**_VOTE, "reviewer": "cyd"})
    action({**_VOTE, "reviewer": "cyd", "choice": "tie"})
    after_changing = choices()
    action({**_VOTE, "reviewer": "cyd", "choice": "retract"})

    assert after_changing == [Choice.TIE]
    assert choices() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"choice": "better"}, id="choice"),
        pytest.param({"choice": None}, id="no choice"),
        pytest.param({"reviewer": " "}, id="nobody"),
        pytest.param({"step": -1}, id="step"),
        pytest.param({"step": True}, id="step that is none"),
        pytest.param({"reason": 3}, id="reason"),
        pytest.param({"cost_usd": float("nan")}, id="cost"),
        pytest.param({"source": "oracle"}, id="source"),
        pytest.param({"tenant": "No Tenant!"}, id="tenant"),
        pytest.param({"preferences": []}, id="empty list"),
        pytest.param({"preferences": ["yes"]}, id="list of something else"),
    ],
)
def test_what_is_no_preference_is_refused(take: Action, change: Mapping[str, object]) -> None:
    """Nothing is stored, and the error says what is allowed."""
    with pytest.raises(BadRequestError, match="must be"):
        take({**_VOTE, **change})


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"decision_id": "d2"}, id="no model answered"),
        pytest.param({"decision_id": "d9"}, id="not in the run"),
        pytest.param({"run_id": "r9"}, id="no such run"),
        pytest.param({"tenant": "zeta"}, id="another tenant"),
        pytest.param({"step": 3}, id="no such step"),
    ],
)
def test_a_pair_that_is_not_there_is_refused(
    store: Store, take: Action, change: Mapping[str, object]
) -> None:
    """All of a document, or nothing of it, is stored."""
    before = len(preferences_of(store.reads("acme"), "r1"))

    with pytest.raises(NotFoundError):
        take(
            {
                "tenant": change.get("tenant", "acme"),
                "run_id": change.get("run_id", "r1"),
                "preferences": [{**_VOTE, "reviewer": "dan"}, {**_VOTE, **change}],
            }
        )

    assert len(preferences_of(store.reads("acme"), "r1")) == before
