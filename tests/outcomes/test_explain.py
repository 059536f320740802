"""Each outcome is explained in words that need no knowledge of the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from trainingloop.outcomes import UnknownDecisionError, explain
from trainingloop.outcomes.rules import BUILT_IN, Rule, Rules
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.outcomes import OutcomeExplanation
    from trainingloop.store import Store

AT = datetime(2026, 11, 20, 13, 50, tzinfo=UTC)
END = AT + timedelta(seconds=60)
NOW = datetime(2026, 12, 30, tzinfo=UTC)
HOURS = {"customer_replied": 24, "no_further_inbound": 72, "escalation_triggered": 72}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that all histories share, each in a thread of its own."""
    with open_store(f"chdb://{tmp_path_factory.mktemp('explain') / 'store'}") as opened:
        yield opened


class History:
    """One decision of a minute, ``<name>-d``, and what came of it."""

    def __init__(self, store: Store, name: str, *, kind: str = "message") -> None:
        self.store = store
        self.name = name
        self.decision = f"{name}-d"
        self.store.append(
            "decisions",
            ["tenant_id", "thread_id", "decision_id", "occurred_at", "duration_ns",
             "decision_kind", "ingested_at"],
            [["acme", name, self.decision, AT, 60_000_000_000, kind, END]],
        )  # fmt: skip

    def event(self, kind: str, after: timedelta, **says: object) -> str:
        """Add an event so long after the end of the decision; return its id."""
        event_id = f"{self.name}-{kind}"
        row = {
            "tenant_id": "acme", "thread_id": self.name, "event_id": event_id, "event_kind": kind,
            "occurred_at": END + after, "ingested_at": END + after, "source": "sdk", **says,
        }  # fmt: skip
        self.store.append("conversation_events", list(row), [list(row.values())])
        return event_id

    def outcome(self, rule: str, state: str, *events: str, **says: object) -> None:
        """Add what a sweep found."""
        row = {
            "tenant_id": "acme", "thread_id": self.name, "decision_id": self.decision,
            "decided_at": AT, "rule_id": rule, "rule_version": "1", "state": state,
            "is_attributed": 1, "event_ids": list(events), "event_at": END if events else None,
            "matures_at": END + timedelta(hours=HOURS.get(rule, 720)), "detected_at": NOW,
            "version": 1, **says,
        }  # fmt: skip
        self.store.append("decision_outcomes", list(row), [list(row.values())])

    def explained(self, now: datetime = NOW, rules: Rules = BUILT_IN) -> OutcomeExplanation:
        """The explanation of the one outcome."""
        (outcome,) = explain(self.store.reads("acme"), self.decision, now, rules).outcomes
        return outcome


def test_a_reply_is_quoted_with_its_time(store: Store) -> None:
    """Who reads it can find the very message."""
    history = History(store, "replied")
    event = history.event("inbound", timedelta(minutes=12), text="Thanks,\n is it booked?")
    history.outcome("customer_replied", "yes", event)

    assert history.explained().text == (
        "customer_replied: yes. The customer wrote 12 minutes after this answer (14:03 UTC, "
        "message “Thanks, is it booked?”). Counted for this answer because no other AI decision "
        "lies between."
    )


def test_what_is_pending_says_until_when(store: Store) -> None:
    """And how long the rule waits."""
    history = History(store, "pending")
    history.outcome("no_further_inbound", "pending")

    assert history.explained(now=END).text == (
        "no_further_inbound: pending until 23 Nov 13:51 UTC. Nothing came from the customer yet; "
        "the rule waits 72 hours."
    )


def test_no_reply_says_how_long_was_waited(store: Store) -> None:
    """A no is no more than that."""
    history = History(store, "unanswered", kind="tool_call")
    history.outcome("customer_replied", "no")

    assert history.explained().text == (
        "customer_replied: no. Nothing came from the customer in the 24 hours after this tool call "
        "(until 21 Nov 13:51 UTC). Counted for this tool call, the last of its turn."
    )


def test_a_yes_before_the_window_has_passed_is_in_no_rate_yet(store: Store) -> None:
    """Or early replies would flatter young versions."""
    history = History(store, "early")
    event = history.event("inbound", timedelta(seconds=40))
    history.outcome("customer_replied", "yes", event)

    assert history.explained(now=END + timedelta(hours=1)).sentences == (
        "The customer wrote 40 seconds after this answer (13:51 UTC).",
        "Counted for this answer because no other AI decision lies between.",
        "Rates include it from 21 Nov 13:51 UTC on, when the window has passed.",
    )


