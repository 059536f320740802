"""Outcomes on the pages of one decision and one conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.outcomes import Found, decided, found, happened
from support.pages import links, markup, open_page, told

if TYPE_CHECKING:
    from trainingloop.store import Store


def _replied(store: Store) -> None:
    """A decision that the customer answered, and that nobody escalated so far."""
    decided(store, [1])
    escalation = Found(number=1, rule="escalation_triggered", direction="bad", state="pending")
    silence = Found(number=1, rule="no_further_inbound", state="yes", ending="timed_out")
    found(store, [Found(number=1, state="yes", event="e-1"), escalation, silence])
    happened(store, "inbound", event="e-1", text="thank you")


def test_a_decision_says_what_happened_next(store: Store) -> None:
    """State, sentences, and the way to the message."""
    _replied(store)

    page = open_page("decision", range="all", id=f"{1:016x}")

    assert "The customer wrote 60 seconds after this answer" in told(page)
    assert "pending until 2026-11-02 12:00 UTC" in told(page)
    assert (
        f"In the conversation?tenant=default&range=all&thread=c-1&decision={1:016x}&event=e-1"
        in links(page)
    )


def test_a_decision_without_outcomes_says_so(store: Store) -> None:
    """Not knowing looks like not knowing."""
    decided(store, [1])

    page = open_page("decision", range="all", id=f"{1:016x}")

    assert "Nothing has been worked out for this decision yet" in told(page)


def test_a_conversation_shows_what_came_of_each_answer(store: Store) -> None:
    """A pill for each outcome, and how the conversation ended."""
    _replied(store)

    page = open_page("conversation", range="all", thread="c-1")

    assert "The customer replied: yes" in told(page)
    assert "It was handed to a human: pending until 2026-11-02 12:00 UTC" in told(page)
    assert "Timed out" in told(page)
    assert "scrollIntoView" not in markup(page)


def test_an_outcome_of_another_decision_is_no_pill_of_this_one(store: Store) -> None:
    """One reply speaks for the last answer before it."""
    decided(store, [1])
    found(store, [Found(number=1, state="yes", event="e-1", is_attributed=False)])

    page = open_page("conversation", range="all", thread="c-1")

    assert "The customer replied" not in told(page)


def test_a_link_to_evidence_brings_it_into_sight(store: Store) -> None:
    """Only fixed text scrolls: an id in the address is never part of the script."""
    _replied(store)

    page = open_page("conversation", range="all", thread="c-1", event="e-1", decision="</script>")

    _, script = markup(page).split("<script>")
    assert "scrollIntoView" in script
    assert "e-1" not in script
