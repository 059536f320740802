"""Questions with the answer that is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.reviewed import SYSTEM, decided, exported, outcome, vote
from trainingloop.exports import ExportForm

if TYPE_CHECKING:
    from trainingloop.store import Store

EVAL = ExportForm.EVAL


def test_a_liked_answer_is_expected(store: Store) -> None:
    """The whole line."""
    store.insert_spans([decided(1, params={"temperature": 0.2})])
    vote(store, 1, reason="helpful")
    outcome(store, 1, "order_paid")
    outcome(store, 1, "customer_replied", "pending")

    (line,) = exported(store, EVAL).lines

    assert len(line["provenance"].pop("trace_id")) == 32
    assert line == {
        "id": "0000000000000001",
        "input": {
            "messages": [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": "Question 1?"},
            ],
            "tools": [],
            "params": {"temperature": 0.2},
        },
        "expected": {"role": "assistant", "content": "Until six."},
        "outcomes": {"customer_replied": "pending", "order_paid": "yes"},
        "feedback": {"up": 1, "down": 0, "reasons": ["helpful"]},
        "versions": {"model": "demo-large", "cohort": "booking_v3.2"},
        "provenance": {
            "tenant": "default",
            "decision_id": "0000000000000001",
            "conversation": "c-1",
            "occurred_at": "2026-11-01T12:00:01+00:00",
            "redaction": {"version": "2", "status": "ok", "count": 1, "checked_with": "2"},
        },
    }


def test_a_correction_is_expected_before_what_was_liked(store: Store) -> None:
    """Somebody knew better; where nobody judged, or reviewers differ, nothing is expected."""
    store.insert_spans([decided(number) for number in (1, 2, 3, 4)])
    vote(store, 1, 1, correction="Until seven.")
    vote(store, 2, -1)
    vote(store, 3, 1)
    vote(store, 3, -1, reviewer="r-2")

    lines = exported(store, EVAL).lines

    assert [line["expected"] for line in lines] == [
        {"role": "assistant", "content": "Until seven."},
        None,
        None,
        None,
    ]


def test_an_outcome_of_another_tenant_is_not_shown(store: Store) -> None:
    """Decisions of two tenants may have the same id."""
    store.insert_spans([decided(1), decided(1, tenant="acme")])
    outcome(store, 1, "order_paid", tenant="acme")
    vote(store, 1, 1, tenant="acme")

    (line,) = exported(store, EVAL).lines

    assert (line["outcomes"], line["feedback"]["up"]) == ({}, 0)