def test_what_is_counted_for_a_later_decision_names_it(store: Store) -> None:
    """One event speaks for one decision."""
    history = History(store, "handed")
    event = history.event("escalation", timedelta(hours=2), target="tier 2", reason="angry")
    history.outcome("escalation_triggered", "yes", event, is_attributed=0)
    later = AT + timedelta(hours=1)
    history.outcome("escalation_triggered", "yes", event, decision_id="later", decided_at=later)

    outcome = history.explained()

    assert outcome.text == (
        "escalation_triggered: yes, but counted for another decision. It was handed to a human "
        "2 hours after this answer (15:51 UTC, to “tier 2”, reason “angry”). Counted for a later "
        "decision (later), which was the last before the hand-over."
    )
    assert outcome.counted_for == "later"


def test_what_is_counted_here_names_no_other(store: Store) -> None:
    """Later turns are counted for themselves."""
    history = History(store, "first-turn")
    history.outcome("customer_replied", "no")
    history.outcome("customer_replied", "no", decision_id="second-turn", decided_at=NOW)

    assert history.explained().counted_for == ""


def test_a_decision_within_a_turn_is_not_counted(store: Store) -> None:
    """Silence speaks for the last one only."""
    history = History(store, "within")
    history.outcome("customer_replied", "no", is_attributed=0)
    history.outcome("customer_replied", "no", decision_id="next", decided_at=END)

    assert history.explained().sentences[-1] == (
        "Not counted for this answer: a later decision (next) was the last of its turn."
    )


def test_a_playbook_decision_is_not_counted(store: Store) -> None:
    """It chooses; the answer acts."""
    history = History(store, "playbook", kind="playbook")
    event = history.event("inbound", timedelta(days=1, hours=1))
    history.outcome("no_further_inbound", "no", event, is_attributed=0)

    assert history.explained().sentences == (
        "The customer wrote 25 hours after this decision (21 Nov 14:51 UTC).",
        "Rates do not count it here: the answer that follows a playbook's choice is counted.",
    )


@pytest.mark.parametrize(
    ("ending", "kind", "sentence"),
    [
        ("unknown", "", ("The conversation then went silent: nobody said how it ended, so this is "
         "no proof of success.")),
        ("resolved_by_assistant", "close", ("The conversation was then closed as resolved "
         "(14:51 UTC, reason “because”), and no human took part.")),
        ("resolved_by_human", "escalation", ("A human took over before it ended (14:51 UTC, reason "
         "“because”), so the assistant did not resolve it alone.")),
        ("timed_out", "close", ("The conversation was then closed because nobody wrote any more "
         "(14:51 UTC, reason “because”), so this is no proof of success.")),
        ("customer_left", "close", ("The customer then left the conversation (14:51 UTC, reason "
         "“because”), so this is no proof of success.")),
    ],
)  # fmt: skip
def test_the_end_of_a_conversation_is_told(
    store: Store, ending: str, kind: str, sentence: str
) -> None:
    """Silence is not success."""
    history = History(store, ending)
    if kind:
        history.event(kind, timedelta(hours=1), reason="because")
    history.outcome("no_further_inbound", "yes", ending=ending)

    assert history.explained().sentences == (
        (
            "Nothing came from the customer in the 72 hours after this answer (until 23 Nov 13:51 "
            "UTC)."
        ),
        sentence,
        "Counted for this answer, the last of its turn.",
    )


def test_a_late_report_is_said_to_be_late(store: Store) -> None:
    """It counts for when it happened, not for when it came in."""
    history = History(store, "late")
    event = history.event(
        "inbound", timedelta(hours=1), ingested_at=END + timedelta(days=3, hours=1)
    )
    history.outcome("customer_replied", "yes", event)

    assert history.explained().sentences[1] == (
        "It was reported 72 hours later, but it happened inside the window, so it counts."
    )


