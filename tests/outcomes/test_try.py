"""Trying rules says what working them out would write, and writes nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import pytest

from support.histories import Decision, Event, at, put
from trainingloop.collector.errors import BadRequestError
from trainingloop.outcomes import outcome_actions, sweep
from trainingloop.outcomes.rules import BUILT_IN, read_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.store import Store

RULES = """
version: 1
rules:
  customer_replied: {windows: {chat: 3h}}
  said_refund: {window: 2d, unit: conversation, when: "event.reason ILIKE '%refund%'"}
  soon_after_tool:
    window: 1d
    when: decision.kind = 'tool_call' AND event.kind = 'inbound' AND event.seconds_after < 3600
  never: {window: 1h, when: "false", absence: true}
"""


@pytest.fixture(scope="module")
def history(store: Store) -> Store:
    """Six conversations of one tenant, and one of another, seen 60 hours after the start."""
    rows: list[Decision | Event] = []
    for number in range(6):
        rows += _conversation(f"t-{number}", number * 5.0, reply_after=0.5 + number)
    rows.append(Decision(id="other", at=at(0), tenant="untried"))
    put(store, rows)
    return store


def _conversation(thread: str, start: float, *, reply_after: float) -> list[Decision | Event]:
    """A tool call, an answer by mail, a reply, an answer and a hand-over; times are hours."""
    return [
        Decision(id=f"{thread}-a", at=at(start), kind="tool_call", thread=thread),
        Decision(id=f"{thread}-b", at=at(start + 0.01), channel="mail", thread=thread),
        Event(id=f"{thread}-e", kind="inbound", at=at(start + reply_after), thread=thread),
        Decision(id=f"{thread}-c", at=at(start + 8), thread=thread),
        Event(
            id=f"{thread}-x", kind="escalation", at=at(start + 9), reason="Refund", thread=thread
        ),
    ]


def written(store: Store) -> dict[str, Counter[str]]:
    """How many outcomes are stored, by rule and state."""
    table = store.execute(
        "SELECT rule_id, state, count() FROM decision_outcomes WHERE tenant_id = 'acme' "
        "GROUP BY rule_id, state",
        {},
    )
    found: dict[str, Counter[str]] = {}
    for rule, state, number in table.rows:
        found.setdefault(str(rule), Counter())[str(state)] = cast("int", number)
    return found


def tried(store: Store, document: Mapping[str, object]) -> list[dict[str, object]]:
    """What the action answers."""
    actions = outcome_actions(store, BUILT_IN, clock=lambda: at(60))
    answer = actions["outcomes/try"]({"tenant": "acme", "rules": RULES, **document})
    return cast("list[dict[str, object]]", answer["rules"])


def test_it_says_what_a_run_writes(history: Store) -> None:
    """Of every rule of the file, those built in among them."""
    rows = tried(history, {})
    before = written(history)
    sweep(history, read_rules(RULES), at(60), tenant="acme")
    after = written(history)

    states = ("yes", "no", "pending")
    assert before == {}
    assert {row["rule_id"]: [row[state] for state in states] for row in rows} == {
        rule: [counts[state] for state in states] for rule, counts in after.items()
    }
    assert {row["rule_id"]: row["yes"] for row in rows} == {
        "customer_replied": 9,
        "no_further_inbound": 0,
        "escalation_triggered": 18,
        "said_refund": 18,
        "soon_after_tool": 1,
        "never": 18,
    }


def test_what_is_counted_is_known_for_sure(history: Store) -> None:
    """Conversations, where the rule counts those, and one only: of five the window is open."""
    rows = {row["rule_id"]: row for row in tried(history, {})}

    assert (rows["said_refund"]["counted"], rows["said_refund"]["counted_yes"]) == (1, 1)


def test_it_can_begin_at_a_time(history: Store) -> None:
    """Decisions before it are left out."""
    rows = tried(history, {"since": at(25).isoformat()})

    states = ("yes", "no", "pending")
    decisions = {sum(cast("int", row[state]) for state in states) for row in rows}
    assert decisions == {4}


def test_no_rules_find_nothing(history: Store) -> None:
    """All of them can be off."""
    off = ", ".join(f"{rule.id}: off" for rule in BUILT_IN.rules)

    assert tried(history, {"rules": f"version: 1\nrules: {{{off}}}"}) == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"rules": 5}, "'rules' must be a text in YAML"),
        ({"rules": "#" * 300_000}, "at most 262,144 characters"),
        ({"rules": "version: 2"}, "the rules:1: version: 2 is given"),
        ({"rules": "version: 1\nrules: {a: {window: 1h, when: (SELECT 1)}}"}, "at character 2"),
        ({"since": "soon"}, "'since' is 'soon'"),
        ({"tenant": ""}, "'tenant' must be"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, document: Mapping[str, object], message: str
) -> None:
    """With what is allowed."""
    with pytest.raises(BadRequestError, match=message.replace("'", ".")):
        tried(store, document)