def test_an_import_is_not_late(store: Store) -> None:
    """Its events come in as late as its decisions."""
    history = History(store, "imported")
    store.append(
        "decisions",
        ["tenant_id", "thread_id", "decision_id", "occurred_at", "duration_ns", "decision_kind",
         "ingested_at", "version"],
        [["acme", "imported", history.decision, AT, 60_000_000_000, "message", NOW, 1]],
    )  # fmt: skip
    event = history.event("inbound", timedelta(hours=1), ingested_at=NOW, source="import")
    history.outcome("customer_replied", "yes", event)

    assert len(history.explained().sentences) == 2


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("inbound", "the next model call contained a newer customer message"),
        ("escalation", "the assistant called a tool that hands over (transfer_to_human)"),
    ],
)
def test_what_nobody_reported_says_how_it_was_seen(store: Store, kind: str, how: str) -> None:
    """An agent that reports nothing has outcomes all the same."""
    history = History(store, f"derived-{kind}")
    reason = "called transfer_to_human" if kind == "escalation" else ""
    event = history.event(
        kind, timedelta(minutes=3), source="derived", reason=reason, decision_id="later"
    )
    history.outcome("customer_replied", "yes", event)

    assert history.explained().sentences[1:] == (
        f"Nobody reported it: it was seen because {how}.",
        "Counted for this answer because no other AI decision lies between.",
    )


def test_a_reported_outcome_says_what_was_reported(store: Store) -> None:
    """For the decision it names."""
    history = History(store, "paid")
    event = history.event(
        "outcome", timedelta(days=9), outcome="order_paid", value="no", decision_id="paid-d"
    )
    history.outcome("order_paid", "no", event)

    assert history.explained().text == (
        "order_paid: no. order_paid was reported as “no” 9 days after this answer (29 Nov 13:51 "
        "UTC). Counted for this answer because the report names it."
    )


def test_a_rule_of_a_file_goes_by_its_title(store: Store) -> None:
    """Its expression is for who wrote it."""
    own = Rule(
        id="refund",
        title="Asked for a refund",
        window=timedelta(days=30),
        when="event.kind = 'inbound' AND event.text ILIKE '%refund%'",
    )
    rules = Rules(rules=(own,))
    found, missed = History(store, "refund"), History(store, "no-refund")
    found.outcome("refund", "yes", found.event("inbound", timedelta(minutes=5), text="refund!"))
    missed.outcome("refund", "no")

    assert found.explained(rules=rules).sentences[0] == (
        "The customer wrote 5 minutes after this answer (13:56 UTC, message “refund!”), which fits "
        "the rule “Asked for a refund”."
    )
    assert missed.explained(rules=rules).sentences[0] == (
        "Nothing came that fits the rule “Asked for a refund” in the 30 days after this answer "
        "(until 20 Dec 13:51 UTC)."
    )


def test_an_event_in_the_last_moment_of_a_decision(store: Store) -> None:
    """Clocks differ by a second: no negative time is told."""
    history = History(store, "overlap")
    event = history.event("inbound", timedelta(milliseconds=-300))
    history.outcome("customer_replied", "yes", event)

    assert history.explained().sentences[0] == (
        "The customer wrote at the moment this answer ended (13:50 UTC)."
    )


def test_outcomes_come_in_the_order_of_the_rules(store: Store) -> None:
    """Those built in first, then what was reported."""
    history = History(store, "several")
    for rule in ("order_paid", "escalation_triggered", "customer_replied", "no_further_inbound"):
        history.outcome(rule, "pending")

    explanation = explain(store.reads("acme"), history.decision, END)

    assert [outcome.rule_id for outcome in explanation.outcomes] == [
        "customer_replied", "no_further_inbound", "escalation_triggered", "order_paid",
    ]  # fmt: skip


def test_a_decision_no_sweep_has_seen_says_so(store: Store) -> None:
    """Nothing known is not a no."""
    history = History(store, "unseen")

    explanation = explain(store.reads("acme"), history.decision, NOW)

    assert (explanation.outcomes, explanation.text) == ((), explanation.note)
    assert explanation.note.startswith("Nothing has been worked out for this decision yet")


def test_a_decision_of_another_tenant_is_unknown(store: Store) -> None:
    """Its outcomes are nobody else's business."""
    history = History(store, "foreign")
    history.outcome("customer_replied", "no")

    with pytest.raises(UnknownDecisionError, match="foreign-d"):
        explain(store.reads("other"), history.decision, NOW)
